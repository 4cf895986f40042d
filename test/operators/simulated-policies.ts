/** The operators' policies as a deployment has them, and what IAM would allow to somebody who has nothing else. */
import { runSimulation } from '@cloud-copilot/iam-simulate';
import { ACCOUNT, type Overrides, REGION, templateOf } from '../helpers';

/** A call: the action, on what, and the values of its condition keys. */
export type Call = readonly [action: string, resource: string, keys?: Readonly<Record<string, string | string[]>>];

export interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

export interface PolicyDocument {
  readonly Version: string;
  readonly Statement: Statement[];
}

export interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
}

export type Policies = Record<string, PolicyDocument>;

export const arn = (service: string, resource: string, { region = REGION, account = ACCOUNT } = {}) => `arn:aws:${service}:${region}:${account}:${resource}`;
export const repository = (name: string, elsewhere = {}) => arn('ecr', `repository/${name}`, elsewhere);
export const family = (name: string, revision = '7', elsewhere = {}) => arn('ecs', `task-definition/${name}:${revision}`, elsewhere);
export const service = (name: string, cluster = 'project-oky-ecs-cluster', elsewhere = {}) => arn('ecs', `service/${cluster}/${name}`, elsewhere);
export const role = (name: string, account = ACCOUNT) => `arn:aws:iam::${account}:role/${name}`;
export const parameter = (name: string) => arn('ssm', `parameter${name}`);
/** As the documents name the stack. */
export const STACK = arn('cloudformation', 'stack/OkyBackend/00000000-0000-4000-8000-000000000000');

export const KEY = arn('kms', 'key/11111111-2222-3333-4444-555555555555');

const PSEUDO: Record<string, string> = {
  'AWS::AccountId': ACCOUNT, 'AWS::Partition': 'aws', 'AWS::Region': REGION, 'AWS::StackId': STACK, 'AWS::URLSuffix': 'amazonaws.com',
};

/** What the intrinsic functions stand for in a deployment. */
export function resolve(value: unknown, resources: Record<string, Resource>): unknown {
  if (Array.isArray(value)) {
    return value.map(each => resolve(each, resources));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const [[name, argument]] = Object.entries(value) as [string, unknown][];
  switch (name) {
    case 'Ref':
      return PSEUDO[argument as string] ?? attribute(resources[argument as string], 'Ref');
    case 'Fn::GetAtt': {
      const [id, attributeName] = argument as [string, string];
      return attribute(resources[id], attributeName);
    }
    case 'Fn::Join': {
      const [separator, parts] = resolve(argument, resources) as [string, string[]];
      return parts.join(separator);
    }
    case 'Fn::Split': {
      const [separator, text] = resolve(argument, resources) as [string, string];
      return text.split(separator);
    }
    case 'Fn::Select': {
      const [index, parts] = resolve(argument, resources) as [string, string[]];
      return parts[Number(index)];
    }
    default:
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner, resources)]));
  }
}

function attribute({ Type, Properties }: Resource, name: string): string {
  const known: Record<string, () => unknown> = {
    'AWS::EC2::Subnet.Ref': () => `subnet-${String(Properties.CidrBlock)}`,
    'AWS::ECR::Repository.Ref': () => Properties.RepositoryName,
    'AWS::ECR::Repository.Arn': () => repository(Properties.RepositoryName as string),
    'AWS::ECS::Cluster.Ref': () => Properties.ClusterName,
    'AWS::ECS::Cluster.Arn': () => arn('ecs', `cluster/${Properties.ClusterName as string}`),
    'AWS::RDS::DBCluster.Ref': () => 'oky',
    'AWS::RDS::DBCluster.DBClusterArn': () => arn('rds', 'cluster:oky'),
    'AWS::KMS::Key.Arn': () => KEY,
    'AWS::S3::Bucket.Arn': () => 'arn:aws:s3:::oky-config',
    'AWS::ECS::Service.Name': () => Properties.ServiceName,
    'AWS::IAM::Role.Arn': () => role(Properties.RoleName as string),
  };
  const found = known[`${Type}.${name}`];
  if (!found) {
    throw new Error(`what ${name} of ${Type} stands for is not known here`);
  }
  return found() as string;
}

/** The policies of the operators by the ends of their ids, and those of the role for GitHub. */
export function policiesOf(overrides: Overrides = {}): { readonly made: Policies; readonly ofGithub?: Policies } {
  const { Resources: resources } = templateOf(overrides).toJSON() as { readonly Resources: Record<string, Resource> };
  const documentOf = (id: string) => {
    const { Version, Statement: statements } = resources[id].Properties.PolicyDocument as PolicyDocument;
    return { Version, Statement: statements.map(each => resolve(each, resources) as Statement) };
  };
  const ids = Object.keys(resources).filter(id => /^OkyOperators(ImageBuilder|ServiceUpdater|SchemaUpdater)/.test(id));
  const named = (chosen: string[]) =>
    Object.fromEntries(chosen.map(id => [id.replace(/^OkyOperators|[0-9A-F]{8}$/g, ''), documentOf(id)]));
  const github = Object.entries(resources).find(([id]) => id.startsWith('OkyOperatorsGithubRole'))?.[1].Properties;
  return {
    made: named(ids),
    // An inline policy would be one more way to get rights.
    ofGithub: github && {
      ...named((github.ManagedPolicyArns as { Ref: string }[]).map(({ Ref }) => Ref)),
      ...(github.Policies as Policies | undefined),
    },
  };
}

/** Whether IAM would allow the call to somebody with these policies and nothing else. */
export async function isAllowed(policies: Policies, [action, resource, keys = {}]: Call): Promise<boolean> {
  const result = await runSimulation({
    request: {
      principal: `arn:aws:iam::${ACCOUNT}:user/operator`,
      action,
      resource: { resource, accountId: resource.split(':')[4] || ACCOUNT },
      contextVariables: keys,
    },
    identityPolicies: Object.entries(policies).map(([name, policy]) => ({ name, policy })),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  }, {});
  if (result.resultType === 'error') {
    throw new Error(`${action} on ${resource}: ${JSON.stringify(result.errors)}`);
  }
  return result.overallResult === 'Allowed';
}

export async function allowedOf(policies: Policies, calls: readonly Call[]): Promise<readonly Call[]> {
  const answers = await Promise.all(calls.map(call => isAllowed(policies, call)));
  return calls.filter((_, index) => answers[index]);
}
