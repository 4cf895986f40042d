import { Stack, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { OkyEndpoints, type OkyNetworkOptions } from './network-options';
import { conflict, invalid, isKnown, requirePattern } from '../private/validation';

/** Addresses for a third zone are kept free, so that going from two zones to three moves none. */
export const MOST_ZONES = 3;

export function requireNetwork(scope: Construct, options: OkyNetworkOptions): void {
  if (options.vpc) {
    for (const prop of ['cidr', 'maxAzs', 'egress'] as const) {
      if (options[prop] !== undefined) {
        throw conflict(`network.${prop}`, 'network.vpc', 'an existing VPC has its own: leave one of the two out');
      }
    }
  } else if (options.endpoints === OkyEndpoints.NONE) {
    throw invalid('network.endpoints', 'not be NONE in a VPC made here, whose services would reach neither images, secrets nor logs', options.endpoints,
      'use ALL_ZONES or ONE_ZONE, or import a network.vpc that has the endpoints');
  }
  requireCidr(options.cidr);
  if (isKnown(options.maxAzs)) {
    if (options.maxAzs !== 2 && options.maxAzs !== MOST_ZONES) {
      throw invalid('network.maxAzs', 'be 2 or 3', options.maxAzs, 'a load balancer and a database need two zones');
    }
    if (options.maxAzs > 2 && Token.isUnresolved(Stack.of(scope).region)) {
      throw invalid('network.maxAzs', 'be 2 in an env-agnostic stack', options.maxAzs, 'give the stack an env with account and region for three zones');
    }
  }
  requirePattern('network.cloudFrontPrefixListId', options.cloudFrontPrefixListId, /^pl-[0-9a-f]{8,17}$/, "be the id of a prefix list, 'pl-' and 8 to 17 hex digits",
    'find it with: aws ec2 describe-managed-prefix-lists --filters Name=prefix-list-name,Values=com.amazonaws.global.cloudfront.origin-facing');
}

function requireCidr(cidr: string | undefined): void {
  if (!isKnown(cidr)) {
    return;
  }
  const [, address, bits] = /^(\d{1,3}(?:\.\d{1,3}){3})\/(\d{1,2})$/.exec(cidr) ?? [];
  const octets = address?.split('.').map(Number) ?? [256];
  const number = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const isPrivate = octets[0] === 10 || (octets[0] === 172 && octets[1] >= 16 && octets[1] <= 31) || (octets[0] === 192 && octets[1] === 168)
    || (octets[0] === 100 && octets[1] >= 64 && octets[1] <= 127);
  if (octets.some(octet => octet > 255) || Number(bits) < 16 || Number(bits) > 23 || !isPrivate || number % 2 ** (32 - Number(bits)) !== 0) {
    throw invalid('network.cidr', 'be the beginning of a private IPv4 range from /16 to /23, which leaves room for nine subnets', cidr, "use one such as '10.0.0.0/16'");
  }
}
