import { isIPv4, isIPv6 } from 'net';
import { PriceClass } from 'aws-cdk-lib/aws-cloudfront';
import { Stack, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { type OkyEdgeOptions, type OkyWafOptions, OkyWafMode } from './edge-options';
import { isInUsEast1, US_EAST_1 } from '../private/regions';
import { conflict, invalid, isKnown, requireInteger, requireKnown, requirePattern, sourceOf } from '../private/validation';

/** The props that a stack in us-east-1 depends on. */
export interface UsEast1Inputs {
  readonly domainName: string;
  readonly namePrefix?: string;
  readonly api?: { readonly subdomain?: string };
  readonly cms?: { readonly subdomain?: string };
  readonly edgeCertificate?: unknown;
  readonly edge?: OkyEdgeOptions;
  readonly waf?: OkyWafOptions;
  readonly monitoring?: unknown;
}

/** The options of CloudFront, checked and with their defaults. */
export type EdgeSettings = ReturnType<typeof resolveEdge>;

export function resolveEdge(scope: Construct, options: OkyEdgeOptions) {
  requireEdge(scope, options);
  return {
    ...options,
    verifyOrigin: options.verifyOrigin ?? true,
    originSecretVersion: options.originSecretVersion ?? 1,
    priceClass: options.priceClass ?? PriceClass.PRICE_CLASS_ALL,
    accessLogs: options.accessLogs ?? false,
    loadBalancerLogs: options.loadBalancerLogs ?? true,
    cacheCmsAssets: options.cacheCmsAssets ?? false,
  };
}

/** In five minutes, as are all limits here. How they come about: docs/firewall.md. */
export const WAF_DEFAULTS = {
  /** 1,600 apps that start behind one address of a carrier. */
  rateLimit: 20_000,
  /** A school, or the share of one address in a campaign on the radio. */
  loginRateLimit: 500,
};

/** The options of the web ACL, checked and with their defaults. */
export type WafSettings = ReturnType<typeof resolveWaf>;

export function resolveWaf(options: OkyWafOptions) {
  requireWaf(options);
  return {
    ...options,
    rateLimit: options.rateLimit ?? WAF_DEFAULTS.rateLimit,
    loginRateLimit: options.loginRateLimit ?? WAF_DEFAULTS.loginRateLimit,
    cmsAllowedCidrs: options.cmsAllowedCidrs ?? [],
    mode: options.mode ?? OkyWafMode.BLOCK,
  };
}

function requireEdge(scope: Construct, edge: OkyEdgeOptions): void {
  requireKnown('edge.originSecretVersion', edge.originSecretVersion, 'as it decides which secrets are made', 'give a whole number');
  requireInteger('edge.originSecretVersion', edge.originSecretVersion, 1, 1_000_000, 'raise it by one to rotate');
  if (edge.verifyOrigin === false && edge.originSecretVersion !== undefined) {
    throw conflict('edge.originSecretVersion', 'edge.verifyOrigin false', 'no secret header is sent then: leave one of the two out');
  }
  if (edge.accessLogs && Token.isUnresolved(Stack.of(scope).region)) {
    throw invalid('edge.accessLogs', 'be false in an env-agnostic stack, whose outputs can\'t be read from us-east-1', edge.accessLogs,
      'give the stack an env with account and region');
  }
}

/** CDK must know the name of the stack in us-east-1. That stack is deployed before the main one, so it can't read values of it. */
export function requireUsEast1Stack(scope: Construct, inputs: UsEast1Inputs): void {
  const makesWebAcl = inputs.waf !== undefined && inputs.waf.webAclArn === undefined;
  const makesCertificate = !inputs.edgeCertificate;
  if (isInUsEast1(scope) || !(makesWebAcl || makesCertificate || inputs.edge?.accessLogs || inputs.monitoring)) {
    return;
  }
  requireKnown('namePrefix', inputs.namePrefix, `as the stack in ${US_EAST_1} is named after it`, "use one such as 'oky-kenya'");
  const needed = [
    ...(makesWebAcl || makesCertificate || inputs.monitoring ? [['domainName', inputs.domainName], ['cms.subdomain', inputs.cms?.subdomain]] as const : []),
    ...(makesCertificate || inputs.monitoring ? [['api.subdomain', inputs.api?.subdomain]] as const : []),
    ...(makesWebAcl ? [['waf.rateLimit', inputs.waf.rateLimit], ['waf.loginRateLimit', inputs.waf.loginRateLimit]] as const : []),
    ...(makesWebAcl ? inputs.waf.cmsAllowedCidrs ?? [] : []).map(cidr => ['waf.cmsAllowedCidrs', cidr] as const),
  ];
  for (const [prop, value] of needed) {
    const source = sourceOf(value);
    if (source && Stack.of(source) === Stack.of(scope)) {
      throw invalid(prop, `not come from the stack itself, as it must be known in ${US_EAST_1} before`, source.node.path, 'give the value, or one from the app\'s context');
    }
  }
}

function requireWaf(waf: OkyWafOptions): void {
  if (waf.webAclArn !== undefined) {
    for (const prop of ['rateLimit', 'loginRateLimit', 'cmsAllowedCidrs', 'mode'] as const) {
      if (waf[prop] !== undefined) {
        throw conflict(`waf.${prop}`, 'waf.webAclArn', 'an existing web ACL has its own rules: leave one of the two out');
      }
    }
  }
  requirePattern('waf.webAclArn', waf.webAclArn, /^arn:[\w-]+:wafv2:us-east-1:\d{12}:global\/webacl\/[\w-]+\/[\w-]+$/,
    'be the ARN of a web ACL of scope CLOUDFRONT, which lives in us-east-1', 'find it with: aws wafv2 list-web-acls --scope CLOUDFRONT --region us-east-1');
  requireInteger('waf.rateLimit', waf.rateLimit, 10, 2_000_000_000, 'give the requests from one address within five minutes, such as 20000');
  requireInteger('waf.loginRateLimit', waf.loginRateLimit, 10, 2_000_000_000, 'give the logins from one address within five minutes, such as 500');
  requireCidrs(waf.cmsAllowedCidrs);
}

/** WAF takes any range but all of them. */
function requireCidrs(cidrs: string[] | undefined): void {
  const fix = "give ranges such as '203.0.113.0/24', a single address with /32 or /128, or leave it out";
  requireKnown('waf.cmsAllowedCidrs', cidrs, 'as addresses of version 4 and 6 go to sets of their own', fix);
  if (cidrs?.length === 0) {
    throw invalid('waf.cmsAllowedCidrs', 'not be empty, which would leave nobody in', cidrs, fix);
  }
  for (const cidr of (cidrs ?? []).filter(isKnown)) {
    const [, address, bits] = /^([\da-fA-F.:]+)\/([1-9]\d{0,2})$/.exec(cidr) ?? ['', '', ''];
    if (!(isIPv4(address) && Number(bits) <= 32) && !(isIPv6(address) && Number(bits) <= 128)) {
      throw invalid('waf.cmsAllowedCidrs', 'be CIDR ranges, from /1 to /32 for IPv4 and to /128 for IPv6', cidr, fix);
    }
  }
}
