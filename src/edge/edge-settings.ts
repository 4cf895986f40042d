import { Stack, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { OkyEdgeOptions, OkyWafOptions } from './edge-options';
import { conflict, invalid, requireInteger, requirePattern } from '../private/validation';

export function requireEdge(scope: Construct, edge: OkyEdgeOptions, waf: OkyWafOptions | undefined): void {
  requireInteger('edge.originSecretVersion', edge.originSecretVersion, 1, 1_000_000, 'raise it by one to rotate');
  if (edge.verifyOrigin === false && edge.originSecretVersion !== undefined) {
    throw conflict('edge.originSecretVersion', 'edge.verifyOrigin false', 'no secret header is sent then: leave one of the two out');
  }
  if (edge.accessLogs && Token.isUnresolved(Stack.of(scope).region)) {
    throw invalid('edge.accessLogs', 'be false in an env-agnostic stack, whose outputs can\'t be read from us-east-1', edge.accessLogs,
      'give the stack an env with account and region');
  }
  requireWaf(waf);
}

function requireWaf(waf: OkyWafOptions | undefined): void {
  if (waf?.webAclArn !== undefined) {
    for (const prop of ['rateLimit', 'mode'] as const) {
      if (waf[prop] !== undefined) {
        throw conflict(`waf.${prop}`, 'waf.webAclArn', 'an existing web ACL has its own rules: leave one of the two out');
      }
    }
  }
  requirePattern('waf.webAclArn', waf?.webAclArn, /^arn:[\w-]+:wafv2:us-east-1:\d{12}:global\/webacl\/[\w-]+\/[\w-]+$/,
    'be the ARN of a web ACL of scope CLOUDFRONT, which lives in us-east-1', 'find it with: aws wafv2 list-web-acls --scope CLOUDFRONT --region us-east-1');
  requireInteger('waf.rateLimit', waf?.rateLimit, 10, 2_000_000_000, 'give the requests from one address within five minutes, such as 2000');
}
