import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import type { IHostedZone } from 'aws-cdk-lib/aws-route53';
import { CfnResource, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { isInUsEast1, US_EAST_1 } from '../private/regions';
import { invalid, isKnown, requirePattern, sourceOf } from '../private/validation';

/** The most characters of the first name of a certificate. @see https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html */
const LONGEST_NAME = 64;

/** A certificate for all hosts, validated by records in the hosted zone, and so renewed automatically. */
export function makeCertificate(scope: Construct, id: string, hosts: string[], hostedZone: IHostedZone): acm.ICertificate {
  return new acm.Certificate(scope, id, {
    domainName: hosts[0],
    subjectAlternativeNames: hosts.slice(1),
    validation: acm.CertificateValidation.fromDns(hostedZone),
  });
}

export interface CertificateOptions {
  readonly hostedZone?: IHostedZone;
  readonly certificate?: acm.ICertificate;
  readonly edgeCertificate?: acm.ICertificate;
}

/** Each certificate is given, or can be made in the hosted zone; in us-east-1 one serves both. */
export function requireCertificates(scope: Construct, options: CertificateOptions, hosts: string[], additionalHosts: string[]): void {
  const { region } = Stack.of(scope);
  const fix = 'or give hostedZone, in which it is made and validated';
  if (!options.certificate && !options.hostedZone) {
    throw invalid('certificate', `be given for the load balancer, in the region of the stack, for ${hosts.join(' and ')}`, options.certificate,
      `import it with acm.Certificate.fromCertificateArn, ${fix}`);
  }
  if (!options.edgeCertificate && !options.hostedZone && !isInUsEast1(scope)) {
    throw invalid('edgeCertificate', `be given for CloudFront, in ${US_EAST_1}, for ${hosts.join(' and ')}`, options.edgeCertificate,
      `import it with acm.Certificate.fromCertificateArn, ${fix}`);
  }
  requireRegion('edgeCertificate', options.edgeCertificate, US_EAST_1);
  if (isKnown(region)) {
    requireRegion('certificate', options.certificate, region);
  }
  const isMade = !options.certificate || (!options.edgeCertificate && !isInUsEast1(scope));
  if (isMade && isKnown(hosts[0]) && hosts[0].length > LONGEST_NAME) {
    throw invalid('domainName', `leave the first name of a certificate ${LONGEST_NAME} characters at most`, hosts[0],
      'shorten it, or api.subdomain, or give certificate and edgeCertificate');
  }
  requireZone(scope, options, hosts, additionalHosts);
}

export function requireCertificateArn(prop: string, arn: string | undefined, region: string): void {
  requirePattern(prop, arn, new RegExp(`^arn:[\\w-]+:acm:${region}:\\d{12}:certificate/[\\w-]+$`), `be the ARN of an ACM certificate in ${region}`,
    `request it there: aws acm request-certificate --region ${region}`);
}

function requireRegion(prop: string, certificate: acm.ICertificate | undefined, region: string): void {
  const arn = certificate?.certificateArn;
  requireCertificateArn(prop, arn, region);
  const made = sourceOf(arn);
  if (made && CfnResource.isCfnResource(made) && made.cfnResourceType === acm.CfnCertificate.CFN_RESOURCE_TYPE_NAME) {
    const home = Stack.of(made).region;
    if (isKnown(home) && home !== region) {
      throw invalid(prop, `be a certificate in ${region}`, `${made.node.path} in ${home}`, 'leave it out and give hostedZone, in which it is made and validated');
    }
  }
}

function requireZone(scope: Construct, { hostedZone: zone, edgeCertificate }: CertificateOptions, hosts: string[], additionalHosts: string[]): void {
  if (!zone) {
    return;
  }
  const name = zoneName(zone);
  const isOutside = (host: string) => isKnown(name) && isKnown(host) && host !== name && !host.endsWith(`.${name}`);
  for (const host of hosts.filter(isOutside)) {
    throw invalid('hostedZone', `be the zone of ${host}`, name, 'give the public hosted zone of domainName, or of a domain above it');
  }
  for (const host of additionalHosts.filter(isOutside)) {
    throw invalid('edge.additionalHosts', `be in the hosted zone ${name}, where its records are created`, host, 'give a name in that zone');
  }
  // The stack in us-east-1 comes before this one and would have to wait for a zone that this one makes.
  const source = sourceOf(zone.hostedZoneId);
  const isNeededBefore = !edgeCertificate || (source && CfnResource.isCfnResource(source));
  if (source && isNeededBefore && !isInUsEast1(scope)) {
    throw invalid('hostedZone', `not be made in the app that uses it, as its id must be known in ${US_EAST_1} before`, source.node.path,
      "create the zone once, beforehand, and give route53.HostedZone.fromHostedZoneAttributes(this, 'Zone', { hostedZoneId, zoneName })");
  }
}

function zoneName(zone: IHostedZone): string {
  try {
    return zone.zoneName.replace(/\.$/, '');
  } catch {
    throw invalid('hostedZone', 'know its name', 'HostedZone.fromHostedZoneId', 'use route53.HostedZone.fromHostedZoneAttributes with hostedZoneId and zoneName');
  }
}
