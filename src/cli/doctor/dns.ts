import { Resolver } from 'dns/promises';

/** What the domain name system says, names in lower case without a dot at their end; nothing where there is no such record. */
export interface Dns {
  readonly nameServers: (name: string) => Promise<string[]>;
  readonly aliases: (name: string) => Promise<string[]>;
  readonly addresses: (name: string) => Promise<string[]>;
  /** The certificate authorities that CAA records allow; undefined without such records, none if they are about something else. */
  readonly authorities: (name: string) => Promise<string[] | undefined>;
}

/** No record, or no server that answers for the name: a delegation that leads nowhere. */
const NOTHING = ['ENOTFOUND', 'ENODATA', 'ESERVFAIL', 'EREFUSED'];

/** Asks the servers of the system, or another one, such as a public one where the system's answers for a company alone. */
export function dnsOf(server?: string): Dns {
  const resolver = new Resolver({ timeout: 5000, tries: 2 });
  if (server !== undefined) {
    resolver.setServers([server]);
  }
  const ask = async <T>(answer: Promise<T[]>): Promise<T[]> => {
    try {
      return await answer;
    } catch (error) {
      if (NOTHING.includes((error as NodeJS.ErrnoException).code ?? '')) {
        return [];
      }
      throw error;
    }
  };
  const names = async (answer: Promise<string[]>) => (await ask(answer)).map(name => name.toLowerCase().replace(/\.$/, ''));
  return {
    nameServers: async name => names(resolver.resolveNs(name)),
    aliases: async name => names(resolver.resolveCname(name)),
    addresses: async name => names(resolver.resolve4(name)),
    authorities: async name => {
      const records = await ask(resolver.resolveCaa(name));
      // After a semicolon come parameters; with nothing before it, the record allows nobody.
      const allowed = records.flatMap(({ issue }) => issue === undefined ? [] : [issue.split(';')[0].trim().toLowerCase() || 'nobody']);
      return records.length === 0 ? undefined : allowed;
    },
  };
}
