import { US_EAST_1 } from './credentials';
import { type Check, type Context, forEach } from '../check';
import { finding, type Finding } from '../findings';
import { at, listAt } from '../template';

/** What a CAA record may name for ACM to issue a certificate. @see https://docs.aws.amazon.com/acm/latest/userguide/setup-caa.html */
const OF_AMAZON = ['amazon.com', 'amazontrust.com', 'awstrust.com', 'amazonaws.com'];

export const certificateAuthorities: Check = {
  name: 'certificate authorities',
  run: async context => {
    const lookedAt = new Set<string>();
    return forEach(context.deployment.hosts, async host => look(context, host, lookedAt));
  },
};

/** The records that count for a host are its own, or else those of the next name above it that has any. */
async function look({ aws, deployment, dns }: Context, host: string, lookedAt: Set<string>): Promise<Finding[]> {
  const labels = host.split('.');
  for (const name of labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'))) {
    const authorities = await dns.authorities(name);
    if (authorities === undefined) {
      continue;
    }
    if (lookedAt.has(name) || authorities.length === 0 || authorities.some(authority => OF_AMAZON.includes(authority))) {
      return [];
    }
    lookedAt.add(name);
    const [zone] = deployment.resources('AWS::CertificateManager::Certificate').flatMap(({ stack, Properties }) =>
      listAt(Properties, 'DomainValidationOptions').map(option => deployment.textOf(stack, at(option, 'HostedZoneId')))).filter(id => id !== undefined);
    return [finding('certificate-authority', `the CAA records of ${name} allow ${authorities.join(', ')} alone to issue certificates, for ${host} too`,
      aws.command(zone === undefined ? ['route53', 'list-hosted-zones-by-name', '--dns-name', name, '--max-items', '1']
        : ['route53', 'list-resource-record-sets', '--hosted-zone-id', zone, '--query', "ResourceRecordSets[?Type=='CAA']"], US_EAST_1),
      `where the DNS of the domain is, add 0 issue "amazon.com" to the CAA records of ${name}; this shows `
      + (zone === undefined ? 'whether that is Route 53' : 'the records in Route 53'))];
  }
  return [];
}
