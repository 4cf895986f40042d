import { existsSync, readFileSync } from 'fs';
import * as path from 'path';
import { at, listAt, type Template } from './template';

/** The call can't be answered as it is: what is wrong with it, and the fix. */
export class UnusableCall extends Error {}

/** A stack of the cloud assembly. */
export interface Stack {
  readonly name: string;
  /** Its place among the app's constructs, as CDK's commands show and take it. */
  readonly path: string;
  /** Undefined in an env-agnostic app. */
  readonly account?: string;
  readonly region?: string;
  /** What the CDK needs in the account; undefined for synthesizers that need nothing there. */
  readonly bootstrap?: { readonly parameter: string; readonly version: number };
  /** The folder that its files are in. */
  readonly folder: string;
  readonly template: Template;
}

/** A deployment of Oky: the stack with the backend, and those it made in us-east-1. */
export interface Assembled {
  readonly main: Stack;
  readonly companions: readonly Stack[];
  /** What the names of its outputs begin with: the id of the construct. */
  readonly outputPrefix: string;
}

/** Reads what `cdk synth` wrote, and finds the deployment in it. */
export function readAssembly(folder: string, wanted?: string): Assembled {
  if (!existsSync(path.join(folder, 'manifest.json'))) {
    throw new UnusableCall(`there is no cloud assembly in ${folder}: run npx cdk synth --quiet first, or name its folder with --app`);
  }
  const stacks = stacksIn(folder);
  const found = stacks.filter(stack => prefixesOf(stack).length > 0);
  const names = found.map(({ path: place }) => place).sort().join(', ');
  if (found.length === 0) {
    throw new UnusableCall(`no stack in ${folder} has an OkyBackend in it: it has ${stacks.map(({ path: place }) => place).join(', ') || 'none'}`);
  }
  const chosen = wanted === undefined ? found : found.filter(stack => [stack.path, stack.name].includes(wanted));
  if (chosen.length !== 1) {
    throw new UnusableCall(wanted === undefined ? `name one of the deployments in ${folder} with --stack: ${names}`
      : `--stack must be one of the deployments in ${folder}, ${names}, got: ${wanted}`);
  }
  const [main] = chosen;
  const [outputPrefix, ...others] = prefixesOf(main);
  if (others.length > 0) {
    throw new UnusableCall(`${main.path} has more than one OkyBackend in it (${[outputPrefix, ...others].join(', ')}): give each a stack of its own`);
  }
  return { main, companions: stacks.filter(stack => stack.path.startsWith(`${main.path}/`)), outputPrefix };
}

/** Stages are assemblies inside. */
function stacksIn(folder: string): Stack[] {
  const read = (file: string): unknown => JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
  const manifest = read('manifest.json');
  const missing = listAt(manifest, 'missing').map(each => String(at(each, 'key')));
  if (missing.length > 0) {
    throw new UnusableCall(`the cloud assembly in ${folder} was made without what it looks up in the account (${missing.join(', ')}): run npx cdk synth --quiet with credentials`);
  }
  const artifacts = Object.entries(at(manifest, 'artifacts') ?? {});
  return artifacts.flatMap(([id, artifact]): Stack[] => {
    const property = (name: string) => at(artifact, 'properties', name);
    if (at(artifact, 'type') === 'cdk:cloud-assembly') {
      return stacksIn(path.join(folder, String(property('directoryName'))));
    }
    if (at(artifact, 'type') !== 'aws:cloudformation:stack') {
      return [];
    }
    const [, account, region] = /^aws:\/\/(.*)\/(.*)$/.exec(String(at(artifact, 'environment'))) ?? [];
    const known = (value: string) => value.startsWith('unknown-') ? undefined : value;
    const parameter = property('bootstrapStackVersionSsmParameter');
    return [{
      name: String(property('stackName') ?? id),
      path: String(at(artifact, 'displayName') ?? id),
      account: known(account),
      region: known(region),
      bootstrap: typeof parameter === 'string' ? { parameter, version: Number(property('requiresBootstrapStackVersion')) } : undefined,
      folder,
      template: read(String(property('templateFile'))) as Template,
    }];
  });
}

/** By the outputs that every backend has, beside a distribution. */
function prefixesOf({ template }: Stack): string[] {
  const outputs = Object.keys(template.Outputs ?? {});
  const prefixes = outputs.flatMap(name => /^(.*)ApiHost$/.exec(name)?.[1] ?? []);
  return prefixes.filter(prefix => ['CmsHost', 'DnsTarget', 'DistributionId', 'ClusterName'].every(name => outputs.includes(prefix + name)));
}
