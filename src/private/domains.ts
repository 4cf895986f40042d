import { invalid, isKnown, requirePattern } from './validation';

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
  requirePattern('domainName', props.domainName, /^(?=.{4,230}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/,
    'be a domain in lower case, without scheme, port or path', "use one such as 'okyapp.info'");
  const subdomain = (service: 'api' | 'cms') => {
    const label = props[service]?.subdomain ?? service;
    requirePattern(`${service}.subdomain`, label, /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/,
      'be lower-case letters, digits and hyphens', `use one such as '${service}'`);
    return label;
  };
  const hosts = { api: `${subdomain('api')}.${props.domainName}`, cms: `${subdomain('cms')}.${props.domainName}` };
  if (isKnown(hosts.api) && hosts.api === hosts.cms) {
    throw invalid('cms.subdomain', 'differ from api.subdomain, which tells the services apart', props.cms?.subdomain ?? 'cms', "use one such as 'cms'");
  }
  return hosts;
}
