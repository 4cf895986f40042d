import { Template } from 'aws-cdk-lib/assertions';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import { App, Stack, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { OkyBackend, type OkyBackendProps, type OkyServiceOptions } from '../../src';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-west-2';
export const IMAGE_TAG = '2025_05';

export interface StackOptions {
  /** @default 'eu-west-2' */
  readonly region?: string;
  /** Feature flags and the like. */
  readonly context?: Record<string, unknown>;
  /** Neither account nor region. */
  readonly envAgnostic?: boolean;
}

/** Props, or what makes them of the stack that they are for. */
export type Overrides = Partial<OkyBackendProps> | ((stack: Stack) => Partial<OkyBackendProps>);

/** The first props with the groups and options of the second in place of the same ones. */
export function merged(base: Overrides, given: Overrides): Overrides {
  const resolve = (overrides: Overrides, stack: Stack) => typeof overrides === 'function' ? overrides(stack) : overrides;
  return stack => ({ ...resolve(base, stack), ...resolve(given, stack) });
}

/** A backend and the stack that it is in. */
export interface Deployment {
  readonly stack: Stack;
  readonly backend: OkyBackend;
}

export function makeStack({ region = REGION, context, envAgnostic = false }: StackOptions = {}): Stack {
  return new Stack(new App({ context }), 'Oky', envAgnostic ? {} : { env: { account: ACCOUNT, region } });
}

/** The ARN of a certificate that is there. */
export function certificateArn(region: string, account = ACCOUNT): string {
  return `arn:aws:acm:${region}:${account}:certificate/11111111-2222-3333-4444-555555555555`;
}

/** Imported certificates for the load balancer, in the region of the scope, and for CloudFront. */
export function sampleCertificates(scope: Construct): Required<Pick<OkyBackendProps, 'certificate' | 'edgeCertificate'>> {
  const { account, region } = Stack.of(scope);
  const own = Token.isUnresolved(account) ? ACCOUNT : account;
  return {
    certificate: acm.Certificate.fromCertificateArn(scope, 'SampleCertificate', certificateArn(Token.isUnresolved(region) ? REGION : region, own)),
    edgeCertificate: acm.Certificate.fromCertificateArn(scope, 'SampleEdgeCertificate', certificateArn('us-east-1', own)),
  };
}

/** The least that both services run with. What the overrides have in `api` and `cms` is added to the tag of the image. */
export function validProps(scope: Construct, overrides: Partial<OkyBackendProps> = {}): OkyBackendProps {
  const tag = (service: OkyServiceOptions = {}) => service.image || service.imageTagParameter !== undefined ? {} : { imageTag: IMAGE_TAG };
  return {
    domainName: 'okyapp.info',
    ...sampleCertificates(scope),
    ...overrides,
    api: { ...tag(overrides.api), ...overrides.api },
    cms: { ...tag(overrides.cms), ...overrides.cms },
  };
}

export function deploy(overrides: Overrides = {}, options: StackOptions = {}): Deployment {
  const stack = makeStack(options);
  const props = validProps(stack, typeof overrides === 'function' ? overrides(stack) : overrides);
  return { stack, backend: new OkyBackend(stack, 'Oky', props) };
}

/** The template of the stack that the backend is in. */
export function templateOf(overrides: Overrides = {}, options: StackOptions = {}): Template {
  return Template.fromStack(deploy(overrides, options).stack);
}

/** The templates of the stacks in us-east-1 that the backend of this stack creates, by stack name. */
export function usEast1Templates(stack: Stack): Record<string, Template> {
  const others = stack.node.findAll().filter(Stack.isStack).filter(each => each !== stack);
  return Object.fromEntries(others.map(each => [each.stackName, Template.fromStack(each)]));
}
