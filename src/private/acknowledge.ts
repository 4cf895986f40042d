import { RetentionDays } from 'aws-cdk-lib/aws-logs';
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

/** Of a log that is to be kept without end. */
export function acknowledgeRetention(logGroup: IConstruct, retention: RetentionDays): void {
  if (retention === RetentionDays.INFINITE) {
    const endless = 'logRetention asks for logs that are kept for ever';
    acknowledge(logGroup, {
      'NIST.800.53.R5-CloudWatchLogGroupRetentionPeriod': endless,
      'HIPAA.Security-CloudWatchLogGroupRetentionPeriod': endless,
      'PCI.DSS.321-CloudWatchLogGroupRetentionPeriod': endless,
    });
  }
}

/** The id of cdk-nag's finding about a wildcard in a resource, which shows references as `<AWS::Partition>`. */
export function wildcardFinding(scope: IConstruct, resource: string): string {
  const resolved: string | { 'Fn::Join': [string, (string | { Ref: string })[]] } = Stack.of(scope).resolve(resource);
  const text = typeof resolved === 'string' ? resolved : resolved['Fn::Join'][1].map(part => typeof part === 'string' ? part : `<${part.Ref}>`).join('');
  return `AwsSolutions-IAM5[Resource::${text}]`;
}
