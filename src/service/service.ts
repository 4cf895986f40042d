import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Duration, Lazy, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { databaseEnvironment } from './containers';
import { OPTIONAL_VARIABLES } from './environment-file-rules';
import { type EcrLogin, ExecutionRole } from './execution-role';
import { FargateService } from './fargate-service';
import { keysOfSecrets, requireReachableSecrets } from './given-secrets';
import { requireReachableImage } from './image-source';
import { makeRepository } from './repository';
import { scaleTasks } from './scaling';
import { ServiceContainer } from './service-container';
import type { IOkyService } from './service-options';
import type { ServiceSettings } from './service-settings';
import { GOOGLE_CREDENTIALS, SCRATCH } from './start-command';
import { type Database, DATABASE_PORT } from '../database/database';
import type { DatabaseSettings } from '../database/database-settings';
import type { Endpoints } from '../network/endpoints';
import { acknowledge, acknowledgeRetention, inPacks } from '../private/acknowledge';
import { ManagedPolicyRole } from '../private/managed-policy-role';
import type { PhysicalNames } from '../private/names';
import type { EncryptionKeys } from '../storage/encryption-keys';

export interface ServiceProps {
  readonly settings: ServiceSettings;
  readonly names: PhysicalNames;
  readonly cluster: ecs.ICluster;
  readonly ecrLogin: EcrLogin;
  readonly subnets: ec2.SubnetSelection;
  readonly assignPublicIp: boolean;
  /** Whether the subnets are routed to the internet. */
  readonly hasInternetAccess: boolean;
  /** Undefined where an existing VPC brings its own. */
  readonly endpoints?: Endpoints;
  readonly database: Database;
  readonly databaseSettings: DatabaseSettings;
  readonly encryption: EncryptionKeys;
  readonly configBucket: IBucket;
  readonly isLoadBalancerInternal: boolean;
  readonly logRetention: logs.RetentionDays;
}

/** In MiB, of the container's memory. */
const SCRATCH_SIZE = 64;

/** One of the two containers, running: image, task, network, and what the load balancer forwards to. */
export class Service extends Construct implements IOkyService {
  public readonly service: ecs.FargateService;
  public readonly taskDefinition: ecs.FargateTaskDefinition;
  public readonly repository: ecr.IRepository;
  public readonly targetGroup: elbv2.ApplicationTargetGroup;
  public readonly logGroup: logs.ILogGroup;
  public readonly scalableTaskCount?: ecs.ScalableTaskCount;
  /** What its container is started from. */
  public readonly image: ecs.ContainerImage;

  constructor(scope: Construct, id: string, private readonly props: ServiceProps) {
    super(scope, id);
    const { settings, names, encryption } = props;
    const imageTag = settings.imageTagParameter === undefined ? settings.imageTag
      // Looked up by CloudFormation at each deployment, not by CDK at synthesis.
      : ssm.StringParameter.valueForStringParameter(this, settings.imageTagParameter);
    this.repository = settings.repository ?? makeRepository(this, names.repository(settings.name, settings.repositoryName));
    this.image = settings.image ?? ecs.ContainerImage.fromEcrRepository(this.repository, imageTag ?? 'not-pushed-yet');
    // Not retained: a week of logs is not worth that its name stands in the way of the next deployment.
    this.logGroup = new logs.LogGroup(this, 'Log', {
      logGroupName: names.taskLogGroup(settings.name),
      retention: props.logRetention,
      encryptionKey: encryption.key,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    acknowledgeRetention(this.logGroup, props.logRetention);
    this.taskDefinition = this.makeTaskDefinition();
    this.targetGroup = this.makeTargetGroup();
    this.service = this.makeService();
    this.service.attachToApplicationTargetGroup(this.targetGroup);
    this.scalableTaskCount = settings.scaling && scaleTasks(this.service, settings.scaling, this.targetGroup);
  }

  private makeTaskDefinition(): ecs.FargateTaskDefinition {
    const { settings, names, configBucket, encryption } = this.props;
    const { environmentFileKey } = settings;
    const executionRole = new ExecutionRole(this, 'ExecutionRole', names.executionRole(settings.name), this.props.ecrLogin);
    const taskDefinition = new ecs.FargateTaskDefinition(this, 'Task', {
      family: names.taskFamily(settings.name),
      cpu: settings.cpu,
      memoryLimitMiB: settings.memoryLimitMiB,
      runtimePlatform: { cpuArchitecture: settings.cpuArchitecture, operatingSystemFamily: ecs.OperatingSystemFamily.LINUX },
      taskRole: new ManagedPolicyRole(this, 'TaskRole', {
        roleName: names.taskRole(settings.name),
        assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com'),
      }),
      executionRole,
    });
    const secrets = this.secrets();
    const environment = Object.entries({ ...this.environment(), ...settings.environment }).filter(([name]) => !secrets[name]);
    const { entryPoint } = settings;
    const container: ServiceContainer = new ServiceContainer(taskDefinition, settings.name, {
      taskDefinition,
      containerName: settings.name,
      image: this.image,
      // When all variables are known, those too that the consumer adds.
      entryPoint: entryPoint && Lazy.list({ produce: () => entryPoint([...container.variables, ...OPTIONAL_VARIABLES[settings.name]]) }),
      command: settings.command,
      workingDirectory: settings.workingDirectory,
      user: settings.user,
      readonlyRootFilesystem: settings.readonlyRootFilesystem,
      linuxParameters: this.linuxParameters(),
      stopTimeout: Duration.minutes(1),
      environment: Object.fromEntries(environment),
      environmentFiles: environmentFileKey ? [ecs.EnvironmentFile.fromBucket(configBucket, environmentFileKey)] : undefined,
      secrets,
      portMappings: [{ containerPort: settings.containerPort }],
      // A task goes on when logs can't be delivered for a while.
      logging: ecs.LogDrivers.awsLogs({ logGroup: this.logGroup, streamPrefix: settings.name, mode: ecs.AwsLogDriverMode.NON_BLOCKING }),
    });
    requireReachableImage(this, settings, container.imageName, this.props.hasInternetAccess);
    requireReachableSecrets(this, settings, this.props.hasInternetAccess);
    encryption.grantDecrypt(executionRole, ...keysOfSecrets(container, settings));
    if (environmentFileKey) {
      this.grantEnvironmentFile(taskDefinition, environmentFileKey);
    }
    if (settings.enableExecuteCommand) {
      this.grantSessionLog(taskDefinition.taskRole);
    }
    acknowledge(taskDefinition, {
      'AwsSolutions-ECS2': 'what is set as plain environment can be read by whoever may describe a task: names and switches; all secrets are injected from Secrets Manager',
    });
    return taskDefinition;
  }

  private environment(): Record<string, string> {
    const { settings, database, databaseSettings } = this.props;
    return {
      ...databaseEnvironment({
        host: database.cluster.clusterEndpoint.hostname,
        port: String(DATABASE_PORT),
        name: databaseSettings.databaseName,
        schema: databaseSettings.schema,
      }),
      ...settings.containerEnvironment,
      ...settings.startEnvironment,
    };
  }

  private linuxParameters(): ecs.LinuxParameters {
    // In a session, processes are left behind that somebody has to take up.
    const parameters = new ecs.LinuxParameters(this, 'Linux', { initProcessEnabled: this.props.settings.enableExecuteCommand || undefined });
    parameters.dropCapabilities(ecs.Capability.ALL);
    const { NODEV, NOSUID, NOEXEC } = ecs.TmpfsMountOption;
    parameters.addTmpfs({ containerPath: SCRATCH, size: SCRATCH_SIZE, mountOptions: [NODEV, NOSUID, NOEXEC] });
    return parameters;
  }

  private secrets(): Record<string, ecs.Secret> {
    const { settings, database } = this.props;
    // Made even if another one is given: taken out of the stack it could not come back with the same value.
    const generated = this.makeSigningSecret();
    return {
      DATABASE_USERNAME: ecs.Secret.fromSecretsManager(database.loginSecret, 'username'),
      DATABASE_PASSWORD: ecs.Secret.fromSecretsManager(database.loginSecret, 'password'),
      [settings.signingVariable]: ecs.Secret.fromSecretsManager(settings.signingSecret ?? generated),
      ...(settings.googleCredentials && { [GOOGLE_CREDENTIALS]: ecs.Secret.fromSecretsManager(settings.googleCredentials) }),
      ...settings.secrets,
    };
  }

  private makeSigningSecret(): secretsmanager.ISecret {
    const { settings, encryption } = this.props;
    const secret = new secretsmanager.Secret(this, 'SigningSecret', {
      description: `${settings.signingVariable} of the Oky ${settings.name.toUpperCase()}: signs its sessions`,
      encryptionKey: encryption.key,
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    const rotation = 'a new value logs every user out, so it is changed by a person who means to, never by a schedule';
    acknowledge(secret, {
      'AwsSolutions-SMG4': rotation,
      ...inPacks('SecretsManagerRotationEnabled', rotation, ['NIST', 'HIPAA']),
    });
    return secret;
  }

  /** ECS reads the file with the execution role; the task role may read it too, as in the first deployment of Oky. */
  private grantEnvironmentFile(taskDefinition: ecs.FargateTaskDefinition, key: string): void {
    const { configBucket, encryption } = this.props;
    for (const role of [taskDefinition.executionRole!, taskDefinition.taskRole]) {
      iam.Grant.addToPrincipal({ grantee: role, actions: ['s3:GetObject'], resourceArns: [configBucket.arnForObjects(key)] });
      iam.Grant.addToPrincipal({ grantee: role, actions: ['s3:GetBucketLocation'], resourceArns: [configBucket.bucketArn] });
      encryption.grantDecrypt(role, ...configBucket.encryptionKey ? [configBucket.encryptionKey] : []);
    }
  }

  /** What is typed and shown in a session goes to the log of the tasks; the L2 grants the session, not its log. */
  private grantSessionLog(grantee: iam.IRole): void {
    iam.Grant.addToPrincipal({ grantee, actions: ['logs:DescribeLogGroups'], resourceArns: ['*'] });
    this.logGroup.grant(grantee, 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents');
    acknowledge(grantee, {
      'AwsSolutions-IAM5[Resource::*]': 'the actions of ssmmessages and logs:DescribeLogGroups have no resource-level permission; they are there while ECS Exec is on',
    });
  }

  private makeTargetGroup(): elbv2.ApplicationTargetGroup {
    // A group belongs to one load balancer at a time, and the change to an internal one makes another load balancer.
    const id = this.props.isLoadBalancerInternal ? 'InternalTargetGroup' : 'TargetGroup';
    return new elbv2.ApplicationTargetGroup(this, id, {
      vpc: this.props.cluster.vpc,
      // Each task registers with its own port. This one can't be changed without replacing the group, so it never does.
      port: 80,
      protocol: elbv2.ApplicationProtocol.HTTP,
      targetType: elbv2.TargetType.IP,
      // As long as the longest request, one that waits for the database to resume.
      deregistrationDelay: Duration.seconds(60),
      healthCheck: {
        path: this.props.settings.healthCheckPath,
        interval: Duration.seconds(15),
        timeout: Duration.seconds(10),
        healthyThresholdCount: 2,
        unhealthyThresholdCount: 4,
      },
    });
  }

  private makeService(): ecs.FargateService {
    const { settings, names, cluster, database, endpoints } = this.props;
    const securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc: cluster.vpc,
      description: `${settings.name.toUpperCase()} tasks: the container port from the load balancer`,
      allowAllOutbound: false,
    });
    const service = new FargateService(this, 'Service', {
      serviceName: names.service(settings.name),
      cluster,
      taskDefinition: this.taskDefinition,
      desiredCount: settings.desiredCount,
      capacityProviderStrategies: [{ capacityProvider: settings.useSpot ? 'FARGATE_SPOT' : 'FARGATE', weight: 1 }],
      vpcSubnets: this.props.subnets,
      securityGroups: [securityGroup],
      assignPublicIp: this.props.assignPublicIp,
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      circuitBreaker: { rollback: true },
      availabilityZoneRebalancing: ecs.AvailabilityZoneRebalancing.ENABLED,
      // A task that starts while the database resumes answers after half a minute.
      healthCheckGracePeriod: Duration.seconds(90),
      enableExecuteCommand: settings.enableExecuteCommand,
      enableECSManagedTags: true,
      propagateTags: ecs.PropagatedTagSource.SERVICE,
    });
    // To the endpoints, and to S3, whose gateway endpoint has public addresses that differ by region. With egress, out.
    securityGroup.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.HTTPS, 'AWS endpoints, S3 through its gateway, and the internet where egress is routed');
    endpoints?.allowFrom(securityGroup);
    database.allowFrom(service);
    if (settings.hasImage) {
      // The first task fails, and trips the circuit breaker, where one of these is missing: the L2 waits for none of them.
      const prerequisites = [database.ready, this.taskDefinition.executionRole!, ...(endpoints ? [endpoints] : [])];
      (service.node.defaultChild as ecs.CfnService).node.addDependency(...prerequisites);
    }
    return service;
  }
}
