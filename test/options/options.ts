import * as fs from 'fs';
import * as path from 'path';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { usEast1Templates, deploy, type Overrides, templateOf } from '../helpers';

/** What is seen of an option in the template of the main stack (or of a stack in us-east-1): left out, and given. */
export interface Case {
  readonly given: Overrides;
  readonly type: string;
  readonly byDefault: object | undefined;
  readonly whenGiven: object | undefined;
  /** The name of the stack in us-east-1 in which it is seen. */
  readonly usEast1Stack?: string;
  /** What both deployments have besides. */
  readonly base?: Overrides;
}

/** An interface of the contract. */
export interface Declaration {
  /** What the names of its options begin with: `api.`. */
  readonly prefix?: string;
  /** In src. */
  readonly file: string;
  readonly name: string;
  /** Options that are tested elsewhere: groups, and those that show in another way than as a property. */
  readonly elsewhere?: string[];
}

export const container = (properties: object) => ({ Family: 'project-oky-ecs-api-task', ContainerDefinitions: [Match.objectLike(properties)] });
export const variable = (Name: string, Value: unknown) => container({ Environment: Match.arrayWith([{ Name, Value }]) });
export const service = (properties: object) => ({ ServiceName: 'project-oky-ecs-api-task-service', ...properties });
export const distribution = (properties: object) => ({ DistributionConfig: Match.objectLike(properties) });
export const OWN_KEY = 'arn:aws:kms:eu-west-2:111122223333:key/11111111-2222-3333-4444-555555555555';

function merged(base: Overrides, given: Overrides): Overrides {
  return stack => ({ ...resolve(base, stack), ...resolve(given, stack) });
  function resolve(overrides: Overrides, stack: Parameters<Extract<Overrides, (...args: never[]) => unknown>>[0]) {
    return typeof overrides === 'function' ? overrides(stack) : overrides;
  }
}

/** Of the deployment that many options are compared with. */
let plain: Template | undefined;

function seen({ usEast1Stack }: Case, overrides?: Overrides): Template | undefined {
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

function declared({ prefix = '', file, name }: Declaration): string[] {
  const source = fs.readFileSync(path.join(__dirname, '../../src', file), 'utf8');
  const body = new RegExp(`export interface ${name} {\\n(.*?)\\n}`, 's').exec(source)![1];
  return [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, option]) => prefix + option);
}

/** Each option of these interfaces has a case, or is tested elsewhere. */
export function testOptions(cases: Record<string, Case>, ...declarations: Declaration[]): void {
  describe('an option', () => {
    test.each(Object.entries(cases))('%s: by default', (_, option) => {
      expectIn(seen(option, option.base), option.type, option.byDefault, option.whenGiven);
    });

    test.each(Object.entries(cases))('%s: given', (_, option) => {
      expectIn(seen(option, merged(option.base ?? {}, option.given)), option.type, option.whenGiven, option.byDefault);
    });

    test('has a case here, every one of them', () => {
      const elsewhere = declarations.flatMap(each => each.elsewhere ?? []);
      expect([...Object.keys(cases), ...elsewhere].sort()).toEqual(declarations.flatMap(declared).sort());
    });
  });
}
