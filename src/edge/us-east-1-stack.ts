import { Annotations, CfnOutput, Fn, type IStackSynthesizer, isReusableStackSynthesizer, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { isInUsEast1, US_EAST_1 } from '../private/regions';

/** The options that all stacks of a deployment in us-east-1 share. */
export interface UsEast1StackOptions {
  readonly terminationProtection: boolean;
  readonly synthesizer?: IStackSynthesizer;
}

export interface UsEast1StackProps extends UsEast1StackOptions {
  readonly stackName: string;
  readonly description: string;
}

/**
 * Where to put what must be in us-east-1: a plain construct if the deployment is there itself, a stack of its own
 * otherwise. The stacks are linked by outputs that CloudFormation reads across regions, without a Lambda function.
 */
export class UsEast1Stack extends Construct {
  /** The stack in us-east-1; undefined where the deployment is there itself. */
  public readonly stack?: Stack;
  /** The scope for what belongs into us-east-1. */
  public readonly home: Construct;

  constructor(scope: Construct, id: string, props: UsEast1StackProps) {
    super(scope, id);
    const main = Stack.of(scope);
    if (isInUsEast1(scope)) {
      this.home = this;
      return;
    }
    this.stack = new Stack(this, 'Stack', {
      ...props,
      synthesizer: props.synthesizer ?? synthesizerOf(main),
      // Tags of a stack stay in it: a stack that is made inside has none of them.
      tags: main.tags.tagValues(),
      env: { account: main.account, region: US_EAST_1 },
    });
    this.home = this.stack;
    const [mine, its] = [main, this.stack].map(stack => stack.synthesizer.bootstrapQualifier);
    if (mine !== its) {
      Annotations.of(this).addWarningV2('cdk-oky-backend:bootstrapQualifier',
        `the stack is deployed with the bootstrap qualifier '${mine}', but ${this.stack.stackName} in ${US_EAST_1} with '${its}'; `
        + 'give edge.synthesizer the same, or set the qualifier for the whole app');
    }
  }

  /** Deploys the stack in us-east-1 first and lets the main stack read a value of it. */
  public toMain(name: string, value: string): string {
    if (!this.stack) {
      return value;
    }
    Stack.of(this).addStackDependency(this.stack);
    return read(new CfnOutput(this.stack, name, { value, description: 'Read by the main stack' }));
  }

  /** Deploys the main stack first and lets the stack in us-east-1 read an output of it. */
  public fromMain(output: CfnOutput): string {
    if (!this.stack) {
      return output.value;
    }
    this.stack.addStackDependency(Stack.of(this));
    return read(output);
  }
}

/**
 * The synthesizer that the stack was given, for another stack. A stack binds a copy of it, whose prototype it is; a synthesizer that can be bound
 * only once has no copy.
 */
function synthesizerOf({ synthesizer }: Stack): IStackSynthesizer | undefined {
  const given = Object.getPrototypeOf(synthesizer) as IStackSynthesizer;
  return given.constructor.prototype !== given && isReusableStackSynthesizer(given) ? given : undefined;
}

/** Explicit, as automatic references across regions want a Lambda function, a feature flag or a known account. */
function read(output: CfnOutput): string {
  return Fn.getStackOutput(output.stack.stackName, output.logicalId, output.stack.region);
}
