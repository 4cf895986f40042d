import type * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import type { IStackSynthesizer } from 'aws-cdk-lib/core';

/** CloudFront, and the stacks in us-east-1 that belong to it. */
export interface OkyEdgeOptions {
  /**
   * Whether the load balancer accepts requests of this distribution only, by a secret header, and answers 403 to all others. Its
   * security group accepts CloudFront's addresses only, but all CloudFront customers share these. A request for an unknown host goes
   * to the API: with true, if it has the header.
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
   * Whether CloudFront logs requests, with IP addresses, to a bucket in us-east-1, kept for 90 days. The log has no path, no
   * query string and no referrer: Oky's app sends names and ids of users in them, which must not be kept beside an address.
   *
   * @default false
   */
  readonly accessLogs?: boolean;

  /**
   * Whether the load balancer logs requests, kept for 90 days. Load balancers log whole URLs, and can't leave out a part of
   * them. So this log has the names in `/account/info/<name>` and the ids in `?user_id=`. It has CloudFront's addresses, not
   * those of the users. False for a deployment that must keep neither.
   *
   * @default true
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
   */
  readonly loadBalancerLogs?: boolean;

  /**
   * Whether CloudFront keeps the style sheets, scripts and pictures of the CMS (`/stylesheets/*`, `/scripts/*`, `/assets/*`) for
   * five minutes, so that most requests for them don't reach the task. After a release editors see the old ones for as long.
   * Kept by host, query string and encoding; no cookie and no token is sent on for these paths, and no cookie comes back, so
   * that nothing that is for one user can be kept. The API has nothing on these paths; on both hosts they take GET and HEAD only.
   *
   * @default false
   * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Expiration.html
   */
  readonly cacheCmsAssets?: boolean;

  /**
   * Further host names that this deployment answers to, such as `['delete.okyapp.info']`; eight at most, as a certificate takes ten
   * names. They are aliases of the distribution and on the certificates that the construct creates; with `hostedZone` their DNS records
   * are created too. `backend.addHost` sends each to a target group; until then, its requests go to the API. Certificates that you
   * give must have these names. A change creates other certificates; the former one in us-east-1 is kept, since CloudFront
   * uses it until the deployment ends: delete it afterwards.
   *
   * @default - only the hosts of the API and the CMS
   * @see https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html
   */
  readonly additionalHosts?: string[];

  /**
   * The synthesizer of the stacks in us-east-1: give one where the synthesizer of this stack names a region, or can be used for one stack only.
   *
   * @default - that of this stack
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
   * The most requests from one IP address within five minutes, from 10 on. It guards against a flood. Mobile carriers put thousands
   * of users behind one IPv4 address, so it must be high: an app sends 12 requests when it starts, and two a minute. One network of
   * IPv6 gets ten times as many. A user, by the token of the app, has 100 in five minutes whatever is set here.
   *
   * @default 20000
   * @see https://blog.cloudflare.com/detecting-cgn-to-reduce-collateral-damage/
   */
  readonly rateLimit?: number;

  /**
   * The most attempts from one IP address within five minutes, from 10 on, to log in, sign up, reset a password or delete an
   * account by password at the API. The default lets a school of 500 pupils sign up at once, and takes half of the CPU of the
   * smallest task. Raise it before a campaign, lower it when accounts are attacked. One network of IPv6 gets ten times as many.
   * Editors have 100 attempts at the CMS's `/login` whatever is set here.
   *
   * @default 500
   * @see https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based.html
   */
  readonly loginRateLimit?: number;

  /**
   * The only addresses that may use the CMS, IPv4 and IPv6, such as `['203.0.113.0/24']`; a token is taken for IPv4. From
   * elsewhere its host answers 403, except under `/mobile/`, from where the apps of all users read their articles. It is no
   * rule to try out but who may come in, so it refuses in `COUNT` mode too. Up to 10,000 of each kind.
   *
   * @default - editors may be anywhere
   * @see https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-ipset-match.html
   */
  readonly cmsAllowedCidrs?: string[];

  /**
   * An existing web ACL of scope CLOUDFRONT, instead of one made here.
   *
   * @default - a web ACL is made
   */
  readonly webAclArn?: string;

  /**
   * What happens to a request that a rule matches. `cmsAllowedCidrs` refuses in both modes.
   *
   * @default OkyWafMode.BLOCK
   */
  readonly mode?: OkyWafMode;
}
