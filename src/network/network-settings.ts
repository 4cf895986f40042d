import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import { Stack, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { OkyEgress } from './egress';
import { OkyEndpoints, type OkyNetworkOptions, OkyOriginAccess } from './network-options';
import { conflict, invalid, isKnown, requireKnown, requirePattern } from '../private/validation';

/** Addresses for a third zone are kept free, so that going from two zones to three moves none. */
export const MOST_ZONES = 3;

/** In how many zones the endpoints are, of the zones of the VPC. */
const ENDPOINT_ZONES: Record<OkyEndpoints, number> = { [OkyEndpoints.ALL_ZONES]: Infinity, [OkyEndpoints.ONE_ZONE]: 1, [OkyEndpoints.NONE]: 0 };

/** The options of the network, checked and with their defaults. */
export type NetworkSettings = ReturnType<typeof resolveNetwork>;

export function resolveNetwork(scope: Construct, options: OkyNetworkOptions) {
  const egress = (options.egress ?? OkyEgress.none())._bind();
  const assignPublicIp = egress?.assignPublicIp ?? false;
  const maxAzs = options.maxAzs ?? 2;
  const originAccess = options.originAccess ?? OkyOriginAccess.PUBLIC_ALB;
  requireNetwork(scope, options, assignPublicIp, maxAzs);
  return {
    ...options,
    egress,
    assignPublicIp,
    cidr: options.cidr ?? '10.0.0.0/16',
    maxAzs,
    originAccess,
    isVpcOrigin: originAccess === OkyOriginAccess.VPC_ORIGIN,
    // Tasks with public addresses reach AWS without interface endpoints, unless these are asked for.
    endpointZones: assignPublicIp && !options.endpoints ? 0 : ENDPOINT_ZONES[options.endpoints ?? OkyEndpoints.ALL_ZONES],
    hasS3Endpoint: options.endpoints !== OkyEndpoints.NONE,
  };
}

function requireNetwork(scope: Construct, options: OkyNetworkOptions, assignPublicIp: boolean, maxAzs: number): void {
  if (options.vpc) {
    for (const prop of ['cidr', 'maxAzs', 'allowedDomains', ...assignPublicIp ? [] : ['egress'] as const] as const) {
      if (options[prop] !== undefined) {
        throw conflict(`network.${prop}`, 'network.vpc', 'an existing VPC has its own: leave one of the two out');
      }
    }
    if (options.endpoints !== OkyEndpoints.NONE) {
      requireRouteTables(options.vpc, assignPublicIp);
    }
  } else if (options.endpoints === OkyEndpoints.NONE && assignPublicIp) {
    throw conflict('network.endpoints', 'OkyEgress.publicIp()', 'leave network.endpoints out: with public addresses no interface endpoint is created, '
      + 'and the S3 gateway endpoint is free');
  } else if (options.endpoints === OkyEndpoints.NONE) {
    throw invalid('network.endpoints', 'not be NONE in a VPC made here, whose services would reach neither images, secrets nor logs', options.endpoints,
      'use ALL_ZONES or ONE_ZONE, or import a network.vpc that has the endpoints');
  }
  requireDomains(options.allowedDomains ?? []);
  requireCidr(options.cidr);
  if (!options.vpc) {
    requireZones(scope, maxAzs);
  }
  requirePrefixListId(options.cloudFrontPrefixListId);
}

export function requirePrefixListId(id: string | undefined): void {
  requirePattern('network.cloudFrontPrefixListId', id, /^pl-[0-9a-f]{8,17}$/, "be the id of a prefix list, 'pl-' and 8 to 17 hex digits",
    'find it with: aws ec2 describe-managed-prefix-lists --filters Name=prefix-list-name,Values=com.amazonaws.global.cloudfront.origin-facing');
}

function requireDomains(domains: string[]): void {
  for (const domain of domains) {
    requirePattern('network.allowedDomains', domain, /^(?=.{1,255}$)(?:\*\.)?[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})+$/,
      'hold domain names in lower case, with *. before those whose subdomains are allowed', "use one such as '*.googleapis.com'");
  }
}

/** The endpoint of S3 is a route: a VPC that is imported without route tables would get one that leads nowhere. */
function requireRouteTables(vpc: IVpc, assignPublicIp: boolean): void {
  const kinds = ['isolated', 'private', ...assignPublicIp ? ['public'] as const : []] as const;
  const without = kinds.flatMap(kind => vpc[`${kind}Subnets`]).filter(subnet => !subnet.routeTable.routeTableId);
  if (without.length > 0) {
    const names = new Intl.ListFormat('en-GB');
    throw invalid('network.vpc', `have the route tables of its ${names.format(kinds)} subnets, for the S3 endpoint`, without.map(subnet => subnet.subnetId),
      `import it with ${names.format(kinds.map(kind => `${kind}SubnetRouteTableIds`))}, or set network.endpoints to OkyEndpoints.NONE if it has the endpoints`);
  }
}

function requireZones(scope: Construct, zones: number): void {
  requireKnown('network.maxAzs', zones, 'as it decides how many subnets are made', 'give 2 or 3');
  if (zones !== 2 && zones !== MOST_ZONES) {
    throw invalid('network.maxAzs', 'be 2 or 3', zones, 'a load balancer and a database need two zones');
  }
  const { account, region, availabilityZones } = Stack.of(scope);
  if (zones > 2 && (Token.isUnresolved(region) || Token.isUnresolved(account))) {
    throw invalid('network.maxAzs', 'be 2 in an env-agnostic stack', zones, 'give the stack an env with account and region for three zones');
  }
  if (availabilityZones.length < zones) {
    throw invalid('network.maxAzs', `not be above the number of zones that the stack has (${availabilityZones.join(', ')})`, zones,
      'deploy to a region with more zones, or remove what the context or the stack says about them');
  }
}

function requireCidr(cidr: string | undefined): void {
  requireKnown('network.cidr', cidr, 'as the subnets are cut from it', "use one such as '10.0.0.0/16'");
  if (!isKnown(cidr)) {
    return;
  }
  const [, address, bits] = /^((?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3})\/(\d{1,2})$/.exec(cidr) ?? [];
  const octets = address?.split('.').map(Number) ?? [256];
  const number = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const isPrivate = octets[0] === 10 || (octets[0] === 172 && octets[1] >= 16 && octets[1] <= 31) || (octets[0] === 192 && octets[1] === 168)
    || (octets[0] === 100 && octets[1] >= 64 && octets[1] <= 127);
  if (octets.some(octet => octet > 255) || Number(bits) < 16 || Number(bits) > 23 || !isPrivate || number % 2 ** (32 - Number(bits)) !== 0) {
    throw invalid('network.cidr', 'be the beginning of a private IPv4 range from /16 to /23, which leaves room for nine subnets', cidr, "use one such as '10.0.0.0/16'");
  }
}
