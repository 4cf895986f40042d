import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { OPTIONS } from '../scripts/catalogue/catalogue';
import { declarationOfOption } from '../scripts/catalogue/declarations';
import * as library from '../src';
import { makeStack, validProps } from './helpers';
import { resolveSettings } from '../src/settings';

/** The names that a `@default` may use. */
const SCOPE: Record<string, unknown> = {
  ...library, Duration, RemovalPolicy, RetentionDays: logs.RetentionDays, PriceClass: cloudfront.PriceClass, CpuArchitecture: ecs.CpuArchitecture,
};

/** The value of a `@default` that is a literal: a number, a text, true, false, or a member or a call of a name in scope. */
function literal(byDefault: string): { readonly value: unknown } | undefined {
  if (/^(?:true|false|-?[\d.]+)$/.test(byDefault)) {
    return { value: JSON.parse(byDefault) };
  }
  const [, text] = /^'([^']*)'$/.exec(byDefault) ?? [];
  const [, name, member, argument] = /^(\w+)\.(\w+)(?:\((\d*)\))?$/.exec(byDefault) ?? [];
  if (text !== undefined || name === undefined) {
    return text === undefined ? undefined : { value: text };
  }
  const found = (SCOPE[name] as Record<string, unknown>)[member];
  return { value: argument === undefined ? found : (found as (amount?: number) => unknown).call(SCOPE[name], argument === '' ? undefined : Number(argument)) };
}

const settings = (groups: object) => resolveSettings(makeStack(), { ...validProps(makeStack()), ...groups }) as unknown as Record<string, unknown>;
const all = settings({ waf: {}, monitoring: {}, scaling: {}, database: { backupPlan: {} } });

/** Where the settings have an option under another path. */
const ELSEWHERE: Record<string, string> = {
  'namePrefix': 'names.prefix',
  'api.subdomain': 'hosts.api',
};

const at = (path: string) => path.split('.').reduce<unknown>((each, name) => (each as Record<string, unknown> | undefined)?.[name], all);

/** Without units of time, which differ in their form only. */
const plain = (value: unknown) => value instanceof Duration ? value.toSeconds() : value;

/** The settings have what the choice is bound to. */
const BOUND = ['network.egress'];

const literals = OPTIONS.filter(([option]) => !BOUND.includes(option)).flatMap(([option]) => {
  const found = literal(declarationOfOption(option).byDefault ?? '');
  return found ? [[option, found.value] as const] : [];
});

describe('the default in the docstring is the one in the settings:', () => {
  test.each(literals)('%s', (option, value) => {
    expect(plain(at(ELSEWHERE[option] ?? option.replace(/^scaling/, 'api.scaling')))).toEqual(plain(value));
  });

  test('most options have a literal', () => {
    expect(literals.length).toBeGreaterThan(30);
  });
});
