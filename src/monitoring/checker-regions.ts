import type { GeoRestriction } from 'aws-cdk-lib/aws-cloudfront';
import { Annotations } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/**
 * The regions that Route 53 checks from, with the country that CloudFront sees, in the order of preference. Three are enough
 * and the fewest that AWS accepts: each region adds requests, which the web ACL charges for.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-route53-healthcheck-healthcheckconfig.html#cfn-route53-healthcheck-healthcheckconfig-regions
 */
const CHECKER_REGIONS: readonly [region: string, country: string][] = [
  ['eu-west-1', 'IE'], ['us-west-2', 'US'], ['ap-southeast-1', 'SG'], ['sa-east-1', 'BR'],
  ['ap-northeast-1', 'JP'], ['ap-southeast-2', 'AU'], ['us-west-1', 'US'], ['us-east-1', 'US'],
];
const FEWEST_REGIONS = 3;

/** A host that is asked from outside. */
export interface CheckedHost {
  /** The id of the health check and its alarm. */
  readonly id: 'ApiOutside' | 'CmsOutside';
  readonly title: string;
  readonly host: string;
  /** Asked without a cookie or token. `/` does not query the database, so the database pauses as before. */
  readonly path: string;
}

/** The regions whose checkers CloudFront answers; undefined where a geographic restriction leaves fewer than three. */
export function checkerRegions(geoRestriction: GeoRestriction | undefined): string[] | undefined {
  const isAnswered = (country: string) => !geoRestriction
    || geoRestriction.locations.includes(country) === (geoRestriction.restrictionType === 'whitelist');
  const regions = CHECKER_REGIONS.filter(([, country]) => isAnswered(country)).map(([region]) => region);
  return regions.length < FEWEST_REGIONS ? undefined : regions.slice(0, FEWEST_REGIONS);
}

export function warnOfNoChecks(scope: Construct): void {
  Annotations.of(scope).addWarningV2('cdk-oky-backend:noOutsideChecks',
    'edge.geoRestriction blocks the health checkers of Route 53, so monitoring does not check the hosts from outside: an outage in which no request arrives '
    + 'is noticed only by an alarm on unusually few requests, which a deployment with few users does not have; allow three of the countries '
    + `${[...new Set(CHECKER_REGIONS.map(([, country]) => country))].join(', ')}, or check the hosts from a service of your own in an allowed country`);
}
