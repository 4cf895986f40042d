import { list, type Resource, type Template, type Value, walk } from './template';

interface CreationTime {
  readonly seconds: number;
  /** Where it is from; an estimate where nobody says. */
  readonly source?: string;
}

/** From IAM to the end of a wait for its copies in all regions. */
const IAM: CreationTime = { seconds: 20, source: 'https://github.com/unbounce/iidy/issues/145' };

/**
 * How long CloudFormation typically takes to create what takes long. Nothing here was measured for this library: they are estimates
 * where no source is named.
 */
export const CREATION: Record<string, CreationTime> = {
  'AWS::CloudFront::VpcOrigin': {
    seconds: 900, source: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html',
  },
  'AWS::RDS::DBInstance': { seconds: 420 },
  'AWS::CloudFront::Distribution': {
    seconds: 300,
    source: 'https://aws.amazon.com/blogs/networking-and-content-delivery/slashing-cloudfront-change-propagation-times-in-2020-recent-changes-and-looking-forward/',
  },
  'AWS::ECS::Service': { seconds: 180 },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': { seconds: 150 },
  'AWS::CertificateManager::Certificate': { seconds: 180 },
  'AWS::EC2::NatGateway': { seconds: 120 },
  'AWS::EC2::VPCEndpoint': { seconds: 90 },
  'AWS::KMS::Key': { seconds: 90 },
  'AWS::RDS::DBCluster': { seconds: 60 },
  'AWS::S3::Bucket': { seconds: 25 },
  'AWS::IAM::Role': IAM,
  'AWS::IAM::ManagedPolicy': IAM,
  'AWS::EC2::InternetGateway': { seconds: 20 },
  'AWS::EC2::VPC': { seconds: 15 },
  'AWS::RDS::DBClusterParameterGroup': { seconds: 15 },
  'AWS::SecretsManager::Secret': { seconds: 15 },
  'AWS::ElasticLoadBalancingV2::TargetGroup': { seconds: 15 },
};

/** Of whatever is not listed: rules, routes, log groups, alarms, definitions. */
export const OTHERWISE = 10;

/** A service without a task is there at once. */
function secondsOf({ Type: type, Properties: properties }: Resource): number {
  return type === 'AWS::ECS::Service' && properties?.DesiredCount === 0 ? OTHERWISE : CREATION[type]?.seconds ?? OTHERWISE;
}

export interface Step {
  readonly id: string;
  readonly type: string;
  /** Since the beginning of the deployment. */
  readonly begins: number;
  readonly ends: number;
}

/** All that a resource waits for: what it refers to, and what it is told to. */
function prerequisites(template: Template, id: string): string[] {
  const { Properties: properties = {}, DependsOn: dependsOn } = template.Resources[id];
  const found = [...walk(properties)].flatMap((value: Value): Value[] => {
    if (typeof value === 'string') {
      // Within Fn::Sub.
      return [...value.matchAll(/\$\{(\w+)/g)].map(([, name]) => name);
    }
    if (value === null || typeof value !== 'object' || Array.isArray(value)) {
      return [];
    }
    const attribute = value['Fn::GetAtt'];
    return [value.Ref, typeof attribute === 'string' ? attribute.split('.')[0] : list(attribute)[0]].flatMap(each => each === undefined ? [] : [each]);
  });
  const names = [...found, ...list(dependsOn)].filter((each): each is string => typeof each === 'string');
  return [...new Set(names)].filter(each => each !== id && each in template.Resources);
}

interface ScheduledStep extends Step {
  /** The one that kept it waiting; undefined where none did. */
  readonly after?: string;
}

/** When each resource is made, if each begins as soon as all that it waits for is there. */
export function schedule(template: Template): Map<string, ScheduledStep> {
  const steps = new Map<string, ScheduledStep>();
  const visit = (id: string): Step => {
    const known = steps.get(id);
    if (known) {
      return known;
    }
    const before = prerequisites(template, id).map(visit);
    const last = before.reduce<Step | undefined>((latest, each) => !latest || each.ends > latest.ends ? each : latest, undefined);
    const begins = last?.ends ?? 0;
    const resource = template.Resources[id];
    const step: ScheduledStep = { id, type: resource.Type, begins, ends: begins + secondsOf(resource), after: last?.id };
    steps.set(id, step);
    return step;
  };
  Object.keys(template.Resources).forEach(visit);
  return steps;
}

/** The steps that decide when the last resource is there, or the last of a type. */
export function longestChain(template: Template, type?: string): Step[] {
  const steps = schedule(template);
  const ends = [...steps.values()].filter(step => type === undefined || step.type === type);
  const chain: Step[] = [];
  let step: ScheduledStep | undefined = ends.reduce((latest, each) => each.ends > latest.ends ? each : latest);
  while (step) {
    chain.unshift(step);
    step = step.after === undefined ? undefined : steps.get(step.after);
  }
  return chain;
}
