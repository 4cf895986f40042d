import { CfnParameter, Fn } from 'aws-cdk-lib/core';
import { resolveHosts } from '../../src/private/domains';
import { deploy, makeStack, messageOf, templateOf } from '../helpers';

/** A domain of so many characters. */
function domainOf(length: number): string {
  const labels = 'a'.repeat(length - 4).replace(/(.{60})./g, '$1.').replace(/\.$/, 'a');
  return `${labels}.org`;
}

describe('domainName', () => {
  test.each([
    'okyapp.info', 'a.io', 'oky.health.go.ke', 'xn--oky-hoa.org', 'oky.xn--p1ai', '1.2.example', '9o9.9k9.y9x9', `${'a'.repeat(63)}.org`,
    `oky.${'a'.repeat(63)}`, domainOf(124),
  ])('may be %j', domainName => {
    expect(resolveHosts({ domainName })).toEqual({ api: `api.${domainName}`, cms: `cms.${domainName}` });
  });

  test.each([
    '', 'https://okyapp.info', 'okyapp.info/', 'okyapp.info/path', 'okyapp.info:443', 'OkyApp.info', 'okyapp', '.okyapp.info', 'okyapp.info.', 'oky..info',
    '-oky.info', 'oky-.info', 'oky_app.info', 'oky app.info', '*.okyapp.info', 'öky.info', '10.0.0.1', `${'a'.repeat(64)}.org`, `oky.${'a'.repeat(64)}`, 'okyapp.info\n',
  ])('may not be %j', domainName => {
    expect(messageOf(() => deploy({ domainName })))
      .toBe(`domainName must be a domain in lower case, without scheme, port or path, got: '${domainName}'; use one such as 'okyapp.info'`);
  });

  test('may not be what a missing variable of the environment gives', () => {
    const domainName = process.env.NOT_SET_ANYWHERE as string;
    expect(messageOf(() => deploy({ domainName })))
      .toBe("domainName must be a domain in lower case, without scheme, port or path, got: undefined; use one such as 'okyapp.info'");
  });

  test('leaves hosts that a load balancer takes', () => {
    expect(messageOf(() => deploy({ domainName: domainOf(125) }))).toBe('domainName must leave hosts of 128 characters at most, which is what a load balancer '
      + `takes, got: 'api.${domainOf(125)}'; shorten it, or api.subdomain`);
    expect(messageOf(() => deploy({ domainName: domainOf(124), cms: { subdomain: 'cmss' } }))).toBe('domainName must leave hosts of 128 characters at most, '
      + `which is what a load balancer takes, got: 'cmss.${domainOf(124)}'; shorten it, or cms.subdomain`);
  });

  test('may be a token', () => {
    const template = templateOf(stack => ({ domainName: new CfnParameter(stack, 'Domain').valueAsString }));
    template.hasOutput('OkyApiHost', { Value: { 'Fn::Join': ['', ['api.', { Ref: 'Domain' }]] } });
  });
});

describe.each(['api', 'cms'] as const)('%s.subdomain', service => {
  test.each(['a', '1', 'oky-api', 'oky.kenya', '9', '9a9', '9a9.9b9.9', 'x'.repeat(63), `a.${'x'.repeat(63)}`])('may be %j', subdomain => {
    expect(resolveHosts({ domainName: 'okyapp.info', [service]: { subdomain } })[service]).toBe(`${subdomain}.okyapp.info`);
  });

  test.each(['', 'Api', 'api.', '.api', 'a..b', '-api', 'api-', 'a_b', '*', 'api okyapp', 'x'.repeat(64), `a.${'x'.repeat(64)}`])('may not be %j', subdomain => {
    expect(messageOf(() => deploy({ [service]: { subdomain } })))
      .toBe(`${service}.subdomain must be lower-case letters, digits and hyphens, got: '${subdomain}'; use one such as '${service}'`);
  });

  test('may be a token', () => {
    const hosts = resolveHosts({ domainName: 'okyapp.info', [service]: { subdomain: Fn.ref('Label') } });
    expect(makeStack().resolve(hosts[service])).toEqual({ 'Fn::Join': ['', [{ Ref: 'Label' }, '.okyapp.info']] });
  });
});

describe('the two subdomains', () => {
  test.each([
    ['the same', 'oky', 'oky'],
    ['that of the API, which is the default of the CMS', 'cms', undefined],
    ['that of the CMS, which is the default of the API', undefined, 'api'],
  ])('may not be %s', (_, api, cms) => {
    expect(messageOf(() => deploy({ api: { subdomain: api }, cms: { subdomain: cms } }))).toBe(
      `cms.subdomain must differ from api.subdomain, which tells the services apart, got: '${cms ?? 'cms'}'; leave both out for 'api' and 'cms'`);
  });

  test('may be tokens, of any length', () => {
    const label = `${'a'.repeat(63)}.${'b'.repeat(63)}.${Fn.ref('Label')}`;
    expect(() => resolveHosts({ domainName: 'okyapp.info', api: { subdomain: label }, cms: { subdomain: label } })).not.toThrow();
  });

  test('may not be the same in a domain that is a token', () => {
    expect(messageOf(() => deploy({ domainName: Fn.ref('Domain'), api: { subdomain: 'cms' } }))).toContain('cms.subdomain must differ from api.subdomain');
  });

  test('may be exchanged', () => {
    expect(resolveHosts({ domainName: 'okyapp.info', api: { subdomain: 'cms' }, cms: { subdomain: 'api' } }))
      .toEqual({ api: 'cms.okyapp.info', cms: 'api.okyapp.info' });
  });
});
