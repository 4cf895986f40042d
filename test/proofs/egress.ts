/** Where traffic may go from inside: by security groups, by routes, and through gateway endpoints. */
import { egress, gatewayEndpoints, type Interface, interfaceEndpoints, interfaces, isMadeHere, isOfType, routes, tablesOf, tcp } from '../../scripts/template/network';
import { differences, list, type Statement, statements, type Template, text, type Value } from '../../scripts/template/template';

const PARTITION = String.raw`arn:(?:aws[a-z-]*|\$\{AWS::Partition\})`;
const BUCKET_ARN = new RegExp(String.raw`^(?:\$\{\w+\.Arn\}|${PARTITION}:s3:::[^*?/]+)(?:/\*)?$`);

/** The ARN of one bucket, or of what is in it. */
function isOneBucket(resource: Value): boolean {
  return BUCKET_ARN.test(text(resource));
}

/** Out of each group goes only what has to; the tasks' 443 leads as far as the routes do. */
export function openEgress(template: Template): string[] {
  const tasks = interfaces(template).filter(({ kind }) => kind === 'task');
  const databases = interfaces(template).filter(({ kind }) => kind === 'database').flatMap(({ groups, port }) => groups.map(group => tcp(group, port)));
  const allowed: Record<Interface['kind'], string[]> = {
    'load balancer': tasks.flatMap(({ groups, port }) => groups.map(group => tcp(group, port))),
    'task': [...databases, tcp('0.0.0.0/0', 443)],
    'database': [],
    'endpoint': [],
    'NAT': ['0.0.0.0/0 by -1 on undefined'],
  };
  return interfaces(template).filter(({ groups }) => groups.length > 0)
    .flatMap(({ id, kind, groups }) => differences(`${id} sends to`, egress(template, groups), allowed[kind]));
}

/**
 * From the subnets of tasks, database and endpoints no route leads anywhere; except to a NAT from those of the CMS, and, where
 * that is chosen, to the internet gateway from those of the tasks.
 */
export function waysOut(template: Template, { egress: isChosen, publicIp = false }: { readonly egress: boolean; readonly publicIp?: boolean }): string[] {
  const inside = interfaces(template).filter(({ kind }) => kind !== 'load balancer' && kind !== 'NAT');
  const nat = interfaces(template).filter(({ kind }) => kind === 'NAT').map(({ id }) => id);
  const found = !isChosen ? nat.map(id => `${id} is a way out that was not chosen`) : [];
  const routed = new Set<string>();
  for (const { id, subnets, container } of inside) {
    for (const subnet of subnets.filter(each => isMadeHere(template, each))) {
      const tables = tablesOf(template, subnet);
      if (tables.length !== 1) {
        found.push(`${subnet} has ${tables.length} route tables, not 1`);
      }
      for (const route of routes(template).filter(({ table }) => tables.includes(table))) {
        const isByNat = isChosen && container === 'cms' && nat.includes(route.hop);
        const isByAddress = publicIp && container !== undefined && isOfType(template, route.hop, 'AWS::EC2::InternetGateway');
        if (!isByNat && !isByAddress) {
          found.push(`${id} has a way out, by ${route.id} to ${route.hop}`);
        }
        routed.add(container ?? id);
      }
    }
  }
  for (const container of [...isChosen || publicIp ? ['cms'] : [], ...publicIp ? ['api'] : []]) {
    if (!routed.has(container)) {
      found.push(`egress was chosen, but the ${container} has no route to the internet`);
    }
  }
  const tables = Object.keys(template.Resources).filter(id => isOfType(template, id, 'AWS::EC2::RouteTable'));
  return [...found, ...routes(template).filter(({ table }) => !tables.includes(table)).map(({ id, table }) => `${id} changes ${table}, which is not made here`)];
}

/** A gateway endpoint reaches all buckets of the world unless its policy names some: those may be read, and not written. */
export function openEndpoints(template: Template): string[] {
  const actions = ['s3:GetObject', 's3:GetBucketLocation'];
  return gatewayEndpoints(template).flatMap(({ id, policy }) => {
    const allowed = statements(policy).filter(({ Effect }) => Effect === 'Allow');
    const wide = allowed.filter(({ Action, Resource, NotAction, NotResource }) => NotAction !== undefined || NotResource !== undefined
      || !list(Action).every(action => actions.includes(text(action))) || !list(Resource).every(isOneBucket));
    return allowed.length === 0 ? [`${id} lets everything through`] : wide.map(({ Action, Resource }) => `${id} lets ${text(Action)} through to ${text(Resource)}`);
  });
}

const isPull = ({ Action }: Statement) => list(Action).every(action => /^ecr:(BatchCheck|BatchGet|Get)\w+$/.test(text(action)));
const isOwn = ({ Condition }: Statement) => /^(\d{12}|\$\{AWS::AccountId\})$/.test(text(Condition?.StringEquals?.['aws:PrincipalAccount']));

/** What each interface endpoint must ask for: otherwise an image could be pushed, or a log be written, with the credentials of another account. */
const ASKED: Record<string, (statement: Statement) => boolean> = { '.ecr.api': isPull, '.ecr.dkr': isPull, '.logs': isOwn, '.secretsmanager': isOwn };

export function openToAccounts(template: Template): string[] {
  return interfaceEndpoints(template).flatMap(({ id, service, policy }) => {
    const allowed = statements(policy).filter(({ Effect }) => Effect === 'Allow');
    const asked = Object.entries(ASKED).find(([end]) => service.endsWith(end))?.[1];
    return !asked || (allowed.length > 0 && allowed.every(asked)) ? [] : [`${id} serves other accounts, too`];
  });
}
