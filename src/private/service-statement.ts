import * as iam from 'aws-cdk-lib/aws-iam';
import type { Stack } from 'aws-cdk-lib/core';

/** A service of AWS that comes on behalf of something in this account. */
export interface ServiceCaller {
  readonly principal: string;
  readonly sourceArn: string;
}

/** Lets a service do something: on behalf of this account and no other, if the service says on whose behalf it comes. */
export function serviceStatement(
  stack: Stack, { principal, sourceArn }: Partial<ServiceCaller> & Pick<ServiceCaller, 'principal'>, actions: string[], resource: string,
): iam.PolicyStatement {
  return new iam.PolicyStatement({
    principals: [new iam.ServicePrincipal(principal)],
    actions,
    resources: [resource],
    conditions: sourceArn === undefined ? undefined : { StringEquals: { 'aws:SourceAccount': stack.account }, ArnLike: { 'aws:SourceArn': sourceArn } },
  });
}
