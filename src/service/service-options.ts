import type * as ecr from 'aws-cdk-lib/aws-ecr';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { IConstruct } from 'constructs';

/** How the number of tasks follows the load. What is left out here is taken from `scaling` of the deployment. */
export interface OkyScalingOptions {
  /**
   * The least number of tasks.
   *
   * @default 1, or 2 with `highAvailability`
   */
  readonly minCapacity?: number;

  /**
   * The most tasks: what bounds the bill under load.
   *
   * @default 4, or `minCapacity` where that is more
   */
  readonly maxCapacity?: number;

  /**
   * The average share of the CPU to keep to, 10 to 100. Logins are what costs Oky CPU.
   *
   * @default 60
   */
  readonly targetCpuUtilizationPercent?: number;

  /**
   * The average share of the memory to keep to, 10 to 100.
   *
   * @default - memory does not scale
   */
  readonly targetMemoryUtilizationPercent?: number;

  /**
   * The requests a minute and task to keep to.
   *
   * @default - requests do not scale
   */
  readonly requestsPerTarget?: number;
}

/** One of the two services. */
export interface OkyServiceOptions {
  /**
   * The part before `domainName`. A change makes other certificates, and the apps that know the old name lose their way.
   *
   * @default 'api' or 'cms'
   */
  readonly subdomain?: string;

  /**
   * The tag of the image in the repository. Without it, `imageTagParameter` and `image`, the service is made with no task,
   * so that a first deployment never waits for an image.
   *
   * @default - no image yet
   */
  readonly imageTag?: string;

  /**
   * The name of an existing parameter (type String) of the Systems Manager Parameter Store that holds the tag, instead of
   * `imageTag`. Each deployment reads it anew, so that a release outside of CDK, which writes it too, is not undone by the
   * next deployment. Both services may share one, where their images have the same tag.
   *
   * @default - `imageTag`
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/systems-manager-parameter-types.html
   */
  readonly imageTagParameter?: string;

  /**
   * The name of the repository made here. Can't be changed later: that would make another repository, empty, and leave the
   * old one behind.
   *
   * @default '<namePrefix>/api' or '<namePrefix>/cms'
   */
  readonly repositoryName?: string;

  /**
   * An existing repository. A change from the one made here leaves that one behind without a stack: push the images to the
   * new one before, and to go back import the old one, whose name is taken.
   *
   * @default - a repository is made
   */
  readonly repository?: ecr.IRepository;

  /**
   * An image from elsewhere, instead of a tag in the repository. It is started as one of Oky; one that is built in another
   * way needs `command` too, if only an empty one. Give an image in ECR with `ContainerImage.fromEcrRepository`. Without internet
   * access, an image in a public registry or in ECR of another region is refused. For a repository of another account a warning
   * prints the statement that its policy needs.
   *
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
   * @default - `imageTag` or `imageTagParameter` in the repository
   */
  readonly image?: ecs.ContainerImage;

  /**
   * The port that the container listens on. The CMS image of Oky listens on 5000, whatever is set.
   *
   * @default 3000 for the API, 5000 for the CMS
   */
  readonly containerPort?: number;

  /**
   * CPU units, 1024 to a virtual CPU: 256, 512, 1024, 2048, 4096, 8192 or 16384.
   *
   * @default 256
   */
  readonly cpu?: number;

  /**
   * Memory in MiB; which values there are depends on `cpu`.
   *
   * @default 512 for the API, 1024 for the CMS, which holds uploads in memory
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
   */
  readonly memoryLimitMiB?: number;

  /**
   * What the image is built for. ARM64 costs a fifth less and needs an image built for it.
   *
   * @default CpuArchitecture.X86_64
   */
  readonly cpuArchitecture?: ecs.CpuArchitecture;

  /**
   * Whether the tasks run on Fargate Spot, for up to 70 % less. Not for production: AWS takes a task back with two minutes'
   * notice, and there may be none to be had for hours; nothing falls back to the full price. Not together with
   * `highAvailability`. X86_64 and ARM64 both have it. A change is a deployment of the service, without replacing it.
   *
   * @default false
   * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html
   */
  readonly useSpot?: boolean;

  /**
   * The number of tasks. Not together with scaling, which then decides.
   *
   * @default 1, or 2 with `highAvailability`; 0 while there is no image
   */
  readonly desiredCount?: number;

  /**
   * Further environment variables, which win over those set here. Nothing secret: they can be read in the console.
   *
   * @default - only those that the container needs
   */
  readonly environment?: { [name: string]: string };

  /**
   * Further environment variables from secrets of Secrets Manager or parameters of the Parameter Store, which win over those set
   * here. Import a secret with its `encryptionKey` if it is under a customer-managed key: the tasks may then use the key. Without
   * internet access, a secret of another region is refused. For a secret of another account a warning prints the statement that its
   * policy needs.
   *
   * @default - only those that the container needs
   */
  readonly secrets?: { [name: string]: ecs.Secret };

  /**
   * The secret that sessions are signed with: `APPLICATION_SECRET` of the API, `PASSPORT_SECRET` of the CMS, as its whole
   * value. Another value logs every user out, so whoever moves a running deployment over gives the old one; imported with
   * its `encryptionKey`, where it is under a customer-managed one.
   *
   * @default - generated once, and kept where another one is given
   */
  readonly signingSecret?: secretsmanager.ISecret;

  /**
   * The key of an environment file in the config bucket, ending in `.env`. Upload it before the deployment that names it:
   * tasks don't start without it. What is set here wins over the file.
   *
   * @default - no environment file
   */
  readonly environmentFileKey?: string;

  /**
   * The path of that file on this machine, to be checked when the app is synthesised: quotes, names that the image
   * doesn't know or that are set here, values for development, and secrets are refused. It is not uploaded.
   *
   * @default - the file is not checked
   */
  readonly environmentFile?: string;

  /**
   * The container's command, for an image that is not built as Oky's are. By default the image's app is started without
   * yarn, with a longer keep-alive, with an end that lets requests finish, and with the files that it needs. An empty list is
   * the image's own command. With a command of your own, the database's certificate is not verified unless you see to it.
   *
   * @default - the app of an image of Oky is started, with what it lacks
   * @see https://github.com/cdk-oky-backend/cdk-oky-backend/blob/main/docs/containers.md
   */
  readonly command?: string[];

  /**
   * Whom the container runs as, a user or a user and a group. Not 0, which is root: the images run as that by themselves.
   *
   * @default '1000:1000', the user `node` of Oky's images
   */
  readonly user?: string;

  /**
   * Whether the container can write to nothing but `/tmp`, which is in memory. While `enableExecuteCommand` is on it can
   * write everywhere, since a session needs to.
   *
   * @default true, or false with `enableExecuteCommand`
   */
  readonly readonlyRootFilesystem?: boolean;

  /**
   * Google's credentials for push messages and voice-overs, the JSON of a service account as the whole value of the secret.
   * The CMS gets them as a file. They are of use with `network.egress` only.
   *
   * @default - none, and push messages fail
   */
  readonly googleCredentials?: secretsmanager.ISecret;

  /**
   * The path that the load balancer asks for. One that queries the database keeps it from ever pausing.
   *
   * @default '/'
   */
  readonly healthCheckPath?: string;

  /**
   * Scaling of this service, over that of the deployment.
   *
   * @default - as `scaling` of the deployment
   */
  readonly scaling?: OkyScalingOptions;

  /**
   * Whether a shell can be opened in the tasks with `aws ecs execute-command`, and their files be written. For an incident;
   * off again afterwards, which a warning reminds of.
   *
   * @default false
   */
  readonly enableExecuteCommand?: boolean;
}

/** One of the two services, as made. */
export interface IOkyService extends IConstruct {
  /** The ECS service. */
  readonly service: ecs.FargateService;
  /** What its tasks are made from. */
  readonly taskDefinition: ecs.FargateTaskDefinition;
  /** Where its images are. */
  readonly repository: ecr.IRepository;
  /** What the load balancer forwards to. */
  readonly targetGroup: elbv2.ApplicationTargetGroup;
  /** Where its tasks log to. */
  readonly logGroup: logs.ILogGroup;
  /** Its scaling, to add targets to; undefined where scaling is off or there is no image. */
  readonly scalableTaskCount?: ecs.ScalableTaskCount;
}
