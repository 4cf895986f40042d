/** Where traffic may go from inside: by security groups, by routes, and through gateway endpoints. */
import { egress, gatewayEndpoints, type Interface, interfaceEndpoints, interfaces, isMadeHere, isOfType, routes, tablesOf, tcp } from '../../scripts/template/network';
import { all, differences, list, type Statement, statements, target, type Template, text, type Value } from '../../scripts/template/template';

const PARTITION = String.raw`arn:(?:aws[a-z-]*|\$\{AWS::Partition\})`;
const LAYERS = new RegExp(String.raw`^${PARTITION}:s3:::prod-(?:[a-z0-9-]+|\$\{AWS::Region\})-starport-layer-bucket/\*$`);
const ACCOUNT = /^(\d{12}|\$\{AWS::AccountId\})$/;

/** Reads the layers of images, which are in a bucket of AWS. */
function isOfLayers({ Action, Resource }: Statement): boolean {
  return text(Action) === 's3:GetObject' && list(Resource).every(resource => LAYERS.test(text(resource)));
}

function isOnOwnBuckets({ Condition }: Statement): boolean {
  return ACCOUNT.test(text(Condition?.StringEquals?.['aws:ResourceAccount']));
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
export function waysOut(
  template: Template, { egress: isChosen, publicIp = false }: { readonly egress: boolean; readonly publicIp?: boolean },
): string[] {
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

/** A gateway endpoint reaches all buckets of the world: of its policy's statements, one is for the layers of ECR, and others for buckets of this account. */
export function openEndpoints(template: Template): string[] {
  return gatewayEndpoints(template).flatMap(({ id, policy }) => {
    const allowed = statements(policy).filter(({ Effect }) => Effect === 'Allow');
    const wide = allowed.filter(statement =>
      statement.NotAction !== undefined || statement.NotResource !== undefined || !(isOfLayers(statement) || isOnOwnBuckets(statement)));
    return allowed.length === 0 ? [`${id} lets everything through`] : wide.map(({ Action, Resource }) => `${id} lets ${text(Action)} through to ${text(Resource)}`);
  });
}

const isPull = ({ Action }: Statement) => list(Action).every(action => /^ecr:(BatchCheck|BatchGet|Get)\w+$/.test(text(action)));
const isOwn = ({ Condition }: Statement) => ACCOUNT.test(text(Condition?.StringEquals?.['aws:PrincipalAccount']));
const isOfRepositories = ({ Action, Resource }: Statement) => text(Action) === 'ecr:GetAuthorizationToken'
  || list(Resource).every(resource => /:ecr:[^:*]+:[^:*]+:repository\/|^\$\{\w+\.Arn\}$/.test(text(resource)));
const isOfAgent = ({ Action }: Statement) => list(Action).every(action => /^ecs:(?!.*\*)(Deregister|Register|Update)ContainerInstance|^ecs:(DiscoverPollEndpoint|Poll|StartTelemetrySession|Submit\w+Changes?)$/.test(text(action)));

/** What each interface endpoint must ask for: otherwise an image could be pushed, or a log be written, with the credentials of another account. */
const ASKED: Record<string, (statement: Statement) => boolean> = {
  '.ecr.api': statement => isPull(statement) && isOwn(statement) && isOfRepositories(statement),
  '.ecr.dkr': statement => isPull(statement) && isOfRepositories(statement),
  '.ecs': statement => isOwn(statement) || isOfAgent(statement),
  '.ecs-agent': statement => isOwn(statement) || isOfAgent(statement),
  '.ecs-telemetry': statement => isOwn(statement) || isOfAgent(statement),
};

export function openToAccounts(template: Template): string[] {
  return interfaceEndpoints(template).flatMap(({ id, service, policy }) => {
    const allowed = statements(policy).filter(({ Effect }) => Effect === 'Allow');
    const asked = Object.entries(ASKED).find(([end]) => service.endsWith(end))?.[1] ?? isOwn;
    return allowed.length > 0 && allowed.every(asked) ? [] : [`${id} serves other accounts, too`];
  });
}

interface DnsRules {
  readonly FirewallRules?: { readonly Priority: number; readonly Action: string; readonly FirewallDomainListId: Value }[];
}

/** The resolver of a VPC is a way out of its own: it is closed where that is chosen, and nobody says so where it is not. */
export function openDns(template: Template, isChosen: boolean): string[] {
  const vpcs = Object.keys(template.Resources).filter(id => isOfType(template, id, 'AWS::EC2::VPC'));
  const associations = all<{ readonly VpcId: Value; readonly FirewallRuleGroupId: Value }>(template, 'AWS::Route53Resolver::FirewallRuleGroupAssociation');
  const lists = all<{ readonly Domains: string[] }>(template, 'AWS::Route53Resolver::FirewallDomainList');
  const domainsOf = (reference: Value) => lists.find(({ id }) => id === target(reference))?.properties.Domains ?? [];
  const groups = all<DnsRules>(template, 'AWS::Route53Resolver::FirewallRuleGroup');
  return vpcs.flatMap(vpc => {
    const mine = associations.filter(({ properties }) => target(properties.VpcId) === vpc)
      .map(({ properties }) => target(properties.FirewallRuleGroupId));
    const rules = groups.filter(({ id }) => mine.includes(id)).flatMap(({ properties }) => list(properties.FirewallRules));
    const last = [...rules].sort((a, b) => a.Priority - b.Priority).at(-1);
    const isClosed = last?.Action === 'BLOCK' && domainsOf(last.FirewallDomainListId).includes('*')
      && rules.filter(({ Action }) => Action !== 'BLOCK').every(({ FirewallDomainListId: id }) => domainsOf(id).every(domain => text(domain) !== '*'));
    return isChosen === isClosed ? [] : [`${vpc} ${isClosed ? 'looks up only some names, which was not chosen' : 'looks up any name'}`];
  });
}
