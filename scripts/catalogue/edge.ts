import { Match } from 'aws-cdk-lib/assertions';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import { DefaultStackSynthesizer } from 'aws-cdk-lib/core';
import * as fc from 'fast-check';
import { distribution, type OptionCases } from './option-case';
import { garbled, outside } from './values';
import { OkyWafMode } from '../../src';
import { WEB_ACL_ARN } from '../deployments/existing';

const rule = (Name: string, properties: object) => ({ Rules: Match.arrayWith([Match.objectLike({ Name, ...properties })]) });
const rate = (Limit: number) => rule('RateLimit', { Statement: { RateBasedStatement: Match.objectLike({ Limit }) } });
const loginRate = (Limit: number) => rule('LoginRateLimit', { Statement: { RateBasedStatement: Match.objectLike({ Limit }) } });

export const EDGE_OPTIONS = {
  'waf.rateLimit': {
    nag: false,
    usEast1Stack: 'project-oky-edge',
    base: { waf: {} },
    given: { waf: { rateLimit: 500 } },
    type: 'AWS::WAFv2::WebACL',
    byDefault: rate(20_000),
    whenGiven: rate(500),
    wrong: outside(10, 2_000_000_000),
  },
  'waf.loginRateLimit': {
    nag: false,
    usEast1Stack: 'project-oky-edge',
    base: { waf: {} },
    given: { waf: { loginRateLimit: 30 } },
    type: 'AWS::WAFv2::WebACL',
    byDefault: loginRate(500),
    whenGiven: loginRate(30),
    wrong: outside(10, 2_000_000_000),
  },
  'waf.cmsAllowedCidrs': {
    nag: true,
    usEast1Stack: 'project-oky-edge',
    base: { waf: {} },
    given: { waf: { cmsAllowedCidrs: ['203.0.113.0/24'] } },
    type: 'AWS::WAFv2::IPSet',
    byDefault: undefined,
    whenGiven: { Scope: 'CLOUDFRONT', IPAddressVersion: 'IPV4', Addresses: ['203.0.113.0/24'] },
    wrong: fc.oneof(garbled.map(cidr => [cidr]), fc.constantFrom([], ['203.0.113.0'], ['0.0.0.0/0'], ['2001:db8::/129'])),
  },
  'waf.webAclArn': {
    nag: true,
    given: { waf: { webAclArn: WEB_ACL_ARN } },
    type: 'AWS::CloudFront::Distribution',
    byDefault: distribution({ WebACLId: Match.absent() }),
    whenGiven: distribution({ WebACLId: WEB_ACL_ARN }),
    wrong: garbled,
  },
  'waf.mode': {
    nag: false,
    usEast1Stack: 'project-oky-edge',
    base: { waf: {} },
    given: { waf: { mode: OkyWafMode.COUNT } },
    type: 'AWS::WAFv2::WebACL',
    byDefault: rule('CommonRuleSet', { OverrideAction: { None: {} } }),
    whenGiven: rule('CommonRuleSet', { OverrideAction: { Count: {} } }),
  },
  'edge.verifyOrigin': {
    nag: true,
    brings: [{ id: /^OkyOriginSecretVersion\d/, how: 'destroyed', why: 'a secret for CloudFront alone, which each rotation replaces' }],
    given: { edge: { verifyOrigin: false } },
    type: 'AWS::ElasticLoadBalancingV2::Listener',
    byDefault: { DefaultActions: [Match.objectLike({ Type: 'fixed-response' })] },
    whenGiven: { DefaultActions: [Match.objectLike({ Type: 'forward' })] },
  },
  'edge.originSecretVersion': {
    nag: true,
    brings: [{ id: /^OkyOriginSecretVersion\d/, how: 'destroyed', why: 'a secret for CloudFront alone, which each rotation replaces' }],
    given: { edge: { originSecretVersion: 3 } },
    type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
    byDefault: { Conditions: Match.arrayWith([Match.objectLike({ HttpHeaderConfig: Match.objectLike({ Values: [secretValue(1)] }) })]) },
    whenGiven: {
      Conditions: Match.arrayWith([
        Match.objectLike({ HttpHeaderConfig: Match.objectLike({ Values: [secretValue(3), secretValue(2)] }) }),
      ]),
    },
    wrong: outside(1, 1_000_000),
  },
  'edge.priceClass': {
    nag: false,
    given: { edge: { priceClass: cloudfront.PriceClass.PRICE_CLASS_100 } },
    type: 'AWS::CloudFront::Distribution',
    byDefault: distribution({ PriceClass: 'PriceClass_All' }),
    whenGiven: distribution({ PriceClass: 'PriceClass_100' }),
    valid: fc.constantFrom(cloudfront.PriceClass.PRICE_CLASS_100, cloudfront.PriceClass.PRICE_CLASS_200),
  },
  'edge.cacheCmsAssets': {
    nag: true,
    given: { edge: { cacheCmsAssets: true } },
    type: 'AWS::CloudFront::Distribution',
    byDefault: distribution({ CacheBehaviors: Match.absent() }),
    whenGiven: distribution({ CacheBehaviors: ['/stylesheets/*', '/scripts/*', '/assets/*'].map(PathPattern => Match.objectLike({ PathPattern })) }),
    valid: fc.boolean(),
  },
  'edge.geoRestriction': {
    nag: true,
    given: { edge: { geoRestriction: cloudfront.GeoRestriction.allowlist('KE', 'GB') } },
    type: 'AWS::CloudFront::Distribution',
    byDefault: distribution({ Restrictions: Match.absent() }),
    whenGiven: distribution({ Restrictions: { GeoRestriction: { RestrictionType: 'whitelist', Locations: ['KE', 'GB'] } } }),
    valid: fc.subarray(['KE', 'ID', 'MN'], { minLength: 1 }).map(countries => cloudfront.GeoRestriction.allowlist(...countries)),
  },
  'edge.additionalHosts': {
    nag: true,
    given: { edge: { additionalHosts: ['delete.okyapp.info'] } },
    type: 'AWS::CloudFront::Distribution',
    byDefault: distribution({ Aliases: ['api.okyapp.info', 'cms.okyapp.info'] }),
    whenGiven: distribution({ Aliases: ['api.okyapp.info', 'cms.okyapp.info', 'delete.okyapp.info'] }),
    wrong: fc.constantFrom(['Delete.okyapp.info'], ['https://okyapp.info'], ['api.okyapp.info', 'api.okyapp.info'], Array.from({ length: 9 }, (_, index) => `h${index}.okyapp.info`)),
  },
  'edge.loadBalancerLogs': {
    nag: true,
    given: { edge: { loadBalancerLogs: false } },
    type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    byDefault: { LoadBalancerAttributes: Match.arrayWith([{ Key: 'access_logs.s3.enabled', Value: 'true' }]) },
    whenGiven: { LoadBalancerAttributes: Match.not(Match.arrayWith([Match.objectLike({ Key: 'access_logs.s3.enabled' })])) },
  },
  'edge.accessLogs': {
    nag: true,
    brings: [{ id: /AccessLogsBucket/, how: 'left behind', why: 'the bucket keeps the logs for their retention' }],
    linted: true,
    usEast1Stack: 'project-oky-edge-watch',
    given: { edge: { accessLogs: true } },
    type: 'AWS::Logs::DeliverySource',
    byDefault: undefined,
    whenGiven: { LogType: 'ACCESS_LOGS' },
  },
  'edge.synthesizer': {
    nag: false,
    base: { waf: {} },
    given: { waf: {}, edge: { synthesizer: new DefaultStackSynthesizer({ qualifier: 'oky1' }) } },
    shownBy: 'test/edge/us-east-1-stack.test.ts',
  },
} satisfies OptionCases;

function secretValue(version: number) {
  return { 'Fn::Join': ['', Match.arrayWith([{ Ref: Match.stringLikeRegexp(`^OkyOriginSecretVersion${version}`) }])] };
}
