import { Annotations, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { factsOf, REGION_FACTS } from './region-facts';
import { invalid, isKnown } from './validation';

/** CloudFront's certificate, web ACL, logs and metrics are in this region, whatever the region of the deployment. */
export const US_EAST_1 = 'us-east-1';

export function isInUsEast1(scope: Construct): boolean {
  return Stack.of(scope).region === US_EAST_1;
}

/** The partitions whose regions have names of their own. @see https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html */
const OTHER_PARTITIONS: [names: RegExp, partition: string][] = [
  [/^cn-/, 'aws-cn, China'], [/^us-gov-/, 'aws-us-gov, GovCloud'], [/^eusc-/, 'aws-eusc, the European Sovereign Cloud'], [/^(us|eu)-iso/, 'an isolated one'],
];

/** CloudFront, its firewall and us-east-1 exist in one partition only; in a region that doesn't exist a deployment can't even begin. */
export function requireRegion(prop: string, region: string): void {
  const must = 'be a region of the partition aws';
  const [, partition] = OTHER_PARTITIONS.find(([names]) => names.test(region)) ?? [];
  if (partition) {
    throw invalid(prop, `${must}, as CloudFront, its certificate and its firewall exist in that partition only`, region,
      `it belongs to another partition (${partition}): use a region such as eu-west-2`);
  }
  if (!REGION_FACTS[region] && !isKnownToCdk(region)) {
    throw invalid(prop, must, region, `use one of ${Object.keys(REGION_FACTS).join(', ')}; for a region that opened later, update aws-cdk-lib`);
  }
}

/** The region of the stack, which an env-agnostic stack leaves open. */
export function requireStackRegion(scope: Construct): void {
  const { region } = Stack.of(scope);
  if (!isKnown(region)) {
    return;
  }
  requireRegion('env.region of the stack', region);
  if (factsOf(region).isImpaired) {
    Annotations.of(scope).addWarningV2('cdk-oky-backend:impairedRegion', `the stack is in ${region}, where data centers were damaged in March 2026: AWS advised its `
      + 'customers to move to other regions and could not say when this one is reliable again; use another region, or read '
      + 'https://health.aws.amazon.com/health/status before you deploy, and copy the backups to another region with database.backupPlan');
  }
}

/** Loaded only where it is asked, as it holds all facts of all regions. */
function isKnownToCdk(region: string): boolean {
  const { RegionInfo } = require('aws-cdk-lib/region-info') as typeof import('aws-cdk-lib/region-info'); // eslint-disable-line @typescript-eslint/no-require-imports
  return RegionInfo.get(region).partition === 'aws';
}
