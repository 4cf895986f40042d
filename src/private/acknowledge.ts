import { Stack, Validations } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/**
 * Acknowledges findings of the cdk-nag packs on the construct that causes them, each with the reason why it stands.
 * cdk-nag itself is no dependency: consumers who don't run it pay nothing.
 */
export function acknowledge(construct: IConstruct, findings: Record<string, string>): void {
  for (const [id, reason] of Object.entries(findings)) {
    Validations.of(construct).acknowledge({ id, reason });
  }
}

/** Why something may be deleted. */
export const UNPROTECTED = 'deletionProtection is set to false, by whoever takes the deployment down; what is left of the database is for database.removalPolicy to say';

/** The id of cdk-nag's finding about a wildcard in a resource, which shows references as `<AWS::Partition>`. */
export function wildcardFinding(scope: IConstruct, resource: string): string {
  const resolved: string | { 'Fn::Join': [string, (string | { Ref: string })[]] } = Stack.of(scope).resolve(resource);
  const text = typeof resolved === 'string' ? resolved : resolved['Fn::Join'][1].map(part => typeof part === 'string' ? part : `<${part.Ref}>`).join('');
  return `AwsSolutions-IAM5[Resource::${text}]`;
}
