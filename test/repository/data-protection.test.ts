/** The data-protection sheet: each of its statements cites a row of its table, and each row is true in the templates. */
import * as fs from 'fs';
import * as path from 'path';
import { Template } from 'aws-cdk-lib/assertions';
import { deploy, usEast1Templates } from '../helpers';

interface Resource {
  readonly Type: string;
  readonly Properties?: Record<string, unknown>;
}

interface Row {
  readonly id: string;
  readonly statement: string;
  readonly type: string;
  /** What stands in the name of the resource, where not all of the type are meant. */
  readonly named: string;
  readonly property: string;
  readonly value: string;
}

const sheet = fs.readFileSync(path.join(__dirname, '../../docs/data-protection.md'), 'utf8');
const [prose, table] = sheet.split('## What makes it true');
const ROWS = [...table.matchAll(/^\| (R\d+) \| (.+?) \| `(AWS::[\w:]+)(?: (\S+))?` \| `([\w.:]+)` \| `(.+?)` \|$/gm)]
  .map(([, id, statement, type, named = '', property, value]): Row => ({ id, statement, type, named, property, value }));
const rows = ROWS.map(row => [`${row.id}: ${row.statement}`, row] as const);

const { stack } = deploy({ waf: {}, edge: { accessLogs: true }, database: { sqlTask: true } });
const deployed = [Template.fromStack(stack), ...Object.values(usEast1Templates(stack))]
  .flatMap(template => Object.entries<Resource>(template.toJSON().Resources));

/** The resources that a row is about. */
function resourcesOf({ type, named }: Row, resources = deployed): Resource[] {
  const isNamed = (id: string, { Properties }: Resource) => `${id} ${JSON.stringify(Properties?.LogGroupName)}`.includes(named);
  return resources.filter(([id, resource]) => resource.Type === type && isNamed(id, resource)).map(([, resource]) => resource);
}

/** By a path such as `A.0.B`; a name may itself hold periods, as those of database parameters do. */
function valueAt(value: unknown, names: string): unknown {
  if (names === '' || typeof value !== 'object' || value === null) {
    return names === '' ? value : undefined;
  }
  const name = Object.keys(value).find(key => names === key || names.startsWith(`${key}.`));
  return name === undefined ? undefined : valueAt((value as Record<string, unknown>)[name], names.slice(name.length + 1));
}

function isTrue(row: Row, resources = deployed): boolean {
  // Policies of a resource stand beside its properties.
  const values = resourcesOf(row, resources).map(resource => valueAt({ ...resource, ...resource.Properties }, row.property));
  const [, without] = /^without (.+)$/.exec(row.value) ?? [];
  if (row.value === 'absent') {
    return values.every(value => value === undefined);
  }
  return values.length > 0 && values.every(value => without === undefined ? equals(value, JSON.parse(row.value))
    : Array.isArray(value) && !value.includes(JSON.parse(without)));
}

function equals(one: unknown, other: unknown): boolean {
  const sorted = (value: unknown): unknown => typeof value !== 'object' || value === null || Array.isArray(value) ? value
    : Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map(([key, each]) => [key, sorted(each)]));
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

/** The deployment in which what the row says is not so any more. */
function broken({ type, property, value }: Row): [string, Resource][] {
  const [first] = property.split('.');
  if (value === 'absent') {
    return [...deployed, ['Added', { Type: type, Properties: { [first]: [{}] } }]];
  }
  return deployed.map(([id, resource]) => [id, resource.Type === type
    ? { ...resource, ...first === 'DeletionPolicy' && { [first]: undefined }, Properties: { ...resource.Properties, [first]: undefined } } : resource]);
}

test('each line of the table is a row, and they are numbered', () => {
  const lines = table.split('\n').filter(line => line.startsWith('| ') && !line.startsWith('| |'));
  expect(ROWS.map(({ id }) => id)).toEqual(lines.map((_, index) => `R${index + 1}`));
});

test.each(rows)('%s', (_, row) => {
  expect(isTrue(row)).toBe(true);
});

test.each(rows)('%s: seen if it is not so any more', (_, row) => {
  expect(isTrue(row, broken(row))).toBe(false);
});

test('a value that is there must not be one that the row excludes', () => {
  const row = ROWS.find(({ value }) => value.startsWith('without'))!;
  const withCookies = deployed.map(([id, resource]): [string, Resource] => [id, resource.Type === row.type
    ? { ...resource, Properties: { RecordFields: ['date', 'cs(Cookie)'] } } : resource]);
  expect(isTrue(row, withCookies)).toBe(false);
});

describe('the statements', () => {
  /** What the templates can't show, by how it begins, and where it comes from. */
  const EXCUSED: Record<string, string> = {
    'Outside of that region are:': 'the list follows',
    'with `waf` or `edge.accessLogs`: logs of requests, in us-east-1': 'test/edge/ has the region of these stacks',
    'what the CMS sends to Google': 'test/proofs/egress.ts walks every path out of the network',
    'rows of the database': 'Oky and persons delete them',
    'snapshots of AWS Backup': 'not by default; test/database/backup.test.ts',
    '**Names and ids in requests.**': 'a heading',
    'The app asks': 'the app of Oky',
    'The log of the load balancer': 'test/edge/access-logs.test.ts',
    'a user |': 'the login of Oky',
    'staff with an account of the CMS': 'the roles of Oky',
  };
  const SECTIONS = ['Where it is', 'How long it is kept', 'Who can reach it'];
  const statements = SECTIONS.flatMap(section => prose.split(`## ${section}\n`)[1].split('\n## ')[0])
    .flatMap(text => [
      ...text.split('\n').filter(line => /^\| (?!(?:What|Who) \|)/.test(line)).map(line => line.slice(2)),
      ...text.split('\n').filter(line => !line.startsWith('|')).join('\n').split(/\n\n|\n- /)
        .flatMap(each => each.replace(/\s+/g, ' ').split(/(?<=[.:]\**(?: \(R[\dR, ]+\))?) (?=[A-Z*])/)),
    ])
    .map(each => each.trim().replace(/^- /, '')).filter(each => each !== '');

  test.each(statements)('%s', statement => {
    const excuse = Object.keys(EXCUSED).find(beginning => statement.startsWith(beginning));
    expect(/\bR\d/.test(statement) || excuse !== undefined).toBe(true);
  });

  test('have an excuse only where they stand, and cite every row', () => {
    expect(Object.keys(EXCUSED).filter(beginning => !statements.some(statement => statement.startsWith(beginning)))).toEqual([]);
    const cited = [...prose.matchAll(/\bR\d+\b/g)].map(([id]) => id);
    expect(ROWS.map(({ id }) => id).filter(id => !cited.includes(id))).toEqual([]);
    expect(cited.filter(id => !ROWS.some(row => row.id === id))).toEqual([]);
  });
});
