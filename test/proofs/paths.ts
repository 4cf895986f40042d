/**
 * Whether each path that the deployment needs is open at both its ends. A path with one end closed drops every packet, and
 * nothing says so: the template is valid, and the resources are created.
 */
import { TASK_DEFINITION, type TaskDefinition } from './graph-types';
import { egress, ingress, type Interface, interfaceEndpoints, interfaces, isMadeHere, isOfType, routes, type Service, tablesOf, tcp } from '../../scripts/template/network';
import { all, list, target, type Template, text, type Value } from '../../scripts/template/template';

const HTTPS = 443;
/** Flows to all addresses, on a port. */
const everywhere = (port: number | undefined) => ['0.0.0.0/0 by -1 on undefined', tcp('0.0.0.0/0', port)];

export function closedPaths(template: Template, hasEgress: boolean): string[] {
  const of = (kind: Interface['kind']) => interfaces(template).filter(each => each.kind === kind);
  const tasks = of('task');
  return [
    ...(tasks.length > 0 ? [] : ['there is no task, and so no path']),
    ...of('load balancer').flatMap(balancer => tasks.flatMap(task => between(template, balancer, task, task.port))),
    ...tasks.flatMap(task => of('database').flatMap(database => between(template, task, database, database.port))),
    ...tasks.flatMap(task => of('endpoint').flatMap(endpoint => between(template, task, endpoint, HTTPS))),
    ...tasks.flatMap(task => toS3(template, task)),
    ...toServices(template),
    ...(hasEgress ? tasks.filter(({ container }) => container === 'cms').flatMap(task => toInternet(template, task)) : []),
  ];
}

/** What the CMS's subnets send to a NAT, which must admit it: the address of a forwarded packet is the task's. */
export function forwarded(template: Template): string[] {
  return interfaces(template).filter(({ kind, container }) => kind === 'task' && container === 'cms').flatMap(({ subnets }) => subnets)
    .filter(subnet => isMadeHere(template, subnet)).map(subnet => tcp(rangeOf(template, subnet), HTTPS));
}

function rangeOf(template: Template, subnet: string): string {
  return text(template.Resources[subnet].Properties?.CidrBlock);
}

/** Two ends, of which each must name the other. */
function between(template: Template, from: Interface, to: Interface, port: number | undefined): string[] {
  const sends = egress(template, from.groups).some(flow => everywhere(port).includes(flow) || to.groups.some(group => flow === tcp(group, port)));
  const admits = ingress(template, to.groups).some(flow => from.groups.some(group => flow === tcp(group, port)));
  return [
    ...(sends ? [] : [`${from.id} does not send to ${to.id} on ${port}`]),
    ...(admits ? [] : [`${to.id} does not admit ${from.id} on ${port}`]),
  ];
}

interface Endpoint {
  readonly VpcEndpointType?: string;
  readonly PrivateDnsEnabled?: Value;
  readonly RouteTableIds?: Value[];
}

/** S3 is reached by a route, which each table of a task's subnets must have. The tables of imported subnets can't be seen. */
function toS3(template: Template, task: Interface): string[] {
  const gateways = all<Endpoint>(template, 'AWS::EC2::VPCEndpoint').filter(({ properties }) => properties.VpcEndpointType === 'Gateway');
  const tables = task.subnets.filter(subnet => isMadeHere(template, subnet)).flatMap(subnet => tablesOf(template, subnet));
  return [...new Set(tables)].filter(table => !gateways.some(({ properties }) => list(properties.RouteTableIds).map(target).includes(table)))
    .map(table => `${task.id} does not reach S3 from ${table}`);
}

/** The services that ECS calls to start the tasks. Without any endpoint here, an existing VPC has them. */
function toServices(template: Template): string[] {
  const endpoints = interfaceEndpoints(template);
  if (endpoints.length === 0) {
    return [];
  }
  const containers = all<TaskDefinition>(template, TASK_DEFINITION).flatMap(({ properties }) => list(properties.ContainerDefinitions));
  const secrets = containers.flatMap(({ Secrets }) => list(Secrets)).map(({ ValueFrom }) => text(ValueFrom));
  const isParameter = (secret: string) => /^arn:[^:]+:ssm:/.test(secret.replace('${AWS::Partition}', 'aws'));
  const sessions = all<Service & { readonly EnableExecuteCommand?: boolean }>(template, 'AWS::ECS::Service').some(({ properties }) => properties.EnableExecuteCommand === true);
  const needed = [
    'ecr.api', 'ecr.dkr', 'logs',
    ...(secrets.some(secret => !isParameter(secret)) ? ['secretsmanager'] : []),
    ...(secrets.some(isParameter) ? ['ssm'] : []),
    ...(sessions ? ['ssmmessages'] : []),
  ];
  return [
    ...needed.filter(service => !endpoints.some(endpoint => endpoint.service.endsWith(`.${service}`))).map(service => `no task reaches ${service}`),
    ...all<Endpoint>(template, 'AWS::EC2::VPCEndpoint').filter(({ properties }) => properties.VpcEndpointType === 'Interface' && properties.PrivateDnsEnabled !== true)
      .map(({ id }) => `${id} does not answer to the name of its service`),
  ];
}

/** By a NAT in a public subnet: routed to, and, if it is an instance, one that admits, forwards and works. */
function toInternet(template: Template, task: Interface): string[] {
  const sends = egress(template, task.groups).some(flow => everywhere(HTTPS).includes(flow)) ? [] : [`${task.id} does not send to the internet`];
  const found = task.subnets.filter(subnet => isMadeHere(template, subnet)).flatMap(subnet => {
    const tables = tablesOf(template, subnet);
    const hops = routes(template).filter(({ table }) => tables.includes(table)).map(({ hop }) => hop);
    const nat = interfaces(template).find(({ id, kind }) => kind === 'NAT' && hops.includes(id));
    return nat ? [...isPublic(template, nat), ...isOfType(template, nat.id, 'AWS::EC2::Instance') ? works(template, nat, subnet) : []] : [`${subnet} is not routed to a NAT`];
  });
  return [...new Set([...sends, ...found])];
}

function isPublic(template: Template, nat: Interface): string[] {
  const tables = nat.subnets.flatMap(subnet => tablesOf(template, subnet));
  return routes(template).some(({ table, hop }) => tables.includes(table) && isOfType(template, hop, 'AWS::EC2::InternetGateway')) ? [] : [`${nat.id} is in no public subnet`];
}

interface Instance {
  readonly SourceDestCheck?: Value;
  readonly NetworkInterfaces?: { readonly AssociatePublicIpAddress?: Value }[];
}

function works(template: Template, nat: Interface, subnet: string): string[] {
  const { SourceDestCheck, NetworkInterfaces } = template.Resources[nat.id].Properties as Instance;
  return [
    ...(ingress(template, nat.groups).includes(tcp(rangeOf(template, subnet), HTTPS)) ? [] : [`${nat.id} does not admit what ${subnet} sends`]),
    ...(egress(template, nat.groups).some(flow => everywhere(HTTPS).includes(flow)) ? [] : [`${nat.id} does not send to the internet`]),
    ...(SourceDestCheck === false ? [] : [`${nat.id} drops what is not for itself`]),
    ...(list(NetworkInterfaces).some(({ AssociatePublicIpAddress }) => AssociatePublicIpAddress === true) ? [] : [`${nat.id} has no public address`]),
    ...(template.Resources[nat.id].CreationPolicy ? [] : [`nobody hears of it if ${nat.id} does not boot`]),
  ];
}
