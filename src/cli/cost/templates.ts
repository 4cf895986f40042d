import { readFileSync } from 'fs';
import * as path from 'path';
import type { TemplateJson } from '../../cost/estimate';
import type { Stack } from '../doctor/assembly';
import { at, type Template } from '../doctor/template';

/** The template of a stack and those of its nested stacks, which the CDK writes beside it. */
export function templatesOf({ folder, template }: Stack): TemplateJson[] {
  return withNested(folder, template).map(each => ({ ...each }));
}

function withNested(folder: string, template: Template): Template[] {
  const nested = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::CloudFormation::Stack').flatMap(resource => {
    const file = at(resource, 'Metadata', 'aws:asset:path');
    return typeof file === 'string' ? withNested(folder, JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Template) : [];
  });
  return [template, ...nested];
}
