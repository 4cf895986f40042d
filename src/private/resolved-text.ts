import { Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

type Part = string | { readonly 'Ref'?: string; readonly 'Fn::GetAtt'?: string[] };

/** A value as one text, references as `<AWS::Partition>` and `<Bucket.Arn>`, and what else CloudFormation works out as `<…>`. */
export function textOf(scope: IConstruct, value: string): string {
  const resolved: string | { readonly 'Fn::Join'?: [string, Part[]] } = Stack.of(scope).resolve(value);
  const parts = typeof resolved === 'string' ? [resolved] : resolved['Fn::Join']?.[1] ?? [resolved as Part];
  return parts.map(part => typeof part === 'string' ? part : `<${part.Ref ?? part['Fn::GetAtt']?.join('.') ?? '…'}>`).join('');
}
