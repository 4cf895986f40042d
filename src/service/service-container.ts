import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';

/** A container that knows the names of the variables in its task definition, also of those that are added later. */
export class ServiceContainer extends ecs.ContainerDefinition {
  // Undefined while the L2's constructor adds the first ones.
  private later?: Set<string>;

  constructor(scope: Construct, id: string, private readonly given: ecs.ContainerDefinitionProps) {
    super(scope, id, given);
    this.later = new Set();
  }

  public override addEnvironment(name: string, value: string): void {
    super.addEnvironment(name, value);
    this.later?.add(name);
  }

  public override addSecret(name: string, secret: ecs.Secret): void {
    super.addSecret(name, secret);
    this.later?.add(name);
  }

  /** Names of environment variables and of secrets, sorted, each once. */
  public get variables(): string[] {
    const { environment = {}, secrets = {} } = this.given;
    return [...new Set([...Object.keys(environment), ...Object.keys(secrets), ...this.later ?? []])].sort();
  }
}
