import { Resolver } from 'dns/promises';

/** What the domain name system says, names in lower case without a dot at their end; nothing where there is no such record. */
export interface Dns {
  readonly nameServers: (name: string) => Promise<string[]>;
  readonly aliases: (name: string) => Promise<string[]>;
  readonly addresses: (name: string) => Promise<string[]>;
}

/** No record, or no server that answers for the name: a delegation that leads nowhere. */
const NOTHING = ['ENOTFOUND', 'ENODATA', 'ESERVFAIL', 'EREFUSED'];

/** Asks the servers of the system, or another one, such as a public one where the system's answers for a company alone. */
export function dnsOf(server?: string): Dns {
  const resolver = new Resolver({ timeout: 5000, tries: 2 });
  if (server !== undefined) {
    resolver.setServers([server]);
  }
  const ask = async (answer: Promise<string[]>) => {
    try {
      return (await answer).map(name => name.toLowerCase().replace(/\.$/, ''));
    } catch (error) {
      if (NOTHING.includes((error as NodeJS.ErrnoException).code ?? '')) {
        return [];
      }
      throw error;
    }
  };
  return {
    nameServers: async name => ask(resolver.resolveNs(name)),
    aliases: async name => ask(resolver.resolveCname(name)),
    addresses: async name => ask(resolver.resolve4(name)),
  };
}
