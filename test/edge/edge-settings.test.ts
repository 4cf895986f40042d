import { CfnParameter, Fn, Lazy, Stack } from 'aws-cdk-lib/core';
import { type OkyEdgeOptions, type OkyWafOptions, OkyWafMode } from '../../src';
import { type UsEast1Inputs, requireUsEast1Stack } from '../../src/edge/edge-settings';
import { certificateArn, usEast1Templates, deploy, makeStack, messageOf, type StackOptions, templateOf } from '../helpers';

const WEB_ACL = 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/own/11111111-2222-3333-4444-555555555555';

function edgeMessage(edge: OkyEdgeOptions, options?: StackOptions): string {
  return messageOf(() => deploy({ edge, network: { cloudFrontPrefixListId: 'pl-12345678' } }, options));
}

function wafMessage(waf: OkyWafOptions): string {
  return messageOf(() => deploy({ waf }));
}

describe('originSecretVersion', () => {
  test.each([1, 2, 1_000_000])('may be %d', originSecretVersion => {
    expect(() => deploy({ edge: { originSecretVersion } })).not.toThrow();
  });

  test.each([0, -1, 1.5, 1_000_001, NaN])('may not be %d', originSecretVersion => {
    expect(edgeMessage({ originSecretVersion }))
      .toBe(`edge.originSecretVersion must be a whole number from 1 to 1000000, got: ${originSecretVersion}; raise it by one to rotate`);
  });

  test('may not be a token, since each has a secret', () => {
    expect(edgeMessage({ originSecretVersion: Lazy.number({ produce: () => 2 }) }))
      .toBe('edge.originSecretVersion must be known at synthesis, as it decides which secrets are made, got: a token; give a whole number');
  });

  test('does not go together with verifyOrigin false', () => {
    expect(edgeMessage({ verifyOrigin: false, originSecretVersion: 1 }))
      .toBe("edge.originSecretVersion can't be combined with edge.verifyOrigin false; no secret header is sent then: leave one of the two out");
    expect(() => deploy({ edge: { verifyOrigin: true, originSecretVersion: 2 } })).not.toThrow();
    expect(() => deploy({ edge: { verifyOrigin: false } })).not.toThrow();
  });
});

describe('accessLogs', () => {
  test('are not to be had in an env-agnostic stack', () => {
    expect(edgeMessage({ accessLogs: true }, { envAgnostic: true })).toBe('edge.accessLogs must be false in an env-agnostic stack, whose outputs can\'t be read '
      + 'from us-east-1, got: true; give the stack an env with account and region');
    expect(() => deploy({ edge: { accessLogs: false }, network: { cloudFrontPrefixListId: 'pl-12345678' } }, { envAgnostic: true })).not.toThrow();
  });
});

describe('waf.webAclArn', () => {
  test.each([WEB_ACL, WEB_ACL.replace('arn:aws:', 'arn:aws-us-gov:')])('may be %s', webAclArn => {
    templateOf({ waf: { webAclArn } }).hasResourceProperties('AWS::CloudFront::Distribution', { DistributionConfig: { WebACLId: webAclArn } });
  });

  test.each([
    ['empty', ''],
    ['a name', 'own'],
    ['of scope REGIONAL', 'arn:aws:wafv2:us-east-1:111122223333:regional/webacl/own/11111111-2222-3333-4444-555555555555'],
    ['of another region', 'arn:aws:wafv2:eu-west-2:111122223333:regional/webacl/own/11111111-2222-3333-4444-555555555555'],
    ['CLOUDFRONT in another region', 'arn:aws:wafv2:eu-west-2:111122223333:global/webacl/own/11111111-2222-3333-4444-555555555555'],
    ['of WAF Classic', 'arn:aws:waf::111122223333:webacl/11111111-2222-3333-4444-555555555555'],
    ['of a rule group', 'arn:aws:wafv2:us-east-1:111122223333:global/rulegroup/own/11111111-2222-3333-4444-555555555555'],
  ])('may not be %s', (_, webAclArn) => {
    expect(wafMessage({ webAclArn })).toBe(`waf.webAclArn must be the ARN of a web ACL of scope CLOUDFRONT, which lives in us-east-1, got: '${webAclArn}'; `
      + 'find it with: aws wafv2 list-web-acls --scope CLOUDFRONT --region us-east-1');
  });

  test.each([
    ['rateLimit', { rateLimit: 100 }],
    ['loginRateLimit', { loginRateLimit: 100 }],
    ['cmsAllowedCidrs', { cmsAllowedCidrs: ['203.0.113.0/24'] }],
    ['mode', { mode: OkyWafMode.COUNT }],
  ])('does not go together with %s', (prop, options) => {
    expect(wafMessage({ webAclArn: WEB_ACL, ...options }))
      .toBe(`waf.${prop} can't be combined with waf.webAclArn; an existing web ACL has its own rules: leave one of the two out`);
  });

  test('may be a token', () => {
    templateOf(stack => ({ waf: { webAclArn: new CfnParameter(stack, 'WebAcl').valueAsString } }))
      .hasResourceProperties('AWS::CloudFront::Distribution', { DistributionConfig: { WebACLId: { Ref: 'WebAcl' } } });
  });
});

describe('waf.rateLimit', () => {
  test.each([10, 2_000_000_000])('may be %d', rateLimit => {
    expect(() => deploy({ waf: { rateLimit } })).not.toThrow();
  });

  test.each([0, 9, -10, 10.5, 2_000_000_001, NaN])('may not be %d', rateLimit => {
    expect(wafMessage({ rateLimit })).toBe(`waf.rateLimit must be a whole number from 10 to 2000000000, got: ${rateLimit}; `
      + 'give the requests from one address within five minutes, such as 20000');
  });

  test('may be a token', () => {
    const { stack } = deploy({ waf: { rateLimit: Lazy.number({ produce: () => 500 }) } });
    expect(JSON.stringify(usEast1Templates(stack)['project-oky-edge'])).toContain('"Limit":500');
  });
});

describe('waf.loginRateLimit', () => {
  test.each([10, 2_000_000_000])('may be %d', loginRateLimit => {
    expect(() => deploy({ waf: { loginRateLimit } })).not.toThrow();
  });

  test.each([0, 9, -10, 10.5, 2_000_000_001, NaN])('may not be %d', loginRateLimit => {
    expect(wafMessage({ loginRateLimit })).toBe(`waf.loginRateLimit must be a whole number from 10 to 2000000000, got: ${loginRateLimit}; `
      + 'give the logins from one address within five minutes, such as 500');
  });

  test('may be a token', () => {
    const { stack } = deploy({ waf: { loginRateLimit: Lazy.number({ produce: () => 50 }) } });
    expect(JSON.stringify(usEast1Templates(stack)['project-oky-edge'])).toContain('"Limit":50,');
  });
});

describe('waf.cmsAllowedCidrs', () => {
  const fix = "give ranges such as '203.0.113.0/24', a single address with /32 or /128, or leave it out";

  test.each(['203.0.113.0/24', '203.0.113.7/32', '128.0.0.0/1', '2001:db8::/32', '2001:DB8::1/128', '::ffff:203.0.113.0/120', '8000::/1'])('may be %s', cidr => {
    expect(() => deploy({ waf: { cmsAllowedCidrs: [cidr] } })).not.toThrow();
  });

  test.each([
    '', '203.0.113.7', '203.0.113.0/33', '0.0.0.0/0', '203.0.113.0/024', '203.0.113/24', '203.0.113.256/32', '2001:db8::/129', '::/0', '2001:db8:::/32', 'office', ' 203.0.113.0/24',
    '203.0.113.0/24\n', '10.0.0.0/8,203.0.113.0/24',
  ])('may not be %j', cidr => {
    expect(wafMessage({ cmsAllowedCidrs: ['203.0.113.0/24', cidr] }))
      .toBe(`waf.cmsAllowedCidrs must be CIDR ranges, from /1 to /32 for IPv4 and to /128 for IPv6, got: '${cidr}'; ${fix}`);
  });

  test('may not be empty', () => {
    expect(wafMessage({ cmsAllowedCidrs: [] })).toBe(`waf.cmsAllowedCidrs must not be empty, which would leave nobody in, got: []; ${fix}`);
  });

  test('may not be a token as a whole, as what makes its sets', () => {
    expect(wafMessage({ cmsAllowedCidrs: Lazy.list({ produce: () => ['203.0.113.0/24'] }) }))
      .toBe(`waf.cmsAllowedCidrs must be known at synthesis, as addresses of version 4 and 6 go to sets of their own, got: a token; ${fix}`);
  });

  test('may hold a token, which is taken for IPv4', () => {
    const { stack } = deploy({ waf: { cmsAllowedCidrs: [Fn.importValue('Office'), '2001:db8::/32'] } });
    const edge = usEast1Templates(stack)['project-oky-edge'];
    edge.hasResourceProperties('AWS::WAFv2::IPSet', { IPAddressVersion: 'IPV4', Addresses: [{ 'Fn::ImportValue': 'Office' }] });
    edge.hasResourceProperties('AWS::WAFv2::IPSet', { IPAddressVersion: 'IPV6', Addresses: ['2001:db8::/32'] });
  });
});

describe('a stack of its own in us-east-1', () => {
  type Given = Partial<UsEast1Inputs>;
  const check = (given: (stack: Stack) => Given, region?: string) => {
    const stack = makeStack({ region });
    requireUsEast1Stack(stack, { domainName: 'okyapp.info', edgeCertificate: certificateArn('us-east-1'), ...given(stack) });
  };
  const text = (stack: Stack) => new CfnParameter(stack, 'Parameter').valueAsString;
  const number = (stack: Stack) => new CfnParameter(stack, 'Parameter', { type: 'Number' }).valueAsNumber;

  test.each<[string, (stack: Stack) => Given]>([
    ['a certificate', () => ({ edgeCertificate: undefined })],
    ['a web ACL', () => ({ waf: {} })],
    ['access logs', () => ({ edge: { accessLogs: true } })],
  ])('with %s has a name that is known', (_, given) => {
    expect(messageOf(() => check(stack => ({ namePrefix: Fn.ref('Prefix'), ...given(stack) }))))
      .toBe("namePrefix must be known at synthesis, as the stack in us-east-1 is named after it, got: a token; use one such as 'oky-kenya'");
    expect(() => check(stack => ({ namePrefix: 'oky', ...given(stack) }))).not.toThrow();
  });

  test.each<[string, (stack: Stack) => Given]>([
    ['domainName', stack => ({ waf: {}, domainName: text(stack) })],
    ['domainName', stack => ({ edgeCertificate: undefined, domainName: `oky.${text(stack)}` })],
    ['cms.subdomain', stack => ({ waf: {}, cms: { subdomain: text(stack) } })],
    ['api.subdomain', stack => ({ edgeCertificate: undefined, api: { subdomain: text(stack) } })],
    ['waf.rateLimit', stack => ({ waf: { rateLimit: number(stack) } })],
    ['waf.loginRateLimit', stack => ({ waf: { loginRateLimit: number(stack) } })],
    ['waf.cmsAllowedCidrs', stack => ({ waf: { cmsAllowedCidrs: ['203.0.113.0/24', text(stack)] } })],
  ])('gets no %s from a parameter of this one', (prop, given) => {
    expect(messageOf(() => check(given)))
      .toBe(`${prop} must not come from the stack itself, as it must be known in us-east-1 before, got: 'Oky/Parameter'; give the value, or one from the app's context`);
  });

  test('is checked before anything is made', () => {
    expect(messageOf(() => deploy({ waf: {}, namePrefix: Fn.ref('Prefix') }))).toContain('namePrefix must be known at synthesis');
    expect(messageOf(() => deploy(stack => ({ waf: {}, domainName: text(stack) })))).toContain('domainName must not come from the stack itself');
  });

  test.each<[string, (stack: Stack) => Given, string | undefined]>([
    ['it is not made', stack => ({ namePrefix: Fn.ref('Prefix'), domainName: text(stack) }), undefined],
    ['the deployment is in us-east-1 itself', stack => ({ namePrefix: Fn.ref('Prefix'), waf: { rateLimit: number(stack) } }), 'us-east-1'],
    ['the web ACL is given', stack => ({ waf: { webAclArn: WEB_ACL }, domainName: text(stack) }), undefined],
    ['only the logs, which come after, are there', stack => ({ edge: { accessLogs: true }, domainName: text(stack) }), undefined],
    ['only the web ACL, which knows the CMS only, is there', stack => ({ waf: {}, api: { subdomain: text(stack) } }), undefined],
    ['the value is known elsewhere', () => ({ waf: { rateLimit: Lazy.number({ produce: () => 500 }) }, domainName: Fn.importValue('Domain') }), undefined],
  ])('does not matter where %s', (_, given, region) => {
    expect(() => check(given, region)).not.toThrow();
  });
});
