/**
 * What comes nearest to the reference deployment out of the patterns of aws-cdk-lib: the services with load balancers and
 * listeners from aws-ecs-patterns, and L2 constructs for the rest. It is no twin: a pattern brings a load balancer for each
 * service, has no environment file and no check of the origin's header, and grants by inline policies.
 */
import * as fs from 'fs';
import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as patterns from 'aws-cdk-lib/aws-ecs-patterns';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';

const ACCOUNT = '111122223333';
const REGION = 'eu-west-2';
const IMAGE_TAG = '2025_05';
const SERVICES = {
  api: { port: 3000, memoryLimitMiB: 512, secretVariable: 'APPLICATION_SECRET', environment: { API_PORT: '3000' } },
  cms: { port: 5000, memoryLimitMiB: 1024, secretVariable: 'PASSPORT_SECRET', environment: { NODE_OPTIONS: '--unhandled-rejections=warn' } },
};

export class PeersStack extends Stack {
  constructor(app: App, id: string) {
    super(app, id, { env: { account: ACCOUNT, region: REGION } });
    const encryptionKey = new kms.Key(this, 'Key', { enableKeyRotation: true });
    const retain = RemovalPolicy.RETAIN;
    const bucketProps = { blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL, enforceSSL: true, versioned: true };
    const logBucket = new s3.Bucket(this, 'Logs', { ...bucketProps, lifecycleRules: [{ expiration: Duration.days(90) }] });
    const configBucket = new s3.Bucket(this, 'Configuration', { ...bucketProps, encryptionKey, serverAccessLogsBucket: logBucket });

    const vpc = new ec2.Vpc(this, 'Vpc', {
      maxAzs: 2,
      natGateways: 0,
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [
        { name: 'Public', subnetType: ec2.SubnetType.PUBLIC },
        { name: 'Private', subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
        { name: 'Cms', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      ],
      gatewayEndpoints: { S3: { service: ec2.GatewayVpcEndpointAwsService.S3 } },
      flowLogs: { Flows: { destination: ec2.FlowLogDestination.toS3(logBucket, 'vpc-flows') } },
    });
    const { ECR, ECR_DOCKER, CLOUDWATCH_LOGS, SECRETS_MANAGER } = ec2.InterfaceVpcEndpointAwsService;
    const endpoints = Object.entries({ ECR, ECR_DOCKER, CLOUDWATCH_LOGS, SECRETS_MANAGER }).map(([name, service]) => {
      const endpoint = vpc.addInterfaceEndpoint(name, { service, subnets: { subnetGroupName: 'Private' } });
      endpoint.addToPolicy(new iam.PolicyStatement({
        principals: [new iam.AnyPrincipal()], actions: ['*'], resources: ['*'], conditions: { StringEquals: { 'aws:PrincipalAccount': ACCOUNT } },
      }));
      return endpoint;
    });

    const database = new rds.DatabaseCluster(this, 'Database', {
      engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.of('17', '17') }),
      parameters: { 'rds.force_ssl': '1' },
      credentials: rds.Credentials.fromGeneratedSecret('periodtracker', { encryptionKey, excludeCharacters: '"@/\\ ' }),
      defaultDatabaseName: 'periodtracker',
      vpc,
      vpcSubnets: { subnetGroupName: 'Private' },
      writer: rds.ClusterInstance.serverlessV2('Writer'),
      serverlessV2MinCapacity: 0,
      serverlessV2MaxCapacity: 1,
      storageEncryptionKey: encryptionKey,
      enableDataApi: true,
      cloudwatchLogsExports: ['postgresql'],
      monitoringInterval: Duration.minutes(1),
      deletionProtection: true,
    });

    const logProps = { retention: logs.RetentionDays.ONE_WEEK, encryptionKey };
    new logs.LogGroup(this, 'DatabaseLog', { ...logProps, logGroupName: `/aws/rds/cluster/${database.clusterIdentifier}/postgresql` });
    const cluster = new ecs.Cluster(this, 'Cluster', { vpc, containerInsightsV2: ecs.ContainerInsights.ENABLED });
    const certificate = (name: string, region: string) =>
      acm.Certificate.fromCertificateArn(this, name, `arn:aws:acm:${region}:${ACCOUNT}:certificate/11111111-2222-3333-4444-555555555555`);
    const loadBalancerCertificate = certificate('Certificate', REGION);
    const edgeCertificate = certificate('EdgeCertificate', 'us-east-1');
    const originSecret = new secretsmanager.Secret(this, 'OriginSecret', { encryptionKey, generateSecretString: { excludePunctuation: true } });
    const { prefixListId } = ec2.PrefixList.fromLookup(this, 'CloudFront', { prefixListName: 'com.amazonaws.global.cloudfront.origin-facing' });
    const script = ['umask 077', `cat > /tmp/preload.js <<'END'\n${fs.readFileSync('assets/preload.js', 'utf8')}END`];
    const services = Object.entries(SERVICES).map(([name, { port, memoryLimitMiB, secretVariable, environment }]) => {
      const repository = new ecr.Repository(this, `${name}-repository`, {
        repositoryName: `oky/${name}_en`,
        imageTagMutability: ecr.TagMutability.IMMUTABLE,
        imageScanOnPush: true,
        lifecycleRules: [{ maxImageCount: 30 }],
        removalPolicy: retain,
      });
      const logGroup = new logs.LogGroup(this, `${name}-log`, logProps);
      const service = new patterns.ApplicationLoadBalancedFargateService(this, name, {
        cluster,
        serviceName: `project-oky-ecs-${name}-task-service`,
        cpu: 256,
        memoryLimitMiB,
        desiredCount: 1,
        taskSubnets: { subnetGroupName: name === 'cms' ? 'Cms' : 'Private' },
        certificate: loadBalancerCertificate,
        openListener: false,
        healthCheckGracePeriod: Duration.seconds(90),
        enableECSManagedTags: true,
        propagateTags: ecs.PropagatedTagSource.SERVICE,
        circuitBreaker: { rollback: true },
        minHealthyPercent: 100,
        taskImageOptions: {
          image: ecs.ContainerImage.fromEcrRepository(repository, IMAGE_TAG),
          containerPort: port,
          command: ['sh', '-c', [...script, 'exec node --require /tmp/preload.js dist/index.js'].join('\n')],
          environment: {
            NODE_ENV: 'production',
            DATABASE_TYPE: 'postgres',
            DATABASE_HOST: database.clusterEndpoint.hostname,
            DATABASE_PORT: '5432',
            DATABASE_NAME: 'periodtracker',
            DATABASE_SCHEMA: 'periodtracker',
            DATABASE_SYNCHRONIZE: 'false',
            DATABASE_LOGGING: 'false',
            PGSSLMODE: 'no-verify',
            ...environment,
          },
          secrets: {
            DATABASE_USERNAME: ecs.Secret.fromSecretsManager(database.secret!, 'username'),
            DATABASE_PASSWORD: ecs.Secret.fromSecretsManager(database.secret!, 'password'),
            [secretVariable]: ecs.Secret.fromSecretsManager(new secretsmanager.Secret(this, `${name}-secret`, { encryptionKey })),
          },
          logDriver: ecs.LogDrivers.awsLogs({ logGroup, streamPrefix: name }),
        },
      });
      configBucket.grantRead(service.taskDefinition.taskRole);
      service.loadBalancer.connections.allowFrom(ec2.Peer.prefixList(prefixListId), ec2.Port.HTTPS);
      service.targetGroup.configureHealthCheck({ path: '/', interval: Duration.seconds(15), timeout: Duration.seconds(10) });
      service.targetGroup.setAttribute('deregistration_delay.timeout_seconds', '60');
      service.service.node.addDependency(database, ...endpoints);
      service.loadBalancer.logAccessLogs(logBucket, name);
      database.connections.allowDefaultPortFrom(service.service);
      const distribution = new cloudfront.Distribution(this, `${name}-distribution`, {
        domainNames: [`${name}.okyapp.info`],
        certificate: edgeCertificate,
        defaultBehavior: {
          origin: new origins.LoadBalancerV2Origin(service.loadBalancer, {
            customHeaders: { 'X-Origin-Verify': originSecret.secretValue.unsafeUnwrap() },
          }),
          allowedMethods: cloudfront.AllowedMethods.ALLOW_ALL,
          cachePolicy: cloudfront.CachePolicy.CACHING_DISABLED,
          originRequestPolicy: cloudfront.OriginRequestPolicy.ALL_VIEWER,
        },
      });
      return { name, repository, service, distribution };
    });

    const [imageBuilder, serviceUpdater] = ['ImageBuilder', 'ServiceUpdater'].map(name => new iam.ManagedPolicy(this, name));
    const allow = (actions: string[], ...resources: string[]) => new iam.PolicyStatement({ actions, resources });
    imageBuilder.addStatements(allow(['ecr:GetAuthorizationToken'], '*'));
    services.forEach(({ repository, service: { service, taskDefinition } }) => {
      imageBuilder.addStatements(allow(['ecr:PutImage', 'ecr:InitiateLayerUpload', 'ecr:UploadLayerPart', 'ecr:CompleteLayerUpload'], repository.repositoryArn));
      serviceUpdater.addStatements(
        allow(['ecs:UpdateService', 'ecs:DescribeServices'], service.serviceArn),
        allow(['iam:PassRole'], taskDefinition.taskRole.roleArn, taskDefinition.executionRole!.roleArn),
      );
    });

    const outputs: Record<string, string> = {
      ClusterName: cluster.clusterName,
      ConfigBucketName: configBucket.bucketName,
      DatabaseEndpoint: database.clusterEndpoint.socketAddress,
      DatabaseSecretArn: database.secret!.secretArn,
      ImageBuilderPolicyArn: imageBuilder.managedPolicyArn,
      ServiceUpdaterPolicyArn: serviceUpdater.managedPolicyArn,
      ...Object.fromEntries(services.flatMap(({ name, service, repository, distribution }) => [
        [`${name}Service`, service.service.serviceName], [`${name}Repository`, repository.repositoryUri], [`${name}Dns`, distribution.distributionDomainName],
      ])),
    };
    Object.entries(outputs).forEach(([name, value]) => new CfnOutput(this, name, { value }));
  }
}

if (require.main === module) {
  new PeersStack(new App(), 'OkyappInfo');
}
