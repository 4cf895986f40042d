import { US_EAST_1 } from './credentials';
import type { Check, Context } from '../check';
import { forEach } from '../check';
import { finding, type Finding } from '../findings';
import { at, listAt } from '../template';

interface HostedZone {
  readonly HostedZone: { readonly Name: string; readonly Config?: { readonly PrivateZone?: boolean } };
  readonly DelegationSet?: { readonly NameServers: string[] };
}

export const hostedZone: Check = {
  name: 'hosted zone',
  run: async context => forEach(zoneIdsOf(context), async id => look(context, id)),
};

function zoneIdsOf({ deployment }: Context): string[] {
  const ids = [
    ...deployment.resources('AWS::Route53::RecordSet').map(({ stack, Properties }) => deployment.textOf(stack, at(Properties, 'HostedZoneId'))),
    ...deployment.resources('AWS::CertificateManager::Certificate').flatMap(({ stack, Properties }) =>
      listAt(Properties, 'DomainValidationOptions').map(option => deployment.textOf(stack, at(option, 'HostedZoneId')))),
  ];
  return [...new Set(ids.filter(id => id !== undefined))];
}

async function look({ aws, deployment, dns }: Context, id: string): Promise<Finding[]> {
  const [host] = deployment.hosts;
  const domain = host.split('.').slice(1).join('.');
  const list = aws.command(['route53', 'list-hosted-zones-by-name', '--dns-name', domain, '--max-items', '3'], US_EAST_1);
  const give = 'give hostedZone the id of the public zone of the domain, which this lists if there is one';
  const found = await aws.find<HostedZone>(/^NoSuchHostedZone$/, 'route53', 'get-hosted-zone', ['--id', id], US_EAST_1);
  if (!found) {
    return [finding('zone-id', `the account has no hosted zone ${id}`, list, give)];
  }
  const name = found.HostedZone.Name.replace(/\.$/, '');
  if (found.HostedZone.Config?.PrivateZone) {
    return [finding('zone-private', `${id} (${name}) is a private zone`, list, give)];
  }
  if (!deployment.hosts.every(each => each.endsWith(`.${name}`))) {
    return [finding('zone-name', `${id} is the zone of ${name}, the hosts are ${deployment.hosts.join(' and ')}`, list, give)];
  }
  const own = (found.DelegationSet?.NameServers ?? []).map(server => server.toLowerCase().replace(/\.$/, ''));
  const seen = await dns.nameServers(name);
  if (seen.length > 0 && seen.every(server => own.includes(server))) {
    return [];
  }
  return [finding('zone-delegation', `${name} is delegated to ${seen.sort().join(', ') || 'no name server'}, not to those of ${id}`,
    aws.command(['route53domains', 'update-domain-nameservers', '--domain-name', name, '--nameservers', ...own.map(server => `Name=${server}`)], US_EAST_1),
    'this does it for a domain that is registered in Route 53; elsewhere set these name servers at its registrar, or as the NS record in the zone above')];
}

/** Where the app makes no records, a person does, once the distribution is there. */
export const hostRecords: Check = {
  name: 'records of the hosts',
  run: async ({ aws, deployment, dns }) => {
    const target = deployment.output('DnsTarget')?.toLowerCase();
    if (target === undefined || deployment.resources('AWS::Route53::RecordSet').length > 0) {
      return [];
    }
    return forEach(deployment.hosts, async host => {
      const aliases = await dns.aliases(host);
      if (aliases.includes(target)) {
        return [];
      }
      // Some services answer for an alias with its addresses.
      const [addresses, wanted] = [await dns.addresses(host), await dns.addresses(target)];
      if (addresses.some(address => wanted.includes(address))) {
        return [];
      }
      const query = `Stacks[0].Outputs[?OutputKey=='${deployment.assembled.outputPrefix}DnsTarget'].OutputValue`;
      return [finding('host-record', `${host} leads to ${[...aliases, ...addresses].join(', ') || 'nothing'}, not to ${target}`,
        aws.command(['cloudformation', 'describe-stacks', '--stack-name', deployment.main.name, '--query', query], deployment.place.region),
        `where the DNS of the domain is, make a CNAME record of ${host} to what this prints`)];
    });
  },
};
