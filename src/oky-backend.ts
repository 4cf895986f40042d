import type * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { Database } from './database/database';
import type { IOkyDatabase } from './database/database-options';
import { Distribution } from './edge/distribution';
import { Edge } from './edge/edge';
import { OkyWafMode } from './edge/edge-options';
import { LoadBalancer } from './edge/load-balancer';
import { OriginSecret } from './edge/origin-secret';
import { lazy } from './lazy-modules';
import { Endpoints } from './network/endpoints';
import { Network } from './network/network';
import type { OkyBackendProps } from './oky-backend-props';
import { Operators } from './operators/operators';
import { addOutputs } from './outputs';
import { pinFeatureFlags } from './private/feature-flags';
import { Cluster } from './service/cluster';
import { EcrLogin } from './service/execution-role';
import { usesParameterStore } from './service/given-secrets';
import { givenRepositoryArns } from './service/image-repositories';
import { Service } from './service/service';
import type { IOkyService } from './service/service-options';
import { resolveSettings } from './settings';
import { ConfigBucket } from './storage/config-bucket';
import { EncryptionKeys } from './storage/encryption-keys';
import { LogBucket } from './storage/log-bucket';

/**
 * The whole backend of one Oky deployment: CloudFront, a load balancer behind it, the API and the CMS on ECS Fargate, an
 * Aurora database that pauses when idle, and the network they run in without a way to the internet.
 *
 * In another region than us-east-1, what CloudFront needs there goes to stacks of its own (`edgeStack`), which are
 * deployed with the stack that this construct is in: `cdk deploy MyStack 'MyStack/**'`.
 */
export class OkyBackend extends Construct {
  /** The VPC, made here or given. */
  public readonly vpc: ec2.IVpc;
  /** The load balancer, which answers to CloudFront only. */
  public readonly loadBalancer: elbv2.ApplicationLoadBalancer;
  /** The ECS cluster of both services. */
  public readonly cluster: ecs.Cluster;
  /** The API of the mobile apps. */
  public readonly api: IOkyService;
  /** The content management system. */
  public readonly cms: IOkyService;
  /** The database. */
  public readonly database: IOkyDatabase;
  /** The CloudFront distribution: the one way in. */
  public readonly distribution: cloudfront.Distribution;
  /**
   * The load balancer as an origin of the distribution, with the secret header that it asks for: for further behaviors, such as
   * `backend.distribution.addBehavior('/static/*', backend.origin, { … })`.
   */
  public readonly origin: cloudfront.IOrigin;
  /** The bucket of the environment files. */
  public readonly configBucket: s3.IBucket;
  /** To push images to the two repositories. */
  public readonly imageBuilderPolicy: iam.ManagedPolicy;
  /** To have the two services run another image. */
  public readonly serviceUpdaterPolicy: iam.ManagedPolicy;
  /** To run SQL in the database, and to try an image; undefined without `database.sqlTask`. */
  public readonly schemaUpdaterPolicy?: iam.ManagedPolicy;
  /** The stack in us-east-1 with CloudFront's certificate and web ACL; undefined where neither is made, and in us-east-1 itself. */
  public readonly edgeStack?: Stack;
  /** The ARN of the web ACL; undefined without `waf`. */
  public readonly webAclArn?: string;
  /** The dashboard; undefined without `monitoring`. */
  public readonly dashboard?: cloudwatch.Dashboard;
  /** The topic of the alarms in the region of the stack; undefined without `monitoring`. */
  public readonly alarmTopic?: sns.ITopic;

  private readonly hosts: LoadBalancer;

  /**
   * @param scope the stack, or a construct in it
   * @param id the id, which the names of the outputs begin with
   * @param props the deployment; a wrong or contradictory option is refused with an error that names it
   */
  constructor(scope: Construct, id: string, props: OkyBackendProps) {
    super(scope, id);
    pinFeatureFlags(this);
    const settings = resolveSettings(this, props);
    const { names, hosts, additionalHosts, logRetention, deletionProtection, highAvailability } = settings;

    const { monitoring } = settings;

    const encryption = new EncryptionKeys(this, 'Encryption', {
      names,
      encryptionKey: settings.encryptionKey,
    });
    const logBucket = new LogBucket(this, 'Logs', {
      whyServiceKey: 'load balancers deliver access logs only to buckets on S3\'s own key',
      takesBucketLogs: settings.configBucket === undefined || settings.database.sqlTask,
    });
    const network = new Network(this, 'Network', { settings: settings.network, highAvailability, logBucket });
    this.vpc = network.vpc;
    this.configBucket = settings.configBucket ?? new ConfigBucket(this, 'Configuration', { encryptionKey: encryption.key, logBucket }).bucket;
    const endpoints = !settings.network.hasS3Endpoint ? undefined : new Endpoints(this, 'Endpoints', {
      network,
      zones: settings.network.endpointZones,
      repositoryArns: [settings.api, settings.cms].flatMap(service => givenRepositoryArns(this, service)),
      enableExecuteCommand: settings.api.enableExecuteCommand || settings.cms.enableExecuteCommand,
      usesParameterStore: [settings.api, settings.cms].some(each => usesParameterStore(this, each)),
    });

    const database = new Database(this, 'Database', {
      names, settings: settings.database, network, highAvailability, deletionProtection, logRetention, encryption,
    });
    this.database = database;
    this.cluster = new Cluster(this, 'Cluster', {
      names, network, containerInsights: settings.containerInsights, encryptionKey: encryption.key,
    }).cluster;
    const shared = {
      names,
      cluster: this.cluster,
      ecrLogin: new EcrLogin(this, 'EcrLogin'),
      endpoints,
      assignPublicIp: network.assignPublicIp,
      database,
      databaseSettings: settings.database,
      encryption,
      configBucket: this.configBucket,
      isLoadBalancerInternal: settings.network.isVpcOrigin,
      logRetention,
    };
    const api = new Service(this, 'Api', { ...shared, settings: settings.api, subnets: network.apiSubnets, hasInternetAccess: network.hasInternetAccess.api });
    this.api = api;
    this.cms = new Service(this, 'Cms', { ...shared, settings: settings.cms, subnets: network.cmsSubnets, hasInternetAccess: network.hasInternetAccess.cms });
    const sqlTask = settings.database.sqlTask
      ? new lazy.SqlTask(this, 'SqlTask', { ...shared, logBucket, api, apiSettings: settings.api })
      : undefined;

    const edge = new Edge(this, 'Edge', { names, hosts, additionalHosts, waf: settings.waf, usEast1Stack: settings.usEast1Stack, certificates: settings });
    this.edgeStack = edge.stack;
    this.webAclArn = edge.webAclArn;
    const originSecret = settings.edge.verifyOrigin
      ? new OriginSecret(this, 'OriginSecret', { version: settings.edge.originSecretVersion, encryptionKey: encryption.key })
      : undefined;
    const loadBalancer = new LoadBalancer(this, 'LoadBalancer', {
      network,
      isInternal: settings.network.isVpcOrigin,
      cloudFrontPrefixListId: settings.network.cloudFrontPrefixListId,
      certificate: edge.certificate,
      hosts: [{ host: hosts.api, service: this.api }, { host: hosts.cms, service: this.cms }],
      additionalHosts,
      originSecret,
      logBucket,
      accessLogs: settings.edge.loadBalancerLogs,
      deletionProtection,
    });
    this.loadBalancer = loadBalancer.loadBalancer;
    this.hosts = loadBalancer;
    const { distribution, origin } = new Distribution(this, 'Distribution', {
      names,
      settings: settings.edge,
      description: `${names.prefix}: ${hosts.api}, ${hosts.cms}`,
      hosts: [hosts.api, hosts.cms, ...additionalHosts],
      certificate: edge.edgeCertificate,
      webAclArn: edge.webAclArn,
      loadBalancer,
      isVpcOrigin: settings.network.isVpcOrigin,
      gatewayAttachment: network.gatewayAttachment,
      services: [this.api, this.cms],
      originSecret,
    });
    this.distribution = distribution;
    this.origin = origin;
    if (settings.hostedZone) {
      new lazy.AliasRecords(this, 'ApiRecords', settings.hostedZone, hosts.api, this.distribution);
      new lazy.AliasRecords(this, 'CmsRecords', settings.hostedZone, hosts.cms, this.distribution);
      for (const host of additionalHosts) {
        new lazy.AliasRecords(this, `Records-${host}`, settings.hostedZone, host, this.distribution);
      }
    }
    const operators = new Operators(this, 'Operators', {
      settings: settings.operators,
      cluster: this.cluster,
      services: [this.api, this.cms],
      serviceNames: [names.service('api'), names.service('cms')],
      subnetIds: [...new Set([network.apiSubnets, network.cmsSubnets].flatMap(subnets => this.vpc.selectSubnets(subnets).subnetIds))],
      assignPublicIp: network.assignPublicIp,
      enableExecuteCommand: settings.api.enableExecuteCommand || settings.cms.enableExecuteCommand,
      imageTagParameters: [settings.api, settings.cms].flatMap(({ imageTagParameter }) => imageTagParameter ?? []),
      schema: sqlTask && {
        cluster: this.cluster,
        api,
        apiServiceName: names.service('api'),
        apiLogGroupName: names.taskLogGroup('api'),
        repositories: [this.api.repository, this.cms.repository],
        sqlTask: sqlTask.taskDefinition,
        databaseCluster: this.database.cluster,
        bucket: sqlTask.bucket,
        bucketKey: encryption.key,
      },
    });
    this.imageBuilderPolicy = operators.imageBuilderPolicy;
    this.serviceUpdaterPolicy = operators.serviceUpdaterPolicy;
    this.schemaUpdaterPolicy = operators.schemaUpdaterPolicy;
    if (monitoring) {
      const { topic, dashboard } = new lazy.Monitoring(this, 'Monitoring', {
        settings: monitoring,
        names,
        encryption,
        cluster: this.cluster,
        services: [{ service: this.api, settings: settings.api }, { service: this.cms, settings: settings.cms }],
        database,
        databaseSettings: settings.database,
        loadBalancer: this.loadBalancer,
        certificate: edge.certificate,
        distributionId: this.distribution.distributionId,
        hasWebAcl: edge.makesWebAcl,
        natInstances: network.natInstances,
      });
      this.alarmTopic = topic;
      this.dashboard = dashboard;
    }
    const { distributionId, alarmTopicArn } = addOutputs(this, settings, operators.githubRole, sqlTask);
    if (settings.edge.accessLogs || monitoring) {
      new lazy.EdgeWatch(this, 'EdgeWatch', {
        names,
        usEast1Stack: settings.usEast1Stack,
        distributionId,
        accessLogs: settings.edge.accessLogs,
        monitoring: monitoring && {
          settings: monitoring,
          topic: this.alarmTopic!,
          topicArn: alarmTopicArn!,
          certificate: edge.edgeCertificate.certificateArn === edge.certificate.certificateArn ? undefined : edge.edgeCertificate,
          blocks: edge.makesWebAcl && settings.waf?.mode !== OkyWafMode.COUNT,
          outside: settings.outside,
        },
      });
    }
  }
  /**
   * Sends one of `edge.additionalHosts` to a target group of yours. The load balancer answers only to requests from this
   * deployment's distribution, as for the API and the CMS.
   *
   * @param hostName the host, as in `edge.additionalHosts`; another one, or one that was added before, is refused
   * @param targetGroup a target group in the backend's VPC, which no other load balancer uses
   */
  public addHost(hostName: string, targetGroup: elbv2.IApplicationTargetGroup): void {
    this.hosts.addHost(hostName, targetGroup);
  }
}
