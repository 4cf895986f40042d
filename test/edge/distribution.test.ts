import { Match, Template } from 'aws-cdk-lib/assertions';
import { Tags } from 'aws-cdk-lib/core';
import { OkyOriginAccess } from '../../src';
import { deploy, templateOf } from '../helpers';

describe('cacheCmsAssets', () => {
  const template = templateOf({ edge: { cacheCmsAssets: true } });

  test('keeps by host, query string and encoding, and sends on no cookie and no token', () => {
    template.hasResourceProperties('AWS::CloudFront::CachePolicy', {
      CachePolicyConfig: {
        Name: 'project-oky-cms-assets',
        ParametersInCacheKeyAndForwardedToOrigin: {
          HeadersConfig: { HeaderBehavior: 'whitelist', Headers: ['Host'] },
          CookiesConfig: { CookieBehavior: 'none', Cookies: Match.absent() },
          QueryStringsConfig: { QueryStringBehavior: 'all' },
          EnableAcceptEncodingBrotli: true,
          EnableAcceptEncodingGzip: true,
        },
      },
    });
    const [{ Properties }] = Object.values(template.findResources('AWS::CloudFront::Distribution'));
    const behaviors = Properties.DistributionConfig.CacheBehaviors as { readonly OriginRequestPolicyId?: string }[];
    expect(behaviors.map(({ OriginRequestPolicyId }) => OriginRequestPolicyId)).toEqual([undefined, undefined, undefined]);
  });

  test('overrules the `max-age=0` of the CMS for five minutes', () => {
    template.hasResourceProperties('AWS::CloudFront::CachePolicy', { CachePolicyConfig: { MinTTL: 300, DefaultTTL: 300, MaxTTL: 300 } });
  });

  test('lets no cookie out that the CMS may set with an answer for all', () => {
    template.hasResourceProperties('AWS::CloudFront::ResponseHeadersPolicy', {
      ResponseHeadersPolicyConfig: { RemoveHeadersConfig: { Items: [{ Header: 'Set-Cookie' }] } },
    });
    template.hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: {
        CacheBehaviors: Array.from({ length: 3 }, () => Match.objectLike({
          ResponseHeadersPolicyId: { Ref: Match.stringLikeRegexp('WithoutCookies') },
          CachePolicyId: { Ref: Match.stringLikeRegexp('CmsAssets') },
          AllowedMethods: ['GET', 'HEAD'],
        })),
      },
    });
  });

  test('uses the origin that the secret header goes to', () => {
    const [{ Properties }] = Object.values(template.findResources('AWS::CloudFront::Distribution'));
    const { Origins, CacheBehaviors } = Properties.DistributionConfig as {
      Origins: { Id: string; OriginCustomHeaders: unknown[] }[];
      CacheBehaviors: { TargetOriginId: string }[];
    };
    expect(Origins).toHaveLength(1);
    expect(Origins[0].OriginCustomHeaders).toHaveLength(1);
    expect(CacheBehaviors.map(({ TargetOriginId }) => TargetOriginId)).toEqual([Origins[0].Id, Origins[0].Id, Origins[0].Id]);
  });
});

/** @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-response-headers-policies.html */
const SECURITY_HEADERS = '67f7725c-6f97-4210-82d7-5512b31e9d03';

test('every answer has Strict-Transport-Security, whatever the image', () => {
  const template = templateOf({ edge: { cacheCmsAssets: true } });
  template.hasResourceProperties('AWS::CloudFront::Distribution', {
    DistributionConfig: { DefaultCacheBehavior: Match.objectLike({ ResponseHeadersPolicyId: SECURITY_HEADERS }) },
  });
  template.hasResourceProperties('AWS::CloudFront::ResponseHeadersPolicy', {
    ResponseHeadersPolicyConfig: { SecurityHeadersConfig: { StrictTransportSecurity: { AccessControlMaxAgeSec: 31_536_000, Override: false } } },
  });
});

test('what the apps answer stands: no error page of CloudFront', () => {
  const [{ Properties }] = Object.values(templateOf().findResources('AWS::CloudFront::Distribution'));
  const errors = Properties.DistributionConfig.CustomErrorResponses as Record<string, number>[];
  // A code and how long it is kept: neither a page nor another code.
  expect(errors.map(error => Object.keys(error).sort())).toEqual(errors.map(() => ['ErrorCachingMinTTL', 'ErrorCode']));
});

test('no error is kept, as one of the API would be given to users of the CMS on the same path', () => {
  const [{ Properties }] = Object.values(templateOf({ edge: { cacheCmsAssets: true } }).findResources('AWS::CloudFront::Distribution'));
  const errors = Properties.DistributionConfig.CustomErrorResponses as { ErrorCode: number; ErrorCachingMinTTL: number }[];
  expect(errors.map(error => [error.ErrorCode, error.ErrorCachingMinTTL])).toEqual(
    [400, 403, 404, 405, 414, 500, 501, 502, 503, 504].map(code => [code, 0]));
});

test('each hop keeps an idle connection longer than the one before it, which so is the one to close it', () => {
  const template = templateOf();
  const only = (type: string) => Object.values(template.findResources(type)).map(({ Properties }) => Properties);
  const [distribution] = only('AWS::CloudFront::Distribution');
  const [loadBalancer] = only('AWS::ElasticLoadBalancingV2::LoadBalancer');
  // Five seconds, unless it is told otherwise.
  const cloudFront: number = distribution.DistributionConfig.Origins[0].CustomOriginConfig.OriginKeepaliveTimeout ?? 5;
  const attributes = loadBalancer.LoadBalancerAttributes as { Key: string; Value: string }[];
  const idle = Number(attributes.find(({ Key }) => Key === 'idle_timeout.timeout_seconds')!.Value);
  const node = only('AWS::ECS::TaskDefinition').map(({ ContainerDefinitions }) =>
    Number(/keepAliveTimeout = (\d+);/.exec((ContainerDefinitions[0].EntryPoint as string[]).join())![1]) / 1000);
  expect(cloudFront).toBeLessThan(idle);
  for (const seconds of node) {
    expect(seconds).toBeGreaterThan(idle);
  }
  expect(node).toHaveLength(2);
  // And CloudFront waits no longer for an answer than the load balancer does.
  expect(distribution.DistributionConfig.Origins[0].CustomOriginConfig.OriginReadTimeout).toBeLessThanOrEqual(idle);
});

test('the services move to the internal load balancer when the VPC origin is there', () => {
  const services = (originAccess: OkyOriginAccess) => Object.values(templateOf({ network: { originAccess } }).findResources('AWS::ECS::Service'));
  const waits = (originAccess: OkyOriginAccess) => services(originAccess).map(({ DependsOn }) =>
    (DependsOn as string[]).filter(id => id.startsWith('OkyDistributionOrigin1VpcOrigin')).length);
  expect(waits(OkyOriginAccess.VPC_ORIGIN)).toEqual([1, 1]);
  expect(waits(OkyOriginAccess.PUBLIC_ALB)).toEqual([0, 0]);
});

test('a VPC origin has no tags, which could not be changed while the distribution uses it', () => {
  const { stack } = deploy({ network: { originAccess: OkyOriginAccess.VPC_ORIGIN } });
  Tags.of(stack).add('team', 'oky');
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::CloudFront::Distribution', { Tags: [{ Key: 'team', Value: 'oky' }] });
  template.hasResourceProperties('AWS::CloudFront::VpcOrigin', { Tags: Match.absent() });
});
