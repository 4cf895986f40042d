import { invalid, isKnown, requirePattern } from './validation';

/** The most characters that the rule of a load balancer takes for a host. @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html */
const LONGEST_HOST = 128;

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
  const must = 'be a domain in lower case, without scheme, port or path';
  const fix = "use one such as 'okyapp.info'";
  // The type requires it; a variable of the environment that is not set gets past the type.
  if (!props.domainName) {
    throw invalid('domainName', must, props.domainName, fix);
  }
  requirePattern('domainName', props.domainName, /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/, must, fix);
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
