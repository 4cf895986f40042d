import type * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import { Annotations, Aspects, Duration, Stack } from 'aws-cdk-lib/core';
import { Construct, type IDependable } from 'constructs';
import type { EdgeSettings } from './edge-settings';
import type { LoadBalancer } from './load-balancer';
import { ORIGIN_HEADER, type OriginSecret } from './origin-secret';
import { acknowledge } from '../private/acknowledge';
import type { PhysicalNames } from '../private/names';
import type { IOkyService } from '../service/service-options';

/** The files of the CMS that are the same for everyone. */
const CMS_ASSETS = ['/stylesheets/*', '/scripts/*', '/assets/*'];

/**
 * What CloudFront keeps for 10 seconds by default, with no exception for where nothing else is cached, and by the path alone: a
 * name that was free a moment ago would still be free, and what the API doesn't have the CMS wouldn't have.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/custom-error-pages-expiration.html
 */
const KEPT_ERRORS = [400, 403, 404, 405, 414, 500, 501, 502, 503, 504];

export interface DistributionProps {
  readonly names: PhysicalNames;
  readonly settings: EdgeSettings;
  readonly hosts: string[];
  readonly certificate: acm.ICertificate;
  readonly webAclArn?: string;
  readonly loadBalancer: LoadBalancer;
  /** Whether CloudFront reaches the load balancer inside the VPC. */
  readonly isVpcOrigin: boolean;
  /** What attaches the internet gateway to the VPC; undefined where that was done elsewhere. */
  readonly gatewayAttachment?: IDependable;
  readonly services: IOkyService[];
  readonly originSecret?: OriginSecret;
  readonly description: string;
}

/** The one way in: CloudFront for both hosts, with the load balancer behind it; nothing is cached but, if wanted, files of the CMS. */
export class Distribution extends Construct {
  public readonly distribution: cloudfront.Distribution;
  /** The load balancer as an origin, with the secret header. */
  public readonly origin: cloudfront.IOrigin;

  constructor(scope: Construct, id: string, props: DistributionProps) {
    super(scope, id);
    const loadBalancer = origin(props);
    this.origin = loadBalancer;
    const assets = props.settings.cacheCmsAssets ? this.assetsBehavior(loadBalancer, props.names) : undefined;
    this.distribution = new cloudfront.Distribution(this, 'Resource', {
      comment: props.description,
      domainNames: props.hosts,
      certificate: props.certificate,
      minimumProtocolVersion: cloudfront.SecurityPolicyProtocol.TLS_V1_2_2025,
      httpVersion: cloudfront.HttpVersion.HTTP2_AND_3,
      priceClass: props.settings.priceClass,
      geoRestriction: props.settings.geoRestriction,
      webAclId: props.webAclArn,
      defaultBehavior: {
        origin: loadBalancer,
        viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        allowedMethods: cloudfront.AllowedMethods.ALLOW_ALL,
        cachePolicy: cloudfront.CachePolicy.CACHING_DISABLED,
        // With the viewer's Host header the load balancer tells the services apart, and its certificate fits.
        originRequestPolicy: cloudfront.OriginRequestPolicy.ALL_VIEWER,
        // Strict-Transport-Security for a year, and the like, where the image says nothing itself; free, and not of the account's quota.
        responseHeadersPolicy: cloudfront.ResponseHeadersPolicy.SECURITY_HEADERS,
      },
      // No pages of its own, and no error outlives its request.
      errorResponses: KEPT_ERRORS.map(httpStatus => ({ httpStatus, ttl: Duration.seconds(0) })),
      additionalBehaviors: assets && Object.fromEntries(CMS_ASSETS.map(path => [path, assets])),
    });
    const vpcOrigin = this.node.findAll().find(child => child instanceof cloudfront.CfnVpcOrigin);
    if (vpcOrigin) {
      // While a distribution uses it, it can't be changed, not even in its tags: https://github.com/aws/aws-cdk/issues/34629
      vpcOrigin.addPropertyDeletionOverride('Tags');
      // Not before everything has its tags.
      Aspects.of(vpcOrigin).add({ visit: () => this.warnOfStackTags() });
      // CloudFront makes none in a VPC that no internet gateway is attached to. An existing VPC must have one already.
      // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html
      vpcOrigin.node.addDependency(...props.gatewayAttachment ? [props.gatewayAttachment] : []);
      // It takes a quarter of an hour to make, in which the tasks are to stay with the load balancer that is in use.
      props.services.forEach(({ service }) => service.node.addDependency(vpcOrigin));
    }
    // Both versions of the header are accepted before the newer one is sent.
    this.distribution.node.defaultChild!.node.addDependency(props.loadBalancer.listener);
    acknowledge(this.distribution, {
      ...(!props.settings.geoRestriction && { 'AwsSolutions-CFR1': 'users travel and flee, and are not to be shut out for it; edge.geoRestriction is there for who must' }),
      ...(!props.webAclArn && { 'AwsSolutions-CFR2': 'the web ACL is a choice with a price, by waf; requests are limited to two hosts and one origin without it' }),
      'AwsSolutions-CFR3': 'the load balancer logs every request that reaches it; CloudFront\'s own log, by edge.accessLogs, is a delivery in us-east-1, which the rule does not see',
    });
  }

  /** CloudFormation puts the tags of a stack on all that is in it. */
  private warnOfStackTags(): void {
    const tags = Object.keys(Stack.of(this).tags.tagValues());
    if (tags.length > 0) {
      Annotations.of(this).addWarningV2('cdk-oky-backend:stackTags', `the stack has tags (${tags.join(', ')}), and network.originAccess is VPC_ORIGIN: CloudFront `
        + 'refuses to change the tags of a VPC origin in use, so a deployment with other tags rolls back; leave them as they are, or take them off the stack, '
        + "with Tags.of(app).add(key, value, { excludeResourceTypes: ['aws:cdk:stack'] })");
    }
  }

  /** A path is on both hosts, so the host is part of the key, and sent on; nothing else of the request but its query string is. */
  private assetsBehavior(loadBalancer: cloudfront.IOrigin, names: PhysicalNames): cloudfront.BehaviorOptions {
    return {
      origin: loadBalancer,
      viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      allowedMethods: cloudfront.AllowedMethods.ALLOW_GET_HEAD,
      cachePolicy: new cloudfront.CachePolicy(this, 'CmsAssets', {
        cachePolicyName: names.cmsAssetsPolicy,
        comment: 'Files of the CMS, without cookies',
        headerBehavior: cloudfront.CacheHeaderBehavior.allowList('Host'),
        queryStringBehavior: cloudfront.CacheQueryStringBehavior.all(),
        cookieBehavior: cloudfront.CacheCookieBehavior.none(),
        // The CMS says `max-age=0`, which only a least time overrules; the browser asks CloudFront each time, by the file's ETag.
        minTtl: Duration.minutes(5),
        defaultTtl: Duration.minutes(5),
        maxTtl: Duration.minutes(5),
        enableAcceptEncodingBrotli: true,
        enableAcceptEncodingGzip: true,
      }),
      responseHeadersPolicy: new cloudfront.ResponseHeadersPolicy(this, 'WithoutCookies', {
        responseHeadersPolicyName: names.cmsAssetsPolicy,
        comment: 'What is kept for everyone sets no cookie',
        removeHeaders: ['Set-Cookie'],
        securityHeadersBehavior: { strictTransportSecurity: { accessControlMaxAge: Duration.days(365), override: false } },
      }),
    };
  }
}

function origin({ loadBalancer, isVpcOrigin, originSecret }: DistributionProps): cloudfront.IOrigin {
  const props = {
    // A request that finds the database asleep waits for it, half a minute at the worst.
    readTimeout: Duration.seconds(60),
    customHeaders: originSecret && { [ORIGIN_HEADER]: originSecret.current },
    protocolPolicy: cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
    originSslProtocols: [cloudfront.OriginSslPolicy.TLS_V1_2],
  };
  return isVpcOrigin
    ? origins.VpcOrigin.withApplicationLoadBalancer(loadBalancer.loadBalancer, props)
    : new origins.LoadBalancerV2Origin(loadBalancer.loadBalancer, props);
}
