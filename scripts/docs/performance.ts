/** The tables of docs/performance.md that are no measurements. `npm run bench` writes the others. */
import * as fs from 'fs';
import * as path from 'path';
import { cells } from './marked-tables';
import { handWrittenTemplate, libraryTemplate, peersTemplate } from '../../benchmarks/reference';
import { OPTION_SETS, templatesOf } from '../deployments/option-sets';
import type { Overrides } from '../deployments/sample';
import { FIXTURES, REFERENCES } from '../fixtures';
import { CREATION, longestChain, OTHERWISE } from '../template/deployment-time';
import { isObject, list, type Template, walk } from '../template/template';

const minutes = (seconds: number) => `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;

/** All statements of all policies, of roles, buckets, keys and endpoints too. */
function statements({ Resources }: Template): number {
  return Object.values(Resources).flatMap(({ Properties = {} }) => [...walk(Properties)])
    .flatMap(value => isObject(value) ? list(value.Statement) : []).length;
}

/** What the deployment consists of, beside what others make of it. */
function template(): string {
  const templates = {
    'the library': libraryTemplate(), 'hand-written from L2 constructs': handWrittenTemplate(), 'the patterns of aws-cdk-lib': peersTemplate(),
  };
  return [
    cells('Made by', 'Resources', 'Statements of policies', 'Outputs', 'KB'),
    '|---|---:|---:|---:|---:|',
    ...Object.entries(templates).map(([name, each]) => cells(
      name, String(Object.keys(each.Resources).length), String(statements(each)), String(Object.keys(each.Outputs ?? {}).length),
      (JSON.stringify(each).length / 1000).toFixed(1),
    )),
  ].join('\n');
}

interface Compared {
  readonly name: string;
  /** Undefined where no release has kept it. */
  readonly before?: Template;
  readonly now: Template;
}

const nowOf = (overrides: Overrides) => templatesOf(overrides).Oky as Template;

let compared: Compared[] | undefined;

/** What a release made of its reference deployments, and what is made of them now; once, as it takes its time. */
function deployments(): Compared[] {
  compared ??= synthesise();
  return compared;
}

function synthesise(): Compared[] {
  const released = Object.entries(REFERENCES).map(([file, name]): Compared => ({
    name,
    before: JSON.parse(fs.readFileSync(path.join(FIXTURES, '0.1.0', `${file}.Oky.json`), 'utf8')) as Template,
    now: nowOf(OPTION_SETS[name]),
  }));
  return [...released, { name: 'no image yet', now: nowOf({ api: { imageTag: undefined }, cms: { imageTag: undefined } }) }];
}

const ENDS = { 'CloudFront answers': 'AWS::CloudFront::Distribution', 'both services are there': 'AWS::ECS::Service', 'everything is there': undefined };

function chains(): string {
  return [
    cells('Deployment', 'Until', 'Before', 'Now', 'What it ends with'),
    '|---|---|---:|---:|---|',
    ...deployments().flatMap(({ name, before, now }) => Object.entries(ENDS).map(([end, type]) => {
      const { id, ends } = longestChain(now, type).at(-1)!;
      return cells(name, end, before ? minutes(longestChain(before, type).at(-1)!.ends) : '–', minutes(ends), `\`${id}\``);
    })),
  ].join('\n');
}

/** The steps of the default deployment that decide how long it takes. */
function chain(): string {
  return [
    cells('Waits in turn for', 'Type', 'Seconds', 'There after'),
    '|---|---|---:|---:|',
    ...longestChain(deployments()[0].now).map(({ id, type, begins, ends }) => cells(`\`${id}\``, type.replace('AWS::', ''), String(ends - begins), minutes(ends))),
  ].join('\n');
}

function creation(): string {
  return [
    cells('Type', 'Seconds', 'From'),
    '|---|---:|---|',
    ...Object.entries(CREATION).map(([type, { seconds, source }]) => cells(type.replace('AWS::', ''), String(seconds), source ? `[source](${source})` : 'estimated')),
    cells('any other', String(OTHERWISE), 'estimated'),
  ].join('\n');
}

export const PERFORMANCE_TABLES = { template, chains, chain, creation };
