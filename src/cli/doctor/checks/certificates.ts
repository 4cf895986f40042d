import type { Check, Context } from '../check';
import { forEach } from '../check';
import { finding, type Finding } from '../findings';
import { at, listAt } from '../template';

interface Certificate {
  readonly Status: string;
  readonly DomainName: string;
  readonly SubjectAlternativeNames?: string[];
}

export const certificates: Check = {
  name: 'certificates',
  run: async context => forEach(arnsOf(context), async arn => look(context, arn)),
};

/** Of those that are given, and those that were made. */
function arnsOf({ deployment }: Context): string[] {
  const main = [deployment.main];
  const used = [
    ...deployment.resources('AWS::ElasticLoadBalancingV2::Listener', main).flatMap(({ Properties }) => listAt(Properties, 'Certificates').map(each => at(each, 'CertificateArn'))),
    ...deployment.resources('AWS::CloudFront::Distribution', main).map(({ Properties }) => at(Properties, 'DistributionConfig', 'ViewerCertificate', 'AcmCertificateArn')),
  ].map(arn => deployment.textOf(deployment.main, arn));
  // While it waits to be validated, the stack that makes it has no outputs yet.
  const made = deployment.resources('AWS::CertificateManager::Certificate').map(({ stack, logicalId }) => deployment.physicalId(stack, logicalId));
  return [...new Set([...used, ...made].filter(arn => arn !== undefined && arn.startsWith('arn:')) as string[])];
}

async function look({ aws, deployment }: Context, arn: string): Promise<Finding[]> {
  const region = arn.split(':')[3];
  const { hosts: [first, ...others] } = deployment;
  const request = aws.command(['acm', 'request-certificate', '--domain-name', first, '--subject-alternative-names', ...others, '--validation-method', 'DNS'], region);
  const instead = 'this requests another one, whose ARN you then give in the app';
  const args = ['--certificate-arn', arn];
  const found = await aws.find<{ readonly Certificate: Certificate }>(/^ResourceNotFoundException$/, 'acm', 'describe-certificate', args, region);
  if (!found) {
    return [finding('certificate', `${region} has no certificate ${arn}`, request, instead)];
  }
  const { Status, DomainName, SubjectAlternativeNames = [] } = found.Certificate;
  if (Status === 'PENDING_VALIDATION') {
    return [finding('certificate-status', `${arn} is ${Status}`,
      aws.command(['acm', 'describe-certificate', ...args, '--query', 'Certificate.DomainValidationOptions[].ResourceRecord'], region),
      'make the records that this prints where the DNS of the domain is; in a hosted zone of the app they are made, and seen once it is delegated')];
  }
  if (Status !== 'ISSUED') {
    return [finding('certificate-status', `${arn} is ${Status}`, request, instead)];
  }
  const names = [DomainName, ...SubjectAlternativeNames];
  const unnamed = deployment.hosts.filter(host => !names.some(name => covers(name, host)));
  return unnamed.length === 0 ? [] : [finding('certificate-names', `${arn} is for ${[...new Set(names)].join(', ')}, but not for ${unnamed.join(' and ')}`, request, instead)];
}

/** A wildcard stands for one label. */
export function covers(name: string, host: string): boolean {
  return name.toLowerCase() === host || (name.startsWith('*.') && host.split('.').slice(1).join('.') === name.slice(2).toLowerCase());
}
