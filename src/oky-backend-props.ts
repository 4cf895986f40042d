import type * as acm from 'aws-cdk-lib/aws-certificatemanager';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as route53 from 'aws-cdk-lib/aws-route53';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { OkyDatabaseOptions } from './database/database-options';
import type { OkyEdgeOptions, OkyWafOptions } from './edge/edge-options';
import type { OkyMonitoringOptions } from './monitoring/monitoring-options';
import type { OkyNetworkOptions } from './network/network-options';
import type { OkyOperatorsOptions } from './operators/operators-options';
import type { OkyScalingOptions, OkyServiceOptions } from './service/service-options';

/** The deployment of one Oky backend. Only the domain is required; certificates come from `hostedZone` or are given. */
export interface OkyBackendProps {
  /** The domain that the hosts `api.<domainName>` and `cms.<domainName>` belong to, such as `okyapp.info`. */
  readonly domainName: string;

  /**
   * What every physical name begins with: `<namePrefix>-ecs-cluster`, `<namePrefix>-ecs-api-task` and so on. 2 to 30
   * lower-case letters, digits and hyphens. Unique in the account, in all regions, as roles are: a second backend of the app with
   * the same one in the same account is refused, also in another stage. Can't be changed later.
   *
   * @default 'project-oky'
   */
  readonly namePrefix?: string;

  /**
   * Whether load balancer, database and the stacks in us-east-1 refuse to be deleted. Set it to false, and deploy, before
   * a deployment is taken down.
   *
   * @default true
   */
  readonly deletionProtection?: boolean;

  /**
   * Whether Container Insights measures each task. AWS bills its metrics as custom ones, about 62 of them; without it there
   * are still the free metrics of each service, which the alarms, the dashboard and the scaling use.
   *
   * @default true
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cloudwatch-metrics.html
   */
  readonly containerInsights?: boolean;

  /**
   * How long the logs of the services and the database are kept.
   *
   * @default RetentionDays.ONE_WEEK
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * The public hosted zone of the domain, made before. Certificates are made and validated in it, and the alias records.
   *
   * @default - certificates are given, and DNS is set by hand, to the values of the outputs
   */
  readonly hostedZone?: route53.IHostedZone;

  /**
   * A certificate for both hosts in the region of the stack, for the load balancer.
   *
   * @default - made in `hostedZone`
   */
  readonly certificate?: acm.ICertificate;

  /**
   * A certificate for both hosts in us-east-1, for CloudFront.
   *
   * @default - made in `hostedZone`; in us-east-1, the same as `certificate`
   */
  readonly edgeCertificate?: acm.ICertificate;

  /**
   * An existing bucket for the environment files, in the region and account of the stack. A change makes the services read their
   * files there: copy them before. Import it with its `encryptionKey` if it is under a customer-managed key.
   *
   * @default - a bucket is made
   */
  readonly configBucket?: s3.IBucket;

  /**
   * A key for logs, secrets and the config bucket, in the region of the stack; no alias. What was written under the key made here stays readable. The database
   * keeps its own (`database.encryptionKey`).
   *
   * @default - the key made here, rotated every year and retained
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Whether it survives the loss of a zone: two tasks a service at least, a second database instance in another zone that
   * takes over, and a NAT in each zone if there is one. Costs about as much again as tasks and database do.
   *
   * @default false
   */
  readonly highAvailability?: boolean;

  /**
   * Whether the number of tasks follows the load; `{}` for the defaults.
   *
   * @default - off
   */
  readonly scaling?: OkyScalingOptions;

  /**
   * The web application firewall; `{}` for AWS's managed rules and a rate limit.
   *
   * @default - off
   */
  readonly waf?: OkyWafOptions;

  /**
   * Checks of both hosts from outside, alarms and a dashboard; `{}` for all of them. Nobody is notified until you set `alarmEmail` or Slack, or
   * subscribe to the topics yourself.
   *
   * @default - off
   */
  readonly monitoring?: OkyMonitoringOptions;

  /**
   * The API of the mobile apps.
   *
   * @default - the defaults of each option
   */
  readonly api?: OkyServiceOptions;

  /**
   * The content management system.
   *
   * @default - the defaults of each option
   */
  readonly cms?: OkyServiceOptions;

  /**
   * The database.
   *
   * @default - the defaults of each option
   */
  readonly database?: OkyDatabaseOptions;

  /**
   * The network.
   *
   * @default - the defaults of each option
   */
  readonly network?: OkyNetworkOptions;

  /**
   * CloudFront.
   *
   * @default - the defaults of each option
   */
  readonly edge?: OkyEdgeOptions;

  /**
   * Who else works on the deployment.
   *
   * @default - the two policies are made, for whoever they are attached to
   */
  readonly operators?: OkyOperatorsOptions;
}
