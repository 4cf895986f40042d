import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { App, CfnParameter, Fn, Stack } from 'aws-cdk-lib/core';
import { OkyBackend, type OkyBackendProps } from '../../src';
import { ACCOUNT, certificateArn, deploy, makeStack, messageOf, REGION, type StackOptions, templateOf } from '../helpers';

const NONE = { certificate: undefined, edgeCertificate: undefined };
const AGNOSTIC = { network: { cloudFrontPrefixListId: 'pl-12345678' } };
const IMPORT = 'import it with acm.Certificate.fromCertificateArn, or give hostedZone, in which it is made and validated';

type Given = (stack: Stack) => Partial<OkyBackendProps>;

function messageFor(given: Given, options?: StackOptions): string {
  return messageOf(() => deploy(given, options));
}

function importCertificate(stack: Stack, arn: string): acm.ICertificate {
  return acm.Certificate.fromCertificateArn(stack, 'Imported', arn);
}

function importZone(stack: Stack, zoneName: string, hostedZoneId = 'Z0123456789'): route53.IHostedZone {
  return route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId, zoneName });
}

describe('without a hosted zone', () => {
  test.each<[string, Given, StackOptions | undefined]>([
    ['nothing', () => NONE, undefined],
    ['CloudFront\'s certificate alone', () => ({ certificate: undefined }), undefined],
    ['CloudFront\'s certificate alone, in us-east-1', () => ({ certificate: undefined }), { region: 'us-east-1' }],
    ['nothing, in an env-agnostic stack', () => ({ ...NONE, ...AGNOSTIC }), { envAgnostic: true }],
  ])('%s is not enough for the load balancer', (_, given, options) => {
    expect(messageFor(given, options)).toBe('certificate must be given for the load balancer, in the region of the stack, '
      + `for api.okyapp.info and cms.okyapp.info, got: undefined; ${IMPORT}`);
  });

  test.each<[string, Given, StackOptions | undefined]>([
    ['in another region', () => ({ edgeCertificate: undefined }), undefined],
    ['in an env-agnostic stack', () => ({ edgeCertificate: undefined, ...AGNOSTIC }), { envAgnostic: true }],
  ])('the load balancer\'s certificate is not enough for CloudFront %s', (_, given, options) => {
    expect(messageFor(given, options)).toBe(`edgeCertificate must be given for CloudFront, in us-east-1, for api.okyapp.info and cms.okyapp.info, got: undefined; ${IMPORT}`);
  });

  test('one certificate is enough in us-east-1', () => {
    const template = templateOf({ edgeCertificate: undefined }, { region: 'us-east-1' });
    const arn = certificateArn('us-east-1');
    template.hasResourceProperties('AWS::CloudFront::Distribution', { DistributionConfig: { ViewerCertificate: { AcmCertificateArn: arn } } });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Certificates: [{ CertificateArn: arn }] });
  });
});

describe.each([['certificate', REGION], ['edgeCertificate', 'us-east-1']] as const)('%s', (prop, region) => {
  test.each([
    ['in another region', certificateArn('ap-southeast-1')],
    ['of IAM', `arn:aws:iam::${ACCOUNT}:server-certificate/oky`],
    ['of another service', `arn:aws:acm-pca:${region}:${ACCOUNT}:certificate-authority/11111111-2222-3333-4444-555555555555`],
    ['without an account', `arn:aws:acm:${region}::certificate/11111111-2222-3333-4444-555555555555`],
    ['without an id', `arn:aws:acm:${region}:${ACCOUNT}:certificate/`],
  ])('%s is refused', (_, arn) => {
    expect(messageFor(stack => ({ [prop]: importCertificate(stack, arn) })))
      .toBe(`${prop} must be the ARN of an ACM certificate in ${region}, got: '${arn}'; request it there: aws acm request-certificate --region ${region}`);
  });

  test('in another partition is accepted', () => {
    const arn = certificateArn(region).replace('arn:aws:', 'arn:aws-iso:');
    expect(() => deploy(stack => ({ [prop]: importCertificate(stack, arn) }))).not.toThrow();
  });

  test.each<[string, (stack: Stack) => string]>([
    ['parameter', stack => new CfnParameter(stack, 'Arn').valueAsString],
    ['reference', () => Fn.ref('Certificate')],
    ['import', () => Fn.importValue('CertificateArn')],
  ])('may come from a %s', (_, arn) => {
    expect(() => deploy(stack => ({ [prop]: importCertificate(stack, arn(stack)) }))).not.toThrow();
  });
});

test('an imported certificate of any region is accepted in an env-agnostic stack', () => {
  expect(() => deploy(stack => ({ certificate: importCertificate(stack, certificateArn('sa-east-1')), ...AGNOSTIC }), { envAgnostic: true })).not.toThrow();
});

describe('a certificate made in the app', () => {
  const make = (stack: Stack) => new acm.Certificate(stack, 'Made', { domainName: 'okyapp.info' });

  test('in the region of the stack is not CloudFront\'s', () => {
    expect(messageFor(stack => ({ edgeCertificate: make(stack) })))
      .toBe("edgeCertificate must be a certificate in us-east-1, got: 'Oky/Made/Resource in eu-west-2'; leave it out and give hostedZone, in which it is made and validated");
  });

  test('in us-east-1 is not the load balancer\'s', () => {
    const app = new App();
    const other = new Stack(app, 'Other', { env: { account: ACCOUNT, region: 'us-east-1' } });
    const stack = new Stack(app, 'Oky', { env: { account: ACCOUNT, region: REGION } });
    const edgeCertificate = importCertificate(stack, certificateArn('us-east-1'));
    expect(messageOf(() => new OkyBackend(stack, 'Oky', { domainName: 'okyapp.info', certificate: make(other), edgeCertificate })))
      .toBe("certificate must be a certificate in eu-west-2, got: 'Other/Made/Resource in us-east-1'; leave it out and give hostedZone, in which it is made and validated");
  });

  test('in the region that it is for is accepted', () => {
    expect(() => deploy(stack => ({ certificate: make(stack) }))).not.toThrow();
    expect(() => deploy(stack => ({ edgeCertificate: make(stack) }), { region: 'us-east-1' })).not.toThrow();
  });

  test('in a region that is not known yet is accepted', () => {
    expect(() => deploy(stack => ({ certificate: make(stack), ...AGNOSTIC }), { envAgnostic: true })).not.toThrow();
    expect(() => deploy(stack => ({ edgeCertificate: make(stack), ...AGNOSTIC }), { envAgnostic: true })).not.toThrow();
  });
});

describe('hostedZone', () => {
  test.each(['okyapp.info', 'okyapp.info.', 'info'])('may be %s', zoneName => {
    expect(() => deploy(stack => ({ ...NONE, hostedZone: importZone(stack, zoneName) }))).not.toThrow();
  });

  test('may be that of one host, if the other is in it too', () => {
    expect(() => deploy(stack => ({ ...NONE, hostedZone: importZone(stack, 'cms.okyapp.info'), api: { subdomain: 'api.cms' } }))).not.toThrow();
  });

  test.each([
    ['another', 'example.org', 'api.okyapp.info'],
    ['one that only ends alike', 'app.info', 'api.okyapp.info'],
    ['one below', 'sub.okyapp.info', 'api.okyapp.info'],
    ['one for the API alone', 'api.okyapp.info', 'cms.okyapp.info'],
  ])('may not be %s', (_, zoneName, host) => {
    expect(messageFor(stack => ({ hostedZone: importZone(stack, zoneName) })))
      .toBe(`hostedZone must be the zone of ${host}, got: '${zoneName}'; give the public hosted zone of domainName, or of a domain above it`);
  });

  test('knows its name', () => {
    const message = "hostedZone must know its name, got: 'HostedZone.fromHostedZoneId'; use route53.HostedZone.fromHostedZoneAttributes with hostedZoneId and zoneName";
    expect(messageFor(stack => ({ hostedZone: route53.HostedZone.fromHostedZoneId(stack, 'Zone', 'Z0123456789') }))).toBe(message);
  });

  const made = (path: string) => `hostedZone must not be made in the app that uses it, as its id must be known in us-east-1 before, got: '${path}'; create the zone `
    + "once, beforehand, and give route53.HostedZone.fromHostedZoneAttributes(this, 'Zone', { hostedZoneId, zoneName })";

  test.each<[string, Partial<OkyBackendProps>, StackOptions]>([
    ['without certificates', NONE, {}],
    ['with certificates', {}, {}],
    ['in an env-agnostic stack', { ...NONE, ...AGNOSTIC }, { envAgnostic: true }],
  ])('made in the same stack is refused %s', (_, props, options) => {
    expect(messageFor(stack => ({ ...props, hostedZone: new route53.PublicHostedZone(stack, 'Zone', { zoneName: 'okyapp.info' }) }), options))
      .toBe(made('Oky/Zone/Resource'));
  });

  test('made in another stack of the app is refused', () => {
    expect(messageFor(stack => {
      const other = new Stack(stack.node.root as App, 'Dns', { env: { account: ACCOUNT, region: REGION } });
      return { ...NONE, hostedZone: new route53.PublicHostedZone(other, 'Zone', { zoneName: 'okyapp.info' }) };
    })).toBe(made('Dns/Zone/Resource'));
  });

  test('made in the app is accepted in us-east-1, where nothing comes before', () => {
    expect(() => deploy(stack => ({
      ...NONE, hostedZone: new route53.PublicHostedZone(stack, 'Zone', { zoneName: 'okyapp.info' }),
    }), { region: 'us-east-1' })).not.toThrow();
  });

  test('with an id from a parameter is refused only where us-east-1 needs it', () => {
    const given: Given = stack => ({ hostedZone: importZone(stack, 'okyapp.info', new CfnParameter(stack, 'ZoneId').valueAsString) });
    expect(messageFor(stack => ({ ...NONE, ...given(stack) }))).toBe(made('Oky/ZoneId'));
    templateOf(given).hasResourceProperties('AWS::Route53::RecordSet', { HostedZoneId: { Ref: 'ZoneId' }, Name: 'api.okyapp.info.' });
  });

  test.each<[string, Given]>([
    ['a name', stack => ({ hostedZone: importZone(stack, Fn.ref('ZoneName')) })],
    ['an id', stack => ({ ...NONE, hostedZone: importZone(stack, 'okyapp.info', Fn.importValue('ZoneId')) })],
  ])('may have %s that is a token', (_, given) => {
    expect(() => deploy(given)).not.toThrow();
  });

  test('may be that of a domain that is a token', () => {
    expect(() => deploy(stack => ({ domainName: Fn.importValue('Domain'), hostedZone: importZone(stack, 'okyapp.info') }))).not.toThrow();
  });
});

describe('a certificate made here', () => {
  const domainOf = (length: number) => `${'a'.repeat(30)}.${'b'.repeat(length - 36)}.info`;
  const zoned = (stack: Stack, length: number) => ({ domainName: domainOf(length), hostedZone: importZone(stack, domainOf(length)) });

  test('is for both hosts', () => {
    templateOf(stack => ({ ...NONE, hostedZone: importZone(stack, 'okyapp.info') })).hasResourceProperties('AWS::CertificateManager::Certificate', {
      DomainName: 'api.okyapp.info', SubjectAlternativeNames: ['cms.okyapp.info'], ValidationMethod: 'DNS',
    });
  });

  test('has a first name that ACM takes', () => {
    expect(() => deploy(stack => ({ ...NONE, ...zoned(stack, 60), cms: { subdomain: 'content' } }))).not.toThrow();
    const message = `domainName must leave the first name of a certificate 64 characters at most, got: 'api.${domainOf(61)}'; `
      + 'shorten it, or api.subdomain, or give certificate and edgeCertificate';
    expect(messageFor(stack => ({ ...NONE, ...zoned(stack, 61) }))).toBe(message);
    expect(messageFor(stack => ({ edgeCertificate: undefined, ...zoned(stack, 61) }))).toBe(message);
    expect(messageFor(stack => ({ certificate: undefined, ...zoned(stack, 61) }))).toBe(message);
  });

  test('may have one that is a token', () => {
    expect(() => deploy(stack => ({ ...NONE, ...zoned(stack, 61), domainName: `${domainOf(61)}.${Fn.importValue('Domain')}` }))).not.toThrow();
  });

  test('is not there where both are given, or one in us-east-1', () => {
    expect(() => deploy(stack => zoned(stack, 99))).not.toThrow();
    expect(() => deploy(stack => ({ edgeCertificate: undefined, ...zoned(stack, 99) }), { region: 'us-east-1' })).not.toThrow();
  });
});

test('nothing is made where something is wrong', () => {
  const stack = makeStack();
  expect(messageOf(() => new OkyBackend(stack, 'Oky', { domainName: 'okyapp.info' }))).toContain('certificate must be given');
  expect(stack.node.findChild('Oky').node.children).toEqual([]);
});
