import { UnusableCall } from '../doctor/assembly';
import type { Aws } from '../doctor/aws';

/** The stack of a deployment in the account, as its outputs describe it. */
export class DeployedStack {
  /** Reads the outputs. The backend is found by the outputs that each one has, whatever the id of its construct. */
  public static async read(aws: Aws, name: string, region?: string): Promise<DeployedStack> {
    interface Answer { readonly Stacks: { readonly Outputs?: { readonly OutputKey: string; readonly OutputValue: string }[] }[] }
    const found = await aws.find<Answer>(/does not exist/, 'cloudformation', 'describe-stacks', ['--stack-name', name], region);
    if (!found) {
      throw new UnusableCall(`there is no stack ${name} in this account and region: name it with --stack, its region with --region`);
    }
    const outputs = new Map(found.Stacks[0].Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
    const prefixes = [...outputs.keys()].flatMap(key => /^(.*)ApiHost$/.exec(key)?.[1] ?? []).filter(prefix => outputs.has(`${prefix}ClusterName`));
    if (prefixes.length !== 1) {
      throw new UnusableCall(`the stack ${name} must have one OkyBackend in it, got: ${prefixes.join(', ') || 'none'}; name another one with --stack`);
    }
    return new DeployedStack(name, prefixes[0], outputs);
  }

  private constructor(readonly name: string, private readonly prefix: string, private readonly outputs: ReadonlyMap<string, string>) {}

  /** The value of an output of the backend, undefined if the stack does not have it. */
  public find(output: string): string | undefined {
    return this.outputs.get(this.prefix + output);
  }

  /** The value of an output that the command needs; `fix` says which option makes it. */
  public get(output: string, fix = 'deploy with this version of the library'): string {
    const value = this.find(output);
    if (value === undefined) {
      throw new UnusableCall(`the stack ${this.name} has no output ${this.prefix}${output}: ${fix}`);
    }
    return value;
  }
}
