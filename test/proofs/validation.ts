import { createHash } from 'crypto';
import * as fs from 'fs';
import { App, CloudFormationValidatePlugin } from 'aws-cdk-lib/core';
import { type CloudAssembly, type CloudFormationStackArtifact, UNKNOWN_ACCOUNT, UNKNOWN_REGION } from 'aws-cdk-lib/cx-api';

const PREFIX = 'CloudFormation-Validate::';
let plugin: CloudFormationValidatePlugin | undefined;

/** The ids of the rules that are acknowledged on a resource, or on a construct that holds it. */
function acknowledgedOn(stack: CloudFormationStackArtifact, logicalId: string | undefined): string[] {
  const resource = stack.findMetadataByType('aws:cdk:logicalId').find(({ data }) => data === logicalId)?.path ?? `/${stack.hierarchicalId}`;
  return stack.findMetadataByType('aws:cdk:acknowledged-rules')
    .filter(({ path }) => `${resource}/`.startsWith(`${path}/`))
    .flatMap(({ data }) => Object.keys(data as object));
}

/**
 * CDK's own CloudFormation validation of many assemblies: each distinct template once, as most feature flags and many
 * documents give the same one. It is what `cdk synth` reports, and what stops it with the recommended feature flags.
 */
export class Validation {
  private readonly stacks = new Map<string, CloudFormationStackArtifact>();
  private seen = 0;

  public add(assembly: CloudAssembly): void {
    for (const stack of assembly.stacksRecursively) {
      this.seen += 1;
      const { region } = stack.environment;
      this.stacks.set(createHash('sha256').update(region + fs.readFileSync(stack.templateFullPath, 'utf8')).digest('hex'), stack);
    }
  }

  /** How many templates were given, and how many of them differ. */
  public get counts(): { readonly templates: number; readonly distinct: number } {
    return { templates: this.seen, distinct: this.stacks.size };
  }

  /** What is not acknowledged: the stack, the rule, the resource and what is wrong. */
  public findings(): string[] {
    const stacks = [...this.stacks.values()];
    const { violations } = (plugin ??= new CloudFormationValidatePlugin()).validate({
      templatePaths: stacks.map(({ templateFullPath }) => templateFullPath),
      stackTemplates: stacks.map(({ templateFullPath, hierarchicalId, environment: { account, region } }) => ({
        templatePath: templateFullPath,
        stackConstructPath: hierarchicalId,
        accountId: account === UNKNOWN_ACCOUNT ? undefined : account,
        region: region === UNKNOWN_REGION ? undefined : region,
      })),
      appConstruct: new App(),
    });
    return violations.flatMap(({ ruleName, description, violatingResources }) => violatingResources.flatMap(({ templatePath, resourceLogicalId }) => {
      const stack = stacks.find(({ templateFullPath }) => templateFullPath === templatePath)!;
      return acknowledgedOn(stack, resourceLogicalId).includes(PREFIX + ruleName) ? []
        : `${stack.stackName}: ${ruleName} ${resourceLogicalId ?? 'the template'}: ${description}`;
    }));
  }
}
