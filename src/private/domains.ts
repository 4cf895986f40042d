import { invalid, isKnown, requireKnown, requirePattern } from './validation';

/** The most characters that the rule of a load balancer takes for a host. @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html */
const LONGEST_HOST = 128;

/** The most names that a certificate takes by default, without the API's and the CMS's. @see https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html */
const MOST_ADDITIONAL_HOSTS = 8;

const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;
const MUST_BE_DOMAIN = 'be a domain in lower case, without scheme, port or path';

/** The host names of the two services. */
export interface Hosts {
  readonly api: string;
  readonly cms: string;
}

/** The part of the props that names come from. */
export interface DomainOptions {
  readonly domainName: string;
  readonly api?: { readonly subdomain?: string };
  readonly cms?: { readonly subdomain?: string };
}

export function resolveHosts(props: DomainOptions): Hosts {
  const fix = "use one such as 'okyapp.info'";
  // The type requires it; a variable of the environment that is not set gets past the type.
  if (!props.domainName) {
    throw invalid('domainName', MUST_BE_DOMAIN, props.domainName, fix);
  }
  requirePattern('domainName', props.domainName, DOMAIN, MUST_BE_DOMAIN, fix);
  const subdomain = (service: 'api' | 'cms') => {
    const label = props[service]?.subdomain ?? service;
    requirePattern(`${service}.subdomain`, label, /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/,
      'be lower-case letters, digits and hyphens', `use one such as '${service}'`);
    return label;
  };
  const [api, cms] = [subdomain('api'), subdomain('cms')];
  if (isKnown(api) && api === cms) {
    throw invalid('cms.subdomain', 'differ from api.subdomain, which tells the services apart', cms, "leave both out for 'api' and 'cms'");
  }
  const hosts = { api: `${api}.${props.domainName}`, cms: `${cms}.${props.domainName}` };
  for (const [service, host] of Object.entries(hosts)) {
    if (isKnown(host) && host.length > LONGEST_HOST) {
      throw invalid('domainName', `leave hosts of ${LONGEST_HOST} characters at most, which is what a load balancer takes`, host, `shorten it, or ${service}.subdomain`);
    }
  }
  return hosts;
}

/** The further hosts, which certificates, aliases and rules are made for. */
export function resolveAdditionalHosts(additionalHosts: string[] | undefined, { api, cms }: Hosts): string[] {
  requireKnown('edge.additionalHosts', additionalHosts, 'as each gets records and a rule', "give names such as 'delete.okyapp.info'");
  const hosts = additionalHosts ?? [];
  for (const [index, host] of hosts.entries()) {
    requireKnown('edge.additionalHosts', host, 'as each gets records and a rule', "give a name such as 'delete.okyapp.info'");
    requirePattern('edge.additionalHosts', host, DOMAIN, MUST_BE_DOMAIN, "use one such as 'delete.okyapp.info'");
    if (host.length > LONGEST_HOST) {
      throw invalid('edge.additionalHosts', `be ${LONGEST_HOST} characters at most, which is what a load balancer takes`, host, 'shorten it');
    }
    if ([api, cms].includes(host) || hosts.indexOf(host) !== index) {
      throw invalid('edge.additionalHosts', 'name each host once, and not those of the API and the CMS', host, 'leave it out');
    }
  }
  if (hosts.length > MOST_ADDITIONAL_HOSTS) {
    throw invalid('edge.additionalHosts', `have ${MOST_ADDITIONAL_HOSTS} names at most, as a certificate takes ten`, hosts.length,
      'leave some out, or give some a separate distribution');
  }
  return hosts;
}
