import type * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import type { IStackSynthesizer } from 'aws-cdk-lib/core';

/** CloudFront, and the stacks in us-east-1 that belong to it. */
export interface OkyEdgeOptions {
  /**
   * Whether the load balancer answers only to this distribution, by a secret header, and 403 to everything else. It admits
   * CloudFront's addresses only, but these are any customer's. With false, what has neither host goes to the API.
   * A change on a live deployment refuses requests for the minutes that CloudFront takes.
   *
   * @default true
   * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/restrict-access-to-load-balancer.html
   */
  readonly verifyOrigin?: boolean;

  /**
   * Which generation of the secret header is sent. Raise it by one and deploy to rotate: the load balancer accepts the
   * former one too until the next time, so no request is refused. Raise and deploy twice to retire one that leaked. Raised
   * by more than one at a time, or lowered, it refuses requests for the minutes that CloudFront takes.
   *
   * @default 1
   */
  readonly originSecretVersion?: number;

  /**
   * From which of its locations CloudFront serves. The narrower classes leave out Africa, South America or Oceania.
   *
   * @default PriceClass.PRICE_CLASS_ALL
   */
  readonly priceClass?: cloudfront.PriceClass;

  /**
   * The countries that may or may not come in.
   *
   * @default - all may
   */
  readonly geoRestriction?: cloudfront.GeoRestriction;

  /**
   * Whether CloudFront logs requests, with IP addresses, to a bucket in us-east-1, kept for 90 days. The load balancer's
   * access logs are always on and hold the same requests, with CloudFront's addresses in the place of the users'.
   *
   * @default false
   */
  readonly accessLogs?: boolean;

  /**
   * The synthesizer of the stacks in us-east-1: give one where this stack has its own with a custom bootstrap qualifier.
   *
   * @default - the app's
   */
  readonly synthesizer?: IStackSynthesizer;
}

/** What the web application firewall does with a request that a rule matches. */
export enum OkyWafMode {
  /** It is refused. */
  BLOCK = 'BLOCK',
  /** It is let through and counted: to see for a week or two what would be refused. */
  COUNT = 'COUNT',
}

/** The web application firewall in front of CloudFront. */
export interface OkyWafOptions {
  /**
   * The most requests from one IP address within five minutes, from 10 on. A school or a mobile network can be one address.
   *
   * @default 2000
   */
  readonly rateLimit?: number;

  /**
   * An existing web ACL of scope CLOUDFRONT, instead of one made here.
   *
   * @default - a web ACL is made
   */
  readonly webAclArn?: string;

  /**
   * What happens to a request that a rule matches.
   *
   * @default OkyWafMode.BLOCK
   */
  readonly mode?: OkyWafMode;
}
