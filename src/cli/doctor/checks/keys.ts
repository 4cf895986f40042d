import type { Check, Context } from '../check';
import { forEach } from '../check';
import { finding, type Finding } from '../findings';
import { type Policy, lacking, type Statement } from '../key-policy';
import { at, listAt } from '../template';

interface KeyMetadata {
  readonly KeyState: string;
  readonly KeySpec?: string;
}

export const keys: Check = {
  name: 'imported keys',
  run: async context => {
    const shared = keysIn(context, 'AWS::Logs::LogGroup', 'KmsKeyId');
    const all = new Set([...shared, ...keysIn(context, 'AWS::RDS::DBCluster', 'KmsKeyId')]);
    return forEach([...all], async arn => look(context, arn, shared.includes(arn)));
  },
};

/** Keys that are not made here, by their ARNs. */
function keysIn({ deployment }: Context, type: string, property: string): string[] {
  const values = deployment.resources(type, [deployment.main]).map(({ Properties }) => at(Properties, property));
  return [...new Set(values.filter(value => typeof value === 'string' && value.includes(':kms:')) as string[])];
}

async function look(context: Context, arn: string, isShared: boolean): Promise<Finding[]> {
  const { aws } = context;
  const region = arn.split(':')[3];
  const id = ['--key-id', arn];
  const found = await aws.find<{ readonly KeyMetadata: KeyMetadata }>(/^NotFoundException$/, 'kms', 'describe-key', id, region);
  if (!found) {
    return [finding('key', `there is no key ${arn}`, aws.command(['kms', 'list-aliases'], region), 'give the ARN of a key in the region of the stack; this lists those that there are')];
  }
  const { KeyState, KeySpec = 'SYMMETRIC_DEFAULT' } = found.KeyMetadata;
  if (KeySpec !== 'SYMMETRIC_DEFAULT') {
    return [finding('key', `${arn} is a key of the kind ${KeySpec}, not a symmetric one`, aws.command(['kms', 'create-key'], region), 'give a symmetric one, such as this makes')];
  }
  if (KeyState !== 'Enabled') {
    const isLeaving = KeyState === 'PendingDeletion';
    return [finding('key', `${arn} is ${KeyState}`, aws.command(['kms', isLeaving ? 'cancel-key-deletion' : 'enable-key', ...id], region),
      isLeaving ? 'then turn it on again: aws kms enable-key' : undefined)];
  }
  if (!isShared) {
    return [];
  }
  const { Policy: text } = await aws.call<{ readonly Policy: string }>('kms', 'get-key-policy', [...id, '--policy-name', 'default'], region);
  const policy = JSON.parse(text) as Policy;
  const missing = lacking(policy, neededStatements(context));
  if (missing.length === 0) {
    return [];
  }
  const whole = JSON.stringify({ ...policy, Statement: [...[policy.Statement].flat(), ...missing] });
  return [finding('key-policy', `the policy of ${arn} does not let ${missing.map(({ Principal }) => Object.values(Principal ?? {}).join()).join(' and ')} use it as the deployment needs`,
    aws.command(['kms', 'put-key-policy', ...id, '--policy-name', 'default', '--policy', whole], region), 'this sets the present policy with what it lacks; it takes who administers the key')];
}

/** What the key that is made here says, for the same services: the template has it with its regions and accounts. */
function neededStatements({ deployment }: Context): Statement[] {
  const { account, partition } = deployment.place;
  const own = deployment.resources('AWS::KMS::Key', [deployment.main]).flatMap(({ Properties }) => listAt(Properties, 'KeyPolicy', 'Statement'));
  const ofServices = own.filter(statement => at(statement, 'Principal', 'Service') !== undefined);
  return [
    // So that the policies of the roles count.
    { Effect: 'Allow', Principal: { AWS: `arn:${partition}:iam::${account}:root` }, Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Resource: '*' },
    ...ofServices.map(statement => plain(deployment, statement) as Statement),
  ];
}

/** A value of the template with all that it refers to in place. */
function plain(deployment: Context['deployment'], value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(each => plain(deployment, each));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const text = deployment.textOf(deployment.main, value);
  return text ?? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(deployment, each)]));
}
