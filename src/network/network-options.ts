import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { OkyEgress } from './egress';

/** In which zones the interface endpoints stand, each at about 8 USD a month for an endpoint and zone. */
export enum OkyEndpoints {
  /** In every zone: the loss of a zone takes none of the services' ways to AWS. */
  ALL_ZONES = 'ALL_ZONES',
  /** In the database's zone only. Without `highAvailability` that loses nothing, since the database is in one zone. */
  ONE_ZONE = 'ONE_ZONE',
  /** None: for an imported `vpc` that has them. */
  NONE = 'NONE',
}

/** How CloudFront reaches the load balancer. */
export enum OkyOriginAccess {
  /** The load balancer has public addresses and admits CloudFront's only, on 443. */
  PUBLIC_ALB = 'PUBLIC_ALB',
  /**
   * The load balancer is internal and CloudFront reaches it through a VPC origin: no public address at all. Its first
   * deployment can take 15 minutes longer, and it is not to be had in the zones use1-az3, usw1-az2, apne1-az3, cac1-az3.
   * A change from or to it makes another load balancer and other target groups, since the scheme of the one can't be
   * changed and the others belong to one load balancer; the services stay. Set `deletionProtection` to false and deploy
   * first, and plan for some minutes without service. The runbook `switch-origin-access` has the steps. Don't change the
   * tags of the stack while it is on: CloudFront refuses any change of a VPC origin in use.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html
   */
  VPC_ORIGIN = 'VPC_ORIGIN',
}

/** The network that everything runs in. */
export interface OkyNetworkOptions {
  /**
   * An existing VPC, looked up or imported, with subnets in two zones or more: public ones for the load balancer
   * (unless `originAccess` is `VPC_ORIGIN`), and isolated ones for the services and the database. Routed private ones take
   * the CMS where there are both, and everything, with a warning, where there are no others.
   * A change from the VPC made here to an existing one moves everything, the database too: that is another deployment, made from a snapshot.
   *
   * @default - a VPC is made
   */
  readonly vpc?: ec2.IVpc;

  /**
   * The address range of the VPC made here, from /16 to /23. Can't be changed later: that would make another VPC.
   *
   * @default '10.0.0.0/16'
   */
  readonly cidr?: string;

  /**
   * In how many zones the VPC made here has subnets: 2 or 3. From 2 to 3 no address range moves.
   *
   * @default 2
   */
  readonly maxAzs?: number;

  /**
   * Internet access, which the CMS needs for push messages and voice-over uploads (Google). A NAT serves the CMS only; with
   * `OkyEgress.publicIp()` the API has internet access too. The database never has it. In an existing VPC, only `publicIp()` can be
   * chosen: its own routes decide the rest.
   *
   * @default OkyEgress.none()
   */
  readonly egress?: OkyEgress;

  /**
   * The zones that have interface endpoints.
   *
   * @default - OkyEndpoints.ALL_ZONES; with `OkyEgress.publicIp()` no interface endpoints, as the tasks reach AWS without them
   */
  readonly endpoints?: OkyEndpoints;

  /**
   * How CloudFront reaches the load balancer.
   *
   * @default OkyOriginAccess.PUBLIC_ALB
   */
  readonly originAccess?: OkyOriginAccess;

  /**
   * The only names that can be looked up in the VPC, besides AWS's own in the region: `*.googleapis.com` is all below
   * `googleapis.com`. `[]` leaves AWS's names only; with `egress`, push messages need `*.googleapis.com` and
   * `accounts.google.com`. DNS Firewall answers NXDOMAIN for every other name. Without it, a person who gets into a task can
   * send data out in the names that the task looks up. It costs 0.60 USD for a million look-ups and some cents a month for the
   * list. Can't be combined with `vpc`, whose other users have names of their own.
   *
   * @default - every name can be looked up
   * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall.html
   * @see https://aws.amazon.com/route53/pricing/
   */
  readonly allowedDomains?: string[];

  /**
   * The id of the managed prefix list `com.amazonaws.global.cloudfront.origin-facing` in this region, `pl-…`.
   * Needed in env-agnostic stacks, where it can't be looked up. To find it:
   * `aws ec2 describe-managed-prefix-lists --filters Name=prefix-list-name,Values=com.amazonaws.global.cloudfront.origin-facing`.
   *
   * @default - looked up
   */
  readonly cloudFrontPrefixListId?: string;
}
