import type { Assembled, Stack } from '../assembly';
import type { Aws } from '../aws';
import type { Check } from '../check';
import { forEach } from '../check';
import type { Live } from '../deployment';
import { finding } from '../findings';

/** What the CDK's bootstrap calls what is its own; another qualifier must be named. */
const DEFAULT_QUALIFIER = 'hnb659fds';

interface DescribedStack {
  readonly StackStatus: string;
  readonly Outputs?: { readonly OutputKey: string; readonly OutputValue: string }[];
}

interface ListedResource {
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceStatus: string;
}

/** What is there of each stack; undefined for one that is not deployed yet. */
export async function readLive(aws: Aws, { main, companions }: Assembled, region: string): Promise<Map<Stack, Live | undefined>> {
  const look = async (stack: Stack): Promise<Live | undefined> => {
    const name = ['--stack-name', stack.name];
    const found = await aws.find<{ readonly Stacks: DescribedStack[] }>(/does not exist/, 'cloudformation', 'describe-stacks', name, stack.region ?? region);
    if (!found) {
      return undefined;
    }
    const [{ StackStatus: status, Outputs = [] }] = found.Stacks;
    const { StackResourceSummaries: resources } = await aws.call<{ readonly StackResourceSummaries: ListedResource[] }>(
      'cloudformation', 'list-stack-resources', name, stack.region ?? region);
    const there = resources.filter(({ ResourceStatus }) => !ResourceStatus.startsWith('DELETE_'));
    return {
      status,
      resources: new Map(there.flatMap(({ LogicalResourceId: logical, PhysicalResourceId: physical }) => physical ? [[logical, physical]] : [])),
      outputs: new Map(Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue])),
    };
  };
  return new Map(await Promise.all([main, ...companions].map(async stack => [stack, await look(stack)] as const)));
}

export const bootstrap: Check = {
  name: 'bootstrap',
  run: async ({ aws, deployment }) => {
    const key = (stack: Stack) => `${deployment.regionOf(stack)} ${stack.bootstrap?.parameter}`;
    const once = new Map(deployment.stacks.map(stack => [key(stack), stack]));
    return forEach([...once.values()], async stack => {
      if (!stack.bootstrap) {
        return [];
      }
      const { parameter, version } = stack.bootstrap;
      const region = deployment.regionOf(stack);
      const qualifier = parameter.split('/')[2];
      const place = `aws://${deployment.place.account}/${region}`;
      const mend = `npx cdk bootstrap ${place}${qualifier === DEFAULT_QUALIFIER ? '' : ` --qualifier ${qualifier}`}`;
      const found = await aws.find<{ readonly Parameter: { readonly Value: string } }>(/^ParameterNotFound$/, 'ssm', 'get-parameter', ['--name', parameter], region);
      if (!found) {
        return [finding('bootstrap', `${region} has no ${parameter}`, mend)];
      }
      const there = Number(found.Parameter.Value);
      return there >= version ? [] : [finding('bootstrap-version', `${region} has version ${there} of the bootstrap stack, ${stack.path} needs ${version}`, mend)];
    });
  },
};

export const states: Check = {
  name: 'state of the stacks',
  run: async ({ aws, deployment }) => deployment.stacks.flatMap(stack => {
    const { status } = deployment.liveOf(stack) ?? {};
    const name = ['--stack-name', stack.name];
    if (status === 'UPDATE_ROLLBACK_FAILED') {
      return [finding('stack-state', `${stack.name} is ${status}`, aws.command(['cloudformation', 'continue-update-rollback', ...name], deployment.regionOf(stack)),
        'its events say which resource could not go back: mend that first')];
    }
    if (status === 'DELETE_FAILED') {
      return [finding('stack-state', `${stack.name} is ${status}`, aws.command(['cloudformation', 'describe-stack-events', ...name], deployment.regionOf(stack)),
        'don\'t delete it again, and turn no protection off: what holds data is still there, and the runbook "Destroyed by mistake" brings the rest back')];
    }
    if (status !== undefined && /^(ROLLBACK_COMPLETE|ROLLBACK_FAILED|CREATE_FAILED)$/.test(status)) {
      return [finding('stack-state', `${stack.name} is ${status}`, aws.command(['cloudformation', 'delete-stack', ...name], deployment.regionOf(stack)),
        'first read in its events what failed, and the runbook "A first deployment that failed"; nothing of this stack was ever in use if it is the first deployment')];
    }
    return [];
  }),
};
