import * as fs from 'fs';
import * as path from 'path';
import type { Template } from 'aws-cdk-lib/assertions';
import { OPTIONS } from '../../scripts/catalogue/catalogue';
import { deploy, merged, type Overrides, templateOf, usEast1Templates } from '../helpers';

/** The deployment that most options are compared with. */
let plain: Template | undefined;

function seen(overrides: Overrides | undefined, usEast1Stack: string | undefined): Template | undefined {
  if (usEast1Stack) {
    return usEast1Templates(deploy(overrides).stack)[usEast1Stack];
  }
  return overrides ? templateOf(overrides) : plain ??= templateOf();
}

function expectIn(template: Template | undefined, type: string, properties: object | undefined, other: object | undefined): void {
  if (properties) {
    template!.hasResourceProperties(type, properties);
  } else {
    const found = template?.findResources(type, other && { Properties: other }) ?? {};
    expect(Object.keys(found)).toEqual([]);
  }
}

const shown = OPTIONS.flatMap(([option, each]) => 'type' in each ? [[option, each] as const] : []);
const shownElsewhere = OPTIONS.flatMap(([option, each]) => 'shownBy' in each ? [[option, each.shownBy] as const] : []);

describe('an option', () => {
  test.each(shown)('%s: by default', (_, { base, type, byDefault, whenGiven, usEast1Stack }) => {
    expectIn(seen(base, usEast1Stack), type, byDefault, whenGiven);
  });

  test.each(shown)('%s: given', (_, { base = {}, given, type, byDefault, whenGiven, usEast1Stack }) => {
    expectIn(seen(merged(base, given), usEast1Stack), type, whenGiven, byDefault);
  });

  test.each(shownElsewhere)('%s has a test of its name in %s', (option, file) => {
    expect(fs.readFileSync(path.join(__dirname, '..', '..', file), 'utf8')).toMatch(new RegExp(`\\('${option.replaceAll('.', '\\.')}\\b`));
  });
});
