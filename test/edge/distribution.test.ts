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

test('what the apps answer stands: no error page and no header of CloudFront', () => {
  templateOf().hasResourceProperties('AWS::CloudFront::Distribution', {
    DistributionConfig: { CustomErrorResponses: Match.absent(), DefaultCacheBehavior: Match.objectLike({ ResponseHeadersPolicyId: Match.absent() }) },
  });
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
