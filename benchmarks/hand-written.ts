/**
 * The reference deployment of examples/okyapp-info as one would write it by hand, out of the L2 constructs of aws-cdk-lib:
 * what the library is measured against. test/benchmarks/ proves that both make the same resources.
 */
import * as fs from 'fs';
import * as path from 'path';
import { App, ArnFormat, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';

const ACCOUNT = '111122223333';
const REGION = 'eu-west-2';
const IMAGE_TAG = '2025_05';
/** Where it is started. */
const ROOT = process.cwd();

/** Of those that `cdk init` sets, the ones that matter here. */
const FLAGS = [
  '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy',
  '@aws-cdk/aws-ecs:removeDefaultDeploymentAlarm',
  '@aws-cdk/aws-ecs:disableExplicitDeploymentControllerForCircuitBreaker',
];

const SERVICES = {
  Api: {
    name: 'api',
    port: 3000,
    memoryLimitMiB: 512,
    script: 'dist/index.js',
    secretVariable: 'APPLICATION_SECRET',
    repositoryName: 'oky/api_en',
    environment: { API_PORT: '3000' },
    optionalVariables: ['DELETE_ACCOUNT_URL', 'USE_AVATAR_CUSTOMIZATION'],
  },
  Cms: {
    name: 'cms',
    port: 5000,
    memoryLimitMiB: 1024,
    script: 'dist/src/index.js',
    secretVariable: 'PASSPORT_SECRET',
    repositoryName: 'oky/cms_en',
    environment: { NODE_OPTIONS: '--unhandled-rejections=warn' },
    optionalVariables: ['STORAGE_BASE_URL', 'STORAGE_BUCKET'],
  },
};

/** What ECS gives each container. */
const VARIABLES_OF_ECS = [
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', 'AWS_DEFAULT_REGION', 'AWS_EXECUTION_ENV', 'AWS_REGION', 'ECS_AGENT_URI', 'ECS_CONTAINER_METADATA_URI',
  'ECS_CONTAINER_METADATA_URI_V4',
];

export class HandWrittenStack extends Stack {
  constructor(app: App, stackId: string) {
    super(app, stackId, { env: { account: ACCOUNT, region: REGION } });
    FLAGS.forEach(flag => this.node.setContext(flag, true));
    const partition = this.partition;
    const retain = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;

    // Encryption, logs and configuration
    const ownKey = new kms.Key(this, 'Key', {
      description: 'project-oky: database, logs, secrets and configuration of the Oky backend', enableKeyRotation: true, removalPolicy: retain,
    });
    const logsArn = `arn:${partition}:logs:${REGION}:${ACCOUNT}:*`;
    ownKey.addToResourcePolicy(new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal(`logs.${REGION}.amazonaws.com`)],
      actions: ['kms:Decrypt*', 'kms:Describe*', 'kms:Encrypt*', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
      resources: ['*'],
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logsArn } },
    }));
    // By its ARN, so that no grant writes into its policy.
    const key = kms.Key.fromKeyArn(this, 'KeyByArn', ownKey.keyArn);
    const bucketProps = {
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      versioned: true,
      removalPolicy: retain,
    };
    const logBucket = new s3.Bucket(this, 'Logs', {
      ...bucketProps,
      encryption: s3.BucketEncryption.S3_MANAGED,
      lifecycleRules: [{ expiration: Duration.days(90), noncurrentVersionExpiration: Duration.days(1) }],
    });
    const deliver = (by: string, actions: string[], resource: string, conditions?: Record<string, unknown>) =>
      logBucket.addToResourcePolicy(new iam.PolicyStatement({
        principals: [new iam.ServicePrincipal(by)], actions, resources: [resource], conditions,
      }));
    const ofOwnLogs = { StringEquals: { 'aws:SourceAccount': ACCOUNT }, ArnLike: { 'aws:SourceArn': logsArn } };
    deliver('delivery.logs.amazonaws.com', ['s3:PutObject'], logBucket.arnForObjects('vpc-flows/*'), ofOwnLogs);
    deliver('delivery.logs.amazonaws.com', ['s3:GetBucketAcl', 's3:ListBucket'], logBucket.bucketArn, ofOwnLogs);
    const configBucket = new s3.Bucket(this, 'Configuration', {
      ...bucketProps,
      encryption: s3.BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      serverAccessLogsBucket: logBucket,
      serverAccessLogsPrefix: 'config-bucket/',
      lifecycleRules: [
        { noncurrentVersionExpiration: Duration.days(90) },
        { prefix: 'sql/', expiration: Duration.days(1), noncurrentVersionExpiration: Duration.days(1) },
      ],
    });
    deliver('logdelivery.elasticloadbalancing.amazonaws.com', ['s3:PutObject'], logBucket.arnForObjects(`load-balancer/AWSLogs/${ACCOUNT}/*`));
    const secretProps = { encryptionKey: key, removalPolicy: retain };
    const logProps = { encryptionKey: key, removalPolicy: RemovalPolicy.DESTROY, retention: logs.RetentionDays.ONE_WEEK };

    // Network
    const vpc = new ec2.Vpc(this, 'Vpc', {
      ipAddresses: ec2.IpAddresses.cidr('10.0.0.0/16'),
      maxAzs: 2,
      reservedAzs: 1,
      natGateways: 0,
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [
        { name: 'Public', subnetType: ec2.SubnetType.PUBLIC, mapPublicIpOnLaunch: false },
        { name: 'Private', subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
        { name: 'Cms', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      ],
    });
    const flowLog = new ec2.CfnFlowLog(this, 'FlowLog', {
      resourceId: vpc.vpcId, resourceType: 'VPC', trafficType: 'ALL', logDestinationType: 's3', logDestination: logBucket.arnForObjects('vpc-flows'),
    });
    flowLog.node.addDependency(logBucket.policy!);
    const allowAll = (actions: string[], resource: string, conditions?: Record<string, unknown>) =>
      new iam.PolicyStatement({ principals: [new iam.StarPrincipal()], actions, resources: [resource], conditions });
    const s3Endpoint = new ec2.GatewayVpcEndpoint(this, 'S3', {
      vpc, service: ec2.GatewayVpcEndpointAwsService.S3, subnets: [{ subnetGroupName: 'Private' }, { subnetGroupName: 'Cms' }],
    });
    s3Endpoint.addToPolicy(allowAll(['s3:GetObject'], `arn:${partition}:s3:::prod-${REGION}-starport-layer-bucket/*`));
    s3Endpoint.addToPolicy(allowAll(['s3:*'], '*', { StringEquals: { 'aws:ResourceAccount': ACCOUNT } }));
    const closed = (name: string, description: string) => new ec2.SecurityGroup(this, name, { vpc, description, allowAllOutbound: false });
    const endpointGroup = closed('EndpointGroup', 'Interface endpoints: HTTPS from the API and the CMS');
    const pull = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
    const ownRepositories = `arn:${partition}:ecr:${REGION}:${ACCOUNT}:repository/*`;
    const ownAccount = { StringEquals: { 'aws:PrincipalAccount': ACCOUNT } };
    const { InterfaceVpcEndpointAwsService: awsServices } = ec2;
    const endpoints = Object.entries({
      EcrApi: {
        service: awsServices.ECR, statements: [allowAll(['ecr:GetAuthorizationToken'], '*', ownAccount), allowAll(pull, ownRepositories, ownAccount)],
      },
      EcrDocker: { service: awsServices.ECR_DOCKER, statements: [allowAll(pull, ownRepositories)] },
      LogsEndpoint: { service: awsServices.CLOUDWATCH_LOGS, statements: [allowAll(['*'], '*', ownAccount)] },
      SecretsManager: { service: awsServices.SECRETS_MANAGER, statements: [allowAll(['*'], '*', ownAccount)] },
    }).map(([id, { service, statements }]) => {
      const endpoint = new ec2.InterfaceVpcEndpoint(this, id, { vpc, service, subnets: { subnetGroupName: 'Private' }, securityGroups: [endpointGroup], open: false });
      statements.forEach(statement => endpoint.addToPolicy(statement));
      return endpoint;
    });

    // Database
    const databaseSecret = new secretsmanager.Secret(this, 'DatabaseSecret', {
      ...secretProps,
      description: 'User and password of the Oky database',
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ username: 'periodtracker' }), generateStringKey: 'password', passwordLength: 32, excludePunctuation: true,
      },
    });
    const monitoringRole = new iam.Role(this, 'MonitoringRole', { assumedBy: new iam.ServicePrincipal('monitoring.rds.amazonaws.com') });
    const osMetrics = `arn:${partition}:logs:${REGION}:${ACCOUNT}:log-group:RDSOSMetrics`;
    const monitoringPolicy = new iam.ManagedPolicy(this, 'MonitoringPolicy', {
      roles: [monitoringRole],
      statements: [
        new iam.PolicyStatement({ actions: ['logs:CreateLogGroup', 'logs:PutRetentionPolicy'], resources: [osMetrics] }),
        new iam.PolicyStatement({
          actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:GetLogEvents', 'logs:PutLogEvents'], resources: [`${osMetrics}:log-stream:*`],
        }),
      ],
    });
    const engine = rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.of('17', '17') });
    const database = new rds.DatabaseCluster(this, 'Cluster', {
      engine,
      parameterGroup: new rds.ParameterGroup(this, 'DatabaseParameters', {
        engine,
        description: 'Oky: connections need TLS, and no statement is logged',
        parameters: { 'rds.force_ssl': '1', 'log_min_error_statement': 'panic', 'log_error_verbosity': 'terse' },
      }),
      credentials: rds.Credentials.fromSecret(databaseSecret, 'periodtracker'),
      defaultDatabaseName: 'periodtracker',
      port: 5433,
      vpc,
      vpcSubnets: { subnetGroupName: 'Private' },
      securityGroups: [closed('DatabaseGroup', 'Database: PostgreSQL from the API and the CMS')],
      writer: rds.ClusterInstance.serverlessV2('Writer', {
        availabilityZone: vpc.availabilityZones[0],
        autoMinorVersionUpgrade: true,
        publiclyAccessible: false,
        scaleWithWriter: true,
        caCertificate: rds.CaCertificate.RDS_CA_RSA2048_G1,
      }),
      serverlessV2MinCapacity: 0,
      serverlessV2MaxCapacity: 1,
      storageEncryptionKey: key,
      iamAuthentication: true,
      enableDataApi: true,
      backup: { retention: Duration.days(7) },
      cloudwatchLogsExports: ['postgresql'],
      monitoringInterval: Duration.minutes(1),
      monitoringRole,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.SNAPSHOT,
    });
    (database.node.defaultChild as rds.CfnDBCluster).addPropertyOverride('ServerlessV2ScalingConfiguration.SecondsUntilAutoPause', 300);
    const databaseLog = new logs.LogGroup(this, 'DatabaseLog', { ...logProps, logGroupName: `/aws/rds/cluster/${database.clusterIdentifier}/postgresql` });
    const writer = database.node.findChild('Writer');
    writer.node.addDependency(databaseLog, monitoringPolicy);

    // Cluster and load balancer
    const cluster = new ecs.Cluster(this, 'EcsCluster', { clusterName: 'project-oky-ecs-cluster', vpc, containerInsightsV2: ecs.ContainerInsights.ENABLED });
    const cfnCluster = cluster.node.defaultChild as ecs.CfnCluster;
    cfnCluster.capacityProviders = ['FARGATE', 'FARGATE_SPOT'];
    cfnCluster.node.addDependency(new logs.LogGroup(this, 'InsightsLog', {
      ...logProps, logGroupName: '/aws/ecs/containerinsights/project-oky-ecs-cluster/performance', retention: logs.RetentionDays.ONE_DAY,
    }));
    const originSecret = new secretsmanager.Secret(this, 'OriginSecret', {
      description: 'X-Origin-Verify header from CloudFront to the load balancer, generation 1',
      encryptionKey: key,
      generateSecretString: { passwordLength: 64, excludePunctuation: true, excludeUppercase: true },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const originHeader = originSecret.secretValue.unsafeUnwrap();
    const loadBalancerGroup = closed('LoadBalancerGroup', 'Load balancer: HTTPS from CloudFront');
    const prefixList = ec2.PrefixList.fromLookup(this, 'CloudFront', { prefixListName: 'com.amazonaws.global.cloudfront.origin-facing' });
    loadBalancerGroup.addIngressRule(ec2.Peer.prefixList(prefixList.prefixListId), ec2.Port.HTTPS, 'HTTPS from CloudFront');
    const loadBalancer = new elbv2.ApplicationLoadBalancer(this, 'LoadBalancer', {
      vpc,
      vpcSubnets: { subnetGroupName: 'Public' },
      internetFacing: true,
      securityGroup: loadBalancerGroup,
      deletionProtection: true,
      dropInvalidHeaderFields: true,
      desyncMitigationMode: elbv2.DesyncMitigationMode.DEFENSIVE,
      idleTimeout: Duration.minutes(1),
    });
    loadBalancer.setAttribute('access_logs.s3.enabled', 'true');
    loadBalancer.setAttribute('access_logs.s3.bucket', logBucket.bucketName);
    loadBalancer.setAttribute('access_logs.s3.prefix', 'load-balancer');
    loadBalancer.node.defaultChild!.node.addDependency(logBucket.policy!);
    const certificate = (id: string, region: string, name: string) =>
      acm.Certificate.fromCertificateArn(this, id, `arn:aws:acm:${region}:${ACCOUNT}:certificate/${name}`);
    const listener = loadBalancer.addListener('Https', {
      port: 443,
      protocol: elbv2.ApplicationProtocol.HTTPS,
      certificates: [certificate('Certificate', REGION, '11111111-2222-3333-4444-555555555555')],
      sslPolicy: elbv2.SslPolicy.TLS13_12_RES_PQ,
      open: false,
      defaultAction: elbv2.ListenerAction.fixedResponse(403, { contentType: 'text/plain', messageBody: 'Forbidden' }),
    });

    // Services
    const ecrLogin = new iam.ManagedPolicy(this, 'EcrLogin', {
      statements: [new iam.PolicyStatement({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] })],
    });
    const asset = (name: string) => fs.readFileSync(path.join(ROOT, 'assets', name), 'utf8');
    const files: Record<string, string> = {
      ...Object.fromEntries(['preload.js', 'request-guard.js'].map(name => [name, asset(name).replace(/^\s*\/\/.*\n/gm, '')])),
      'database.pem': (JSON.parse(asset('rds-root-certificates.json')) as Record<string, string>)[REGION],
    };
    const services = Object.entries(SERVICES).map(([id, container], index) => {
      const { name } = container;
      const family = `project-oky-ecs-${name}-task`;
      const repository = new ecr.Repository(this, `${id}Repository`, {
        repositoryName: container.repositoryName,
        imageTagMutability: ecr.TagMutability.IMMUTABLE,
        imageScanOnPush: true,
        removalPolicy: retain,
        lifecycleRules: [{ description: 'Images that never had a tag', tagStatus: ecr.TagStatus.UNTAGGED, maxImageAge: Duration.days(14) }],
      });
      const logGroup = new logs.LogGroup(this, `${id}Log`, { ...logProps, logGroupName: `/ecs/${family}` });
      const signingSecret = new secretsmanager.Secret(this, `${id}Secret`, {
        ...secretProps,
        description: `${container.secretVariable} of the Oky ${name.toUpperCase()}: signs its sessions`,
        generateSecretString: { passwordLength: 64, excludePunctuation: true },
      });
      const role = (kind: string, roleName: string, managedPolicies: iam.IManagedPolicy[] = []) => new iam.Role(this, id + kind, {
        roleName, assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com'), managedPolicies,
      });
      const executionRole = role('ExecutionRole', `project-oky-ecs-${name}-execution-role`, [ecrLogin]);
      const taskRole = role('TaskRole', `${family}-role`);
      const allow = (actions: string[], ...resources: string[]) => new iam.PolicyStatement({ actions, resources });
      const environmentFile = `project_oky_${name}_task_configuration.env`;
      const readEnvironmentFile = [allow(['s3:GetObject'], configBucket.arnForObjects(environmentFile)), allow(['s3:GetBucketLocation'], configBucket.bucketArn)];
      const decrypt = allow(['kms:Decrypt'], key.keyArn);
      const rights = {
        executionPolicy: new iam.ManagedPolicy(this, `${id}ExecutionPolicy`, {
          roles: [executionRole],
          statements: [
            allow(['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], repository.repositoryArn),
            allow(['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupArn),
            decrypt,
            allow(['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'], signingSecret.secretArn, database.secret!.secretArn),
            ...readEnvironmentFile,
          ],
        }),
        taskPolicy: new iam.ManagedPolicy(this, `${id}TaskPolicy`, { roles: [taskRole], statements: [...readEnvironmentFile, decrypt] }),
      };
      const taskDefinition = new ecs.FargateTaskDefinition(this, `${id}Task`, {
        family,
        cpu: 256,
        memoryLimitMiB: container.memoryLimitMiB,
        runtimePlatform: { cpuArchitecture: ecs.CpuArchitecture.X86_64, operatingSystemFamily: ecs.OperatingSystemFamily.LINUX },
        // What they may do is written above; grants would write it again, as inline policies.
        executionRole: executionRole.withoutPolicyUpdates(),
        taskRole: taskRole.withoutPolicyUpdates(),
      });
      const linuxParameters = new ecs.LinuxParameters(this, `${id}Linux`);
      linuxParameters.dropCapabilities(ecs.Capability.ALL);
      const { NODEV, NOSUID, NOEXEC } = ecs.TmpfsMountOption;
      linuxParameters.addTmpfs({ containerPath: '/tmp', size: 64, mountOptions: [NODEV, NOSUID, NOEXEC] });
      const environment = {
        NODE_ENV: 'production',
        DATABASE_TYPE: 'postgres',
        DATABASE_HOST: database.clusterEndpoint.hostname,
        DATABASE_PORT: '5433',
        DATABASE_NAME: 'periodtracker',
        DATABASE_SCHEMA: 'periodtracker',
        DATABASE_SYNCHRONIZE: 'false',
        DATABASE_LOGGING: 'false',
        PGSSLMODE: 'verify-full',
        ...container.environment,
        PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        NODE_PATH: '/usr/src/app/dist',
        NODE_EXTRA_CA_CERTS: '/tmp/database.pem',
      };
      const secrets = {
        DATABASE_USERNAME: ecs.Secret.fromSecretsManager(database.secret!, 'username'),
        DATABASE_PASSWORD: ecs.Secret.fromSecretsManager(database.secret!, 'password'),
        [container.secretVariable]: ecs.Secret.fromSecretsManager(signingSecret),
      };
      const kept = [...Object.keys({ ...environment, ...secrets }).sort(), ...container.optionalVariables, ...VARIABLES_OF_ECS];
      const script = [
        'umask 077',
        ...Object.entries(files).map(([file, content]) => `cat > /tmp/${file} <<'END'\n${content}END`),
        `[ -e ${container.script} ] || { echo "$PWD/${container.script} does not exist: `
          + 'the image was not built for production; build it again with docker build --target production" >&2; exit 1; }',
        'exec "$@"',
      ];
      taskDefinition.addContainer(name, {
        image: ecs.ContainerImage.fromEcrRepository(repository, IMAGE_TAG),
        entryPoint: [
          'sh', '-c', `exec env -i ${kept.map(variable => `\${${variable}+"${variable}=$${variable}"}`).join(' ')} "$0" "$@"`,
          'sh', '-c', script.join('\n'), 'start',
        ],
        command: ['node', '--require', '/tmp/preload.js', container.script],
        workingDirectory: '/usr/src/app',
        user: '1000:1000',
        readonlyRootFilesystem: true,
        linuxParameters,
        stopTimeout: Duration.minutes(1),
        environment,
        environmentFiles: [ecs.EnvironmentFile.fromBucket(configBucket, environmentFile)],
        secrets,
        portMappings: [{ containerPort: container.port }],
        logging: ecs.LogDrivers.awsLogs({ logGroup, streamPrefix: name, mode: ecs.AwsLogDriverMode.NON_BLOCKING }),
      });
      const targetGroup = new elbv2.ApplicationTargetGroup(this, `${id}Targets`, {
        vpc,
        port: 80,
        protocol: elbv2.ApplicationProtocol.HTTP,
        targetType: elbv2.TargetType.IP,
        deregistrationDelay: Duration.seconds(60),
        healthCheck: { path: '/', interval: Duration.seconds(15), timeout: Duration.seconds(10), healthyThresholdCount: 2, unhealthyThresholdCount: 4 },
      });
      const group = closed(`${id}Group`, `${name.toUpperCase()} tasks: the container port from the load balancer`);
      const service = new ecs.FargateService(this, `${id}Service`, {
        serviceName: `${family}-service`,
        cluster,
        taskDefinition,
        desiredCount: 1,
        capacityProviderStrategies: [{ capacityProvider: 'FARGATE', weight: 1 }],
        vpcSubnets: { subnetGroupName: id === 'Cms' ? 'Cms' : 'Private' },
        securityGroups: [group],
        minHealthyPercent: 100,
        maxHealthyPercent: 200,
        circuitBreaker: { rollback: true },
        availabilityZoneRebalancing: ecs.AvailabilityZoneRebalancing.ENABLED,
        healthCheckGracePeriod: Duration.seconds(90),
        enableExecuteCommand: false,
        enableECSManagedTags: true,
        propagateTags: ecs.PropagatedTagSource.SERVICE,
      });
      group.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.HTTPS, 'AWS endpoints, S3 through its gateway, and the internet where egress is routed');
      endpointGroup.addIngressRule(group, ec2.Port.HTTPS);
      database.connections.allowFrom(service, ec2.Port.tcp(5433));
      const itsRights = [executionRole, rights.executionPolicy, taskRole, rights.taskPolicy];
      service.node.defaultChild!.node.addDependency(writer, ...itsRights, s3Endpoint, endpointGroup, ...endpoints);
      service.attachToApplicationTargetGroup(targetGroup);
      listener.addAction(id, {
        priority: (index + 1) * 10,
        conditions: [elbv2.ListenerCondition.hostHeaders([`${name}.okyapp.info`]), elbv2.ListenerCondition.httpHeader('X-Origin-Verify', [originHeader])],
        action: elbv2.ListenerAction.forward([targetGroup]),
      });
      return { id, service, targetGroup, repository, environmentFile, family, roles: [taskRole.roleArn, executionRole.roleArn] };
    });
    listener.addAction('OtherHosts', {
      priority: 50_000,
      conditions: [elbv2.ListenerCondition.httpHeader('X-Origin-Verify', [originHeader])],
      action: elbv2.ListenerAction.forward([services[0].targetGroup]),
    });

    // Edge
    const distribution = new cloudfront.Distribution(this, 'Distribution', {
      comment: 'project-oky: api.okyapp.info, cms.okyapp.info',
      domainNames: ['api.okyapp.info', 'cms.okyapp.info'],
      certificate: certificate('EdgeCertificate', 'us-east-1', '66666666-7777-8888-9999-000000000000'),
      minimumProtocolVersion: cloudfront.SecurityPolicyProtocol.TLS_V1_2_2025,
      httpVersion: cloudfront.HttpVersion.HTTP2_AND_3,
      priceClass: cloudfront.PriceClass.PRICE_CLASS_ALL,
      errorResponses: [400, 403, 404, 405, 414, 500, 501, 502, 503, 504].map(httpStatus => ({ httpStatus, ttl: Duration.seconds(0) })),
      defaultBehavior: {
        origin: new origins.LoadBalancerV2Origin(loadBalancer, {
          readTimeout: Duration.seconds(60),
          customHeaders: { 'X-Origin-Verify': originHeader },
          protocolPolicy: cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
          originSslProtocols: [cloudfront.OriginSslPolicy.TLS_V1_2],
        }),
        viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        allowedMethods: cloudfront.AllowedMethods.ALLOW_ALL,
        cachePolicy: cloudfront.CachePolicy.CACHING_DISABLED,
        originRequestPolicy: cloudfront.OriginRequestPolicy.ALL_VIEWER,
        responseHeadersPolicy: cloudfront.ResponseHeadersPolicy.SECURITY_HEADERS,
      },
    });
    distribution.node.defaultChild!.node.addDependency(listener);

    // Operators
    const statement = (sid: string, actions: string[], resources: string[], conditions?: Record<string, unknown>) =>
      new iam.PolicyStatement({ sid, actions, resources, conditions });
    const ecsArn = (resource: string, resourceName: string) => this.formatArn({ service: 'ecs', resource, resourceName, arnFormat: ArnFormat.SLASH_RESOURCE_NAME });
    const readOutputs = () => statement('AllowStackOutputs', ['cloudformation:DescribeStacks'], [this.stackId]);
    const imageBuilder = new iam.ManagedPolicy(this, 'ImageBuilder', {
      description: 'Oky: push images of the API and the CMS',
      statements: [
        statement('AllowECRAuth', ['ecr:GetAuthorizationToken'], ['*']),
        statement('AllowECRImagePush',
          [
            'ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:CompleteLayerUpload', 'ecr:InitiateLayerUpload', 'ecr:PutImage', 'ecr:UploadLayerPart',
          ],
          services.map(({ repository }) => repository.repositoryArn)),
        readOutputs(),
      ],
    });
    const taskDefinitions = services.map(({ family }) => ecsArn('task-definition', family));
    const revisions = taskDefinitions.map(arn => `${arn}:*`);
    const subnetIds = ['Private', 'Cms'].flatMap(subnetGroupName => vpc.selectSubnets({ subnetGroupName }).subnetIds);
    const serviceUpdater = new iam.ManagedPolicy(this, 'ServiceUpdater', {
      description: 'Oky: release images of the API and the CMS',
      statements: [
        statement('AllowECSTaskDefinitionRead', ['ecs:DescribeTaskDefinition'], ['*']),
        statement('AllowECSTaskDefinitionManagement', ['ecs:RegisterTaskDefinition'], revisions),
        statement('AllowECSTaskDefinitionTags', ['ecs:TagResource'], [...taskDefinitions, ...revisions],
          { StringEquals: { 'ecs:CreateAction': 'RegisterTaskDefinition' } }),
        statement('AllowECSServiceUpdate', ['ecs:DescribeServices', 'ecs:UpdateService'],
          services.map(({ family }) => ecsArn('service', `${cluster.clusterName}/${family}-service`)), {
            'ArnLikeIfExists': { 'ecs:task-definition': revisions },
            'ForAllValues:StringEquals': { 'ecs:subnet': subnetIds },
            'BoolIfExists': { 'ecs:auto-assign-public-ip': 'false' },
            'StringEqualsIfExists': { 'ecs:enable-execute-command': 'false' },
          }),
        statement('AllowPassRoleForECSTasks', ['iam:PassRole'], services.flatMap(({ roles }) => roles),
          { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } }),
        readOutputs(),
      ],
    });

    const outputs: Record<string, string> = {
      ApiHost: 'api.okyapp.info',
      CmsHost: 'cms.okyapp.info',
      DnsTarget: distribution.distributionDomainName,
      DistributionId: distribution.distributionId,
      ClusterName: cluster.clusterName,
      ConfigBucketName: configBucket.bucketName,
      DatabaseEndpoint: database.clusterEndpoint.socketAddress,
      DatabaseClusterArn: database.clusterArn,
      DatabaseSecretArn: database.secret!.secretArn,
      ImageBuilderPolicyArn: imageBuilder.managedPolicyArn,
      ServiceUpdaterPolicyArn: serviceUpdater.managedPolicyArn,
      ...Object.fromEntries(services.flatMap(({ id: name, service, repository, environmentFile }) => [
        [`${name}ServiceName`, service.serviceName], [`${name}RepositoryUri`, repository.repositoryUri], [`${name}EnvironmentFileKey`, environmentFile],
      ])),
    };
    Object.entries(outputs).forEach(([name, value]) => new CfnOutput(this, name, { value }));
  }
}

if (require.main === module) {
  new HandWrittenStack(new App(), 'OkyappInfo');
}
