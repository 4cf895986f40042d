import * as route53 from 'aws-cdk-lib/aws-route53';
import type { App } from 'aws-cdk-lib/core';
import { EVERY_ALARM, EVERYTHING, FURTHER, NOTHING, props, SWITCHES } from './matrix';
import { deploy, type Overrides, type StackOptions } from './sample';
import type { Template } from '../template/template';

/** A stack as it would be deployed. */
export interface SynthesisedStack {
  readonly region: string;
  readonly template: Template;
  readonly terminationProtection: boolean;
}

/** All that one deployment is made of. */
export interface Synthesis {
  /** The stack with the backend in it. */
  readonly main: Template;
  /** All stacks by their names, the companions in us-east-1 too. */
  readonly stacks: Record<string, SynthesisedStack>;
  /** What would be looked up in the account. */
  readonly lookups: { readonly provider: string; readonly props: object }[];
}

export function synthesise(overrides: Overrides = {}, options: StackOptions = {}): Synthesis {
  const { stack } = deploy(overrides, options);
  const assembly = (stack.node.root as App).synth();
  const stacks = Object.fromEntries(assembly.stacks.map(each => [each.stackName, {
    region: each.environment.region,
    template: each.template as Template,
    terminationProtection: each.terminationProtection ?? false,
  }]));
  return {
    main: stacks[stack.stackName].template,
    stacks,
    lookups: (assembly.manifest.missing ?? []).map(({ provider, props: query }) => ({ provider: String(provider), props: query })),
  };
}

/** All templates of a deployment, the one with the backend in it first. */
export function templates({ main, stacks }: Synthesis): [Template, ...Template[]] {
  return [main, ...Object.values(stacks).map(({ template }) => template).filter(template => template !== main)];
}

/** All six switches on, in a VPC of its own, so that there is more to see. */
export const ALL_ON = props({ ...EVERYTHING, importedVpc: false });

/** As `examples/new-region`: a region that opened late, its certificates made, and everything on. */
export const NEW_REGION: Overrides = stack => ({
  domainName: 'oky.example.org',
  namePrefix: 'oky-example',
  hostedZone: route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z0123456789EXAMPLE01', zoneName: 'oky.example.org' }),
  certificate: undefined,
  edgeCertificate: undefined,
  highAvailability: true,
  scaling: {},
  waf: {},
});

export interface Example {
  readonly overrides: Overrides;
  readonly options?: StackOptions;
}

/** One switch against all others. */
const one = (name: typeof SWITCHES[number], on: boolean) => ({ ...(on ? NOTHING : EVERYTHING), [name]: on });

/** The corners of the matrix, every further option, and the regions that differ. */
export const EXAMPLES: Record<string, Example> = {
  'the default': { overrides: props(NOTHING) },
  'everything on': { overrides: ALL_ON },
  'everything on in an imported VPC': { overrides: props(EVERYTHING) },
  ...Object.fromEntries(SWITCHES.map(name => [`${name} alone`, { overrides: props(one(name, true)) }])),
  ...Object.fromEntries(SWITCHES.map(name => [`all but ${name}`, { overrides: props(one(name, false)) }])),
  ...Object.fromEntries(Object.entries(FURTHER).map(([name, overrides]) => [name, { overrides }])),
  'a new region': { overrides: NEW_REGION, options: { region: 'af-south-1' } },
  'us-east-1 with everything there': { overrides: { waf: {}, edge: { accessLogs: true }, monitoring: EVERY_ALARM }, options: { region: 'us-east-1' } },
  'a region that needs ECS endpoints': { overrides: {}, options: { region: 'ap-southeast-7' } },
  'an env-agnostic stack': { overrides: { network: { cloudFrontPrefixListId: 'pl-0123abcd' } }, options: { envAgnostic: true } },
};
