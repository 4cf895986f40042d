import { invalid, isKnown, requirePattern } from './validation';

/** Which of the two containers of Oky. */
export type ServiceName = 'api' | 'cms';

/**
 * Every physical name, derived from the prefix. Operators' commands, IAM policies and dashboards rely on them,
 * so they are as public as the construct ids. What may have to be replaced one day has no name here.
 */
export class PhysicalNames {
  public readonly cluster: string;
  public readonly insightsLogGroup: string;
  public readonly webAclLogGroup: string;
  public readonly cmsAssetsPolicy: string;
  public readonly edgeStack: string;
  public readonly edgeWatchStack: string;
  public readonly alarmTopic: string;
  public readonly dashboard: string;
  public readonly metricNamespace: string;
  public readonly webAclMetric: string;

  constructor(public readonly prefix: string) {
    // 30 characters leave room for the longest name, a role's (64), and the tightest alphabet, a repository's.
    requirePattern('namePrefix', prefix, /^(?=.{2,30}$)[a-z](?:-?[a-z0-9])+$/,
      'be 2 to 30 lower-case letters, digits and single hyphens, beginning with a letter', "use one such as 'oky-kenya'");
    this.cluster = `${prefix}-ecs-cluster`;
    this.insightsLogGroup = `/aws/ecs/containerinsights/${this.cluster}/performance`;
    // WAF accepts only log groups with this beginning.
    this.webAclLogGroup = `aws-waf-logs-${prefix}`;
    // CloudFront wants names of its policies, and each once in an account.
    this.cmsAssetsPolicy = `${prefix}-cms-assets`;
    this.edgeStack = `${prefix}-edge`;
    this.edgeWatchStack = `${prefix}-edge-watch`;
    this.alarmTopic = `${prefix}-alarms`;
    this.dashboard = prefix;
    // Nothing may begin with AWS/ but what AWS reports itself.
    this.metricNamespace = `Oky/${prefix}`;
    this.webAclMetric = `${prefix}-WebAcl`;
  }

  public taskFamily(task: ServiceName | 'sql'): string {
    return `${this.prefix}-ecs-${task}-task`;
  }

  public taskRole(service: ServiceName): string {
    return `${this.taskFamily(service)}-role`;
  }

  public executionRole(task: ServiceName | 'sql'): string {
    return `${this.prefix}-ecs-${task}-execution-role`;
  }

  public service(service: ServiceName): string {
    return `${this.taskFamily(service)}-service`;
  }

  public taskLogGroup(service: ServiceName): string {
    return `/ecs/${this.taskFamily(service)}`;
  }

  /** The id of the construct, in the form of the other names. */
  public alarm(id: string): string {
    return `${this.prefix}-${id.replace(/\B[A-Z]/g, letter => `-${letter}`).toLowerCase()}`;
  }

  public repository(service: ServiceName, given?: string): string {
    requirePattern(`${service}.repositoryName`, given, /^(?=.{2,256}$)[a-z0-9]+(?:[._/-][a-z0-9]+)*$/,
      'be 2 to 256 lower-case letters and digits, with single separators out of ._-/ between them', "use one such as 'oky/api_en'");
    return given ?? `${this.prefix}/${service}`;
  }
}

/** The part of a service's options that says where its images are. */
export interface RepositoryOptions {
  readonly repositoryName?: string;
  readonly repository?: unknown;
}

/** Two repositories that are made here can't have one name. */
export function requireRepositories(names: PhysicalNames, api: RepositoryOptions = {}, cms: RepositoryOptions = {}): void {
  if (api.repository || cms.repository) {
    return;
  }
  const name = names.repository('cms', cms.repositoryName);
  if (isKnown(name) && name === names.repository('api', api.repositoryName)) {
    throw invalid('cms.repositoryName', 'differ from that of the API, as each repository is made once', name, 'use another, or give cms.repository');
  }
}
