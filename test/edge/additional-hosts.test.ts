import { Template } from 'aws-cdk-lib/assertions';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import type { Stack } from 'aws-cdk-lib/core';
import type { OkyBackend } from '../../src';
import { deploy, messageOf, type Overrides, usEast1Templates } from '../helpers';

const HOSTS = ['delete.okyapp.info', 'www.okyapp.info'];
const withZone = (more: object = {}): Overrides => (stack: Stack) => ({
  hostedZone: HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z0123456789EXAMPLE01', zoneName: 'okyapp.info' }),
  certificate: undefined,
  edgeCertificate: undefined,
  edge: { additionalHosts: HOSTS, ...more },
});
const groupIn = (backend: OkyBackend, id = 'Group') => new elbv2.ApplicationTargetGroup(backend.node.scope!, id, {
  vpc: backend.vpc, port: 80, protocol: elbv2.ApplicationProtocol.HTTP, targetType: elbv2.TargetType.IP,
});

/** The listener rule of a host. */
function ruleOf(template: Template, host: string) {
  const rules = Object.values(template.findResources('AWS::ElasticLoadBalancingV2::ListenerRule')).map(({ Properties }) => Properties);
  return rules.find(({ Conditions }) => JSON.stringify(Conditions).includes(host))!;
}

describe('edge.additionalHosts', () => {
  const { stack } = deploy(withZone());
  const template = Template.fromStack(stack);

  test('are aliases of the distribution', () => {
    template.hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: { Aliases: ['api.okyapp.info', 'cms.okyapp.info', ...HOSTS] },
    });
  });

  test('are on the certificates of both regions, after the names that were there before', () => {
    const certificate = { DomainName: 'api.okyapp.info', SubjectAlternativeNames: ['cms.okyapp.info', ...HOSTS] };
    template.hasResourceProperties('AWS::CertificateManager::Certificate', certificate);
    const [usEast1] = Object.values(usEast1Templates(stack));
    usEast1.hasResource('AWS::CertificateManager::Certificate', { Properties: certificate, UpdateReplacePolicy: 'Retain' });
  });

  test('have alias records in the hosted zone', () => {
    for (const host of HOSTS) {
      for (const Type of ['A', 'AAAA']) {
        template.hasResourceProperties('AWS::Route53::RecordSet', { Name: `${host}.`, Type });
      }
    }
    template.resourceCountIs('AWS::Route53::RecordSet', 8);
  });

  test('change no logical id of the deployment without them', () => {
    const ids = (overrides: Overrides) => Object.keys(Template.fromStack(deploy(overrides).stack).toJSON().Resources as object);
    const without = ids(withZone({ additionalHosts: undefined }));
    expect(ids(withZone())).toEqual(expect.arrayContaining(without));
  });

  test.each<[string[], string]>([
    [['Delete.okyapp.info'], "edge.additionalHosts must be a domain in lower case, without scheme, port or path, got: 'Delete.okyapp.info'; use one such as 'delete.okyapp.info'"],
    [['https://okyapp.info'], 'edge.additionalHosts must be a domain in lower case, without scheme, port or path'],
    [['api.okyapp.info'], "edge.additionalHosts must name each host once, and not those of the API and the CMS, got: 'api.okyapp.info'; leave it out"],
    [['a.okyapp.info', 'a.okyapp.info'], "edge.additionalHosts must name each host once, and not those of the API and the CMS, got: 'a.okyapp.info'"],
    [Array.from({ length: 9 }, (_, index) => `h${index}.okyapp.info`), 'edge.additionalHosts must have 8 names at most, as a certificate takes ten, got: 9'],
    [[`${'a'.repeat(60)}.${'b'.repeat(60)}.okyapp.info`], 'edge.additionalHosts must be 128 characters at most, which is what a load balancer takes'],
    [['www.example.org'], "edge.additionalHosts must be in the hosted zone okyapp.info, where its records are created, got: 'www.example.org'; give a name in that zone"],
  ])('%j is refused', (additionalHosts, message) => {
    expect(messageOf(() => deploy(withZone({ additionalHosts })))).toContain(message);
  });
});

describe('addHost', () => {
  const { stack, backend } = deploy({ edge: { additionalHosts: HOSTS } });
  const group = groupIn(backend);
  backend.addHost('delete.okyapp.info', group);
  const template = Template.fromStack(stack);
  const rule = ruleOf(template, 'delete.okyapp.info');

  test('sends the host to the target group, where the secret header is right', () => {
    expect(rule.Actions).toEqual([{ TargetGroupArn: stack.resolve(group.targetGroupArn), Type: 'forward' }]);
    expect(rule.Conditions).toEqual([
      { Field: 'host-header', HostHeaderConfig: { Values: ['delete.okyapp.info'] } },
      { Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'X-Origin-Verify', Values: [expect.anything()] } },
    ]);
    expect(rule.Conditions[1]).toEqual(ruleOf(template, 'api.okyapp.info').Conditions[1]);
  });

  test('gives the rule a priority after those of the API and the CMS, which depends on the host alone', () => {
    const other = deploy({ edge: { additionalHosts: [...HOSTS].reverse() } });
    HOSTS.forEach((host, index) => other.backend.addHost(host, groupIn(other.backend, `Group${index}`)));
    expect(rule.Priority).toBeGreaterThanOrEqual(1_000);
    expect(ruleOf(Template.fromStack(other.stack), 'delete.okyapp.info').Priority).toBe(rule.Priority);
  });

  test('asks for no header where the origin is not verified', () => {
    const open = deploy({ edge: { additionalHosts: HOSTS, verifyOrigin: false } });
    open.backend.addHost('www.okyapp.info', groupIn(open.backend));
    expect(ruleOf(Template.fromStack(open.stack), 'www.okyapp.info').Conditions).toHaveLength(1);
  });

  test('refuses a host that is not in edge.additionalHosts', () => {
    expect(messageOf(() => backend.addHost('shop.okyapp.info', groupIn(backend, 'Shop')))).toBe('hostName must be one of edge.additionalHosts, '
      + "got: 'shop.okyapp.info'; these are [delete.okyapp.info, www.okyapp.info]: add it there, so that it gets a certificate and an alias");
  });

  test('refuses a host twice', () => {
    expect(messageOf(() => backend.addHost('delete.okyapp.info', groupIn(backend, 'Again'))))
      .toBe("hostName must be added once, got: 'delete.okyapp.info'; remove one of the calls of addHost");
  });

  test('refuses a target group of another VPC', () => {
    const elsewhere = new elbv2.ApplicationTargetGroup(stack, 'Elsewhere', {
      vpc: new ec2.Vpc(stack, 'Other', { natGateways: 0 }), port: 80, targetType: elbv2.TargetType.IP,
    });
    expect(messageOf(() => backend.addHost('www.okyapp.info', elsewhere)))
      .toBe("targetGroup must be in the VPC of the backend, got: 'Oky/Elsewhere'; create it with vpc: backend.vpc");
  });

  test('refuses a target group of another load balancer', () => {
    const taken = groupIn(backend, 'Taken');
    new elbv2.ApplicationLoadBalancer(stack, 'OtherBalancer', { vpc: backend.vpc }).addListener('Http', { port: 80, defaultTargetGroups: [taken] });
    expect(messageOf(() => backend.addHost('www.okyapp.info', taken)))
      .toBe("targetGroup must belong to no other load balancer, got: 'Oky/Taken'; create a target group for this host");
  });

  test('takes an imported target group', () => {
    const imported = elbv2.ApplicationTargetGroup.fromTargetGroupAttributes(stack, 'Imported', {
      targetGroupArn: 'arn:aws:elasticloadbalancing:eu-west-2:111122223333:targetgroup/own/0123456789abcdef',
    });
    expect(() => backend.addHost('www.okyapp.info', imported)).not.toThrow();
  });
});

test('origin reaches the load balancer with the secret header, for further behaviors', () => {
  const { stack, backend } = deploy();
  backend.distribution.addBehavior('/static/*', backend.origin, { cachePolicy: cloudfront.CachePolicy.CACHING_OPTIMIZED });
  const [{ Properties: { DistributionConfig: config } }] = Object.values(Template.fromStack(stack).findResources('AWS::CloudFront::Distribution'));
  expect(config.Origins).toHaveLength(1);
  expect(config.CacheBehaviors).toEqual([expect.objectContaining({ PathPattern: '/static/*', TargetOriginId: config.DefaultCacheBehavior.TargetOriginId })]);
});
