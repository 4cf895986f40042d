/** Each statement of the data-protection sheet, in the templates. */
import * as fs from 'fs';
import * as path from 'path';
import { Template } from 'aws-cdk-lib/assertions';
import { usEast1Templates, deploy } from '../helpers';

interface Resource {
  readonly Type: string;
  readonly Properties?: Record<string, unknown>;
}

const sheet = fs.readFileSync(path.join(__dirname, '../../docs/data-protection.md'), 'utf8');
const ROWS = [...sheet.matchAll(/^\| (.+?) \| `(AWS::[\w:]+)` \| `([\w.]+)` \| `(.+?)` \|$/gm)].map(([, ...cells]) => cells as [string, string, string, string]);

const { stack } = deploy({ waf: {}, edge: { accessLogs: true } });
const resources: Resource[] = [Template.fromStack(stack), ...Object.values(usEast1Templates(stack))]
  .flatMap(template => Object.values<Resource>(template.toJSON().Resources));

/** By a path such as `A.0.B`; a name may itself hold periods, as those of database parameters do. */
function valueAt(value: unknown, names: string): unknown {
  if (names === '' || typeof value !== 'object' || value === null) {
    return names === '' ? value : undefined;
  }
  const name = Object.keys(value).find(key => names === key || names.startsWith(`${key}.`));
  return name === undefined ? undefined : valueAt((value as Record<string, unknown>)[name], names.slice(name.length + 1));
}

test('the sheet has its table', () => {
  expect(ROWS.length).toBe(sheet.split('## What makes it true')[1].split('\n').filter(line => line.startsWith('| ') && !line.startsWith('| Statement')).length);
});

test.each(ROWS)('%s', (_, type, property, value) => {
  const found = resources.filter(({ Type }) => Type === type);
  expect(found).not.toHaveLength(0);
  // Policies of the resource stand beside its properties.
  const values = found.map(resource => valueAt({ ...resource, ...resource.Properties }, property));
  expect(values).toEqual(found.map(() => JSON.parse(value)));
});
