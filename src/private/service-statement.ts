import * as iam from 'aws-cdk-lib/aws-iam';
import type { Stack } from 'aws-cdk-lib/core';

/** A service of AWS that comes on behalf of something in this account. */
export interface ServiceCaller {
  readonly principal: string;
  readonly sourceArn: string;
}

/** What lets a service do something on behalf of this account, and of no other. */
export function serviceStatement(stack: Stack, { principal, sourceArn }: ServiceCaller, actions: string[], resource: string): iam.PolicyStatement {
  return new iam.PolicyStatement({
    principals: [new iam.ServicePrincipal(principal)],
    actions,
    resources: [resource],
    conditions: { StringEquals: { 'aws:SourceAccount': stack.account }, ArnLike: { 'aws:SourceArn': sourceArn } },
  });
}
