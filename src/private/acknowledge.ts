import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Validations } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { textOf } from './resolved-text';

/**
 * Acknowledges findings of the cdk-nag packs on the construct that causes them, each with the reason why it stands.
 * cdk-nag itself is no dependency: consumers who don't run it pay nothing.
 */
export function acknowledge(construct: IConstruct, findings: Record<string, string>): void {
  for (const [id, reason] of Object.entries(findings)) {
    Validations.of(construct).acknowledge({ id, reason });
  }
}

/** How cdk-nag's packs after laws and standards begin the ids of their rules, most of which they share. */
const PACKS = { NIST: 'NIST.800.53.R5', HIPAA: 'HIPAA.Security', PCI: 'PCI.DSS.321' };

/** One rule in the packs that have it, for one reason. */
export function inPacks(rule: string, reason: string, packs: (keyof typeof PACKS)[] = ['NIST', 'HIPAA', 'PCI']): Record<string, string> {
  return Object.fromEntries(packs.map(pack => [`${PACKS[pack]}-${rule}`, reason]));
}

/** Why something may be deleted. */
export const UNPROTECTED = 'deletionProtection is set to false, by whoever takes the deployment down; what is left of the database is for database.removalPolicy to say';

/** Of a log that is to be kept without end. */
export function acknowledgeRetention(logGroup: IConstruct, retention: RetentionDays): void {
  if (retention === RetentionDays.INFINITE) {
    const endless = 'logRetention asks for logs that are kept for ever';
    acknowledge(logGroup, {
      ...inPacks('CloudWatchLogGroupRetentionPeriod', endless),
    });
  }
}

/** The id of cdk-nag's finding about a wildcard in a resource, which shows references as `textOf` does. */
export function wildcardFinding(scope: IConstruct, resource: string): string {
  return `AwsSolutions-IAM5[Resource::${textOf(scope, resource)}]`;
}

/** The id of cdk-nag's finding about a policy that AWS keeps. */
export function awsPolicyFinding(scope: IConstruct, policyArn: string): string {
  return `AwsSolutions-IAM4[Policy::${textOf(scope, policyArn)}]`;
}
