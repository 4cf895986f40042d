/**
 * The floor: the resources of a template, as they are, through the simplest construct that there is.
 * `node raw-resources.js template.json`
 */
import * as fs from 'fs';
import { App, CfnResource, Stack } from 'aws-cdk-lib';

interface Template {
  readonly Resources: Record<string, { readonly Type: string; readonly Properties: object; readonly [key: string]: unknown }>;
}

const { Resources } = JSON.parse(fs.readFileSync(process.argv[2], 'utf8')) as Template;
const stack = new Stack(new App(), 'OkyappInfo', { env: { account: '111122223333', region: 'eu-west-2' } });
for (const [id, { Type: type, Properties: properties, ...attributes }] of Object.entries(Resources)) {
  const resource = new CfnResource(stack, id, { type, properties });
  resource.overrideLogicalId(id);
  Object.entries(attributes).forEach(([name, value]) => resource.addOverride(name, value));
}
