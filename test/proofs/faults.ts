/** Deliberate faults: each is put into a sound template, and must be seen. */
import { FURTHER } from '../../scripts/deployments/matrix';
import { ALL_ON, type Example } from '../../scripts/deployments/synthesis';
import { interfaces, type Interface } from '../../scripts/template/network';
import { all, isObject, list, target, type Template, text, type Value } from '../../scripts/template/template';

export interface Fault {
  readonly name: string;
  /** The deployment that it is put into; the default one if none is named. */
  readonly into?: Example & { readonly egress?: boolean; readonly closedDns?: boolean };
  readonly apply: (template: Template) => void;
  /** All that sees it, as `where: what`. */
  readonly caughtBy: readonly string[];
}

type Properties = Record<string, Value>;
type Fits = (properties: Properties, id: string) => boolean;

const DNS = 'reachability: every name can be looked up, unless a list is chosen';
const CLOSED_DNS = { overrides: FURTHER['network.allowedDomains none'], closedDns: true };
const NAT = { overrides: FURTHER['network.egress'], egress: true };
const SESSIONS = { overrides: { api: { enableExecuteCommand: true } } };
const NEW_REGION_ENDPOINTS = { overrides: {}, options: { region: 'ca-west-1' } };
const NAT_INSTANCE = { overrides: FURTHER['network.egress natInstance'], egress: true };
const EVERYTHING = { overrides: ALL_ON };
const PARAMETER = { overrides: FURTHER['a secret from the Parameter Store'] };
const CACHED = { overrides: FURTHER['edge.cacheCmsAssets'] };
const KEPT = 'safeguards: what is kept at the edge is the same for everyone';
const ANYWHERE = '0.0.0.0/0';
const IN_THE_VPC = '10.0.0.0/16';

/** The first resource of a type, or the first of which the properties fit. */
function find(template: Template, type: string, fits: Fits = () => true): { id: string; properties: Properties } {
  const found = all<Properties>(template, type).find(({ id, properties }) => fits(properties, id));
  if (!found) {
    throw new Error(`no ${type} that fits`);
  }
  return found;
}

/** What a path leads to, from the properties of a resource; a list on the way by an index. */
function put(properties: Properties, path: string, value: Value | undefined): void {
  const keys = path.split('.');
  const last = keys.pop()!;
  const step = (here: Value | undefined, key: string) => Array.isArray(here) ? here[Number(key)] : isObject(here) ? here[key] : undefined;
  const parent = keys.reduce(step, properties as Value | undefined);
  if (Array.isArray(parent) && value !== undefined) {
    parent[Number(last)] = value;
  } else if (isObject(parent) && value !== undefined) {
    parent[last] = value;
  } else if (isObject(parent) && last in parent) {
    delete parent[last];
  } else {
    throw new Error(`there is no ${path}`);
  }
}

/** Sets a property of the first resource of a type that fits, or removes it. */
const change = (type: string, path: string, value: Value | undefined, fits?: Fits) => (template: Template) =>
  put(find(template, type, fits).properties, path, value);

const add = (type: string, properties: Properties) => (template: Template) => {
  template.Resources.Fault = { Type: type, Properties: properties };
};

const groupOf = (template: Template, kind: Interface['kind'], container?: string) =>
  interfaces(template).find(each => each.kind === kind && each.container === container)!.groups[0];

/** Who stands where: a kind, and of tasks the container. */
type Place = [kind: Interface['kind'], container?: string];

/** Lets an address range, or who stands somewhere, into the group of something. */
const admit = (place: Place, from: string | Place, ports: number | [number, number]) => (template: Template) => {
  const [FromPort, ToPort] = typeof ports === 'number' ? [ports, ports] : ports;
  const source: Properties = typeof from === 'string' ? { CidrIp: from } : { SourceSecurityGroupId: { Ref: groupOf(template, ...from) } };
  add('AWS::EC2::SecurityGroupIngress', { IpProtocol: 'tcp', GroupId: { Ref: groupOf(template, ...place) }, FromPort, ToPort, ...source })(template);
};

/** The table of a subnet that something stands in. */
function tableOf(template: Template, kind: Interface['kind'], container?: string): Value {
  const [subnet] = interfaces(template).find(each => each.kind === kind && each.container === container)!.subnets;
  return find(template, 'AWS::EC2::SubnetRouteTableAssociation', ({ SubnetId }) => target(SubnetId) === subnet).properties.RouteTableId;
}

const publicSubnet = (template: Template): Value => ({ Ref: interfaces(template).find(({ kind }) => kind === 'load balancer')!.subnets[0] });

/** The statements of a document, to be changed in place. */
function statementsOf(document: Value | undefined): Properties[] {
  return isObject(document) ? list(document.Statement).filter(isObject) : [];
}

/** The one statement of a policy that mentions something. */
function statementWith(template: Template, type: string, mention: string): Properties {
  const mentions = (statement: Value) => JSON.stringify(statement).includes(mention);
  const { properties } = find(template, type, ({ PolicyDocument: document }) => statementsOf(document).some(mentions));
  return statementsOf(properties.PolicyDocument).find(mentions)!;
}

/** Allows the execution role of the first task definition something more. */
const allow = (statement: Properties) => (template: Template) => {
  const role = target(find(template, TASK).properties.ExecutionRoleArn);
  add('AWS::IAM::Policy', { Roles: [{ Ref: role }], PolicyDocument: { Statement: [{ Effect: 'Allow', ...statement }] } })(template);
};

const isInterface: Fits = ({ VpcEndpointType: type }) => type === 'Interface';
const endpointOf = (service: string): Fits => ({ ServiceName }) => text(ServiceName).endsWith(`.${service}`);
const isGateway: Fits = ({ VpcEndpointType: type }) => type === 'Gateway';

/** A rule that opens nothing, where having none would open everything. */
const CLOSED = { CidrIp: '255.255.255.255/32', IpProtocol: 'icmp', FromPort: 252, ToPort: 86 };

/** Takes away all resources of a type that fit. */
const drop = (type: string, fits: Fits) => (template: Template) => {
  const found = all<Properties>(template, type).filter(({ id, properties }) => fits(properties, id));
  if (found.length === 0) {
    throw new Error(`no ${type} that fits`);
  }
  for (const { id } of found) {
    delete template.Resources[id];
    Object.values(template.Resources).forEach(each => {
      each.DependsOn = list(each.DependsOn).filter(other => other !== id);
    });
  }
};

const SERVICE = 'AWS::ECS::Service';
const TASK = 'AWS::ECS::TaskDefinition';
const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
const RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';
const TARGETS = 'AWS::ElasticLoadBalancingV2::TargetGroup';
const CLUSTER = 'AWS::RDS::DBCluster';
const BUCKET = 'AWS::S3::Bucket';
const BACKUP = { overrides: FURTHER['a backup plan, two instances'] };
const VAULT = 'AWS::Backup::BackupVault';
const SLIP = 'safeguards: nothing that holds data can be deleted by a slip';
const OWN_KEY = 'safeguards: secrets, logs and vaults are encrypted with a key of one\'s own';
const ROLE = 'AWS::IAM::Role';
const SECRET = 'AWS::SecretsManager::Secret';
const NETWORK = 'NetworkConfiguration.AwsvpcConfiguration';

const INTERNET = 'reachability: the internet reaches nothing but CloudFront';
const BALANCER = 'reachability: only CloudFront reaches the load balancer, on 443';
const HEADER = 'reachability: without the secret header nothing but 403';
const TO_TASKS = 'reachability: only the load balancer reaches a task, on its container port';
const TO_DATABASE = 'reachability: only the two services reach the database, on its port';
const TO_ENDPOINTS = 'reachability: only the two services reach the interface endpoints, on 443';
const WAY_OUT = 'reachability: nothing private has a way out, unless egress is chosen for the CMS';
const PATHS = 'reachability: every path that is needed is open at both its ends';
const PUBLIC = 'reachability: no bucket, key, secret, repository or topic is public';
const ROLES = 'reachability: no role can pass or assume another';
const KINDS = 'reachability: nothing is of a kind that these proofs do not know';
const FITS = 'graph: service, container and target group fit together';
const PRIORITIES = 'graph: no two rules of a listener have one priority';
const REFERENCES = 'graph: every reference leads to something';
const CONTAINERS = 'safeguards: containers have no rights on their machine, and can\'t change their files unless there are sessions';
const OUTLIVES = 'safeguards: what holds data outlives the stack';
const ROUTING = 'routing: the usual answers';

export const FAULTS: Fault[] = [
  // Who comes in.
  {
    name: 'the load balancer admits the internet',
    apply: admit(['load balancer'], ANYWHERE, 443),
    caughtBy: [INTERNET, BALANCER],
  },
  {
    name: 'the load balancer admits the internet by IPv6, in a rule within its group',
    apply: template => {
      template.Resources[groupOf(template, 'load balancer')].Properties!.SecurityGroupIngress = [{ IpProtocol: '-1', CidrIpv6: '::/0' }];
    },
    caughtBy: [INTERNET, BALANCER],
  },
  {
    name: 'the load balancer admits another prefix list',
    apply: change('AWS::EC2::SecurityGroupIngress', 'SourcePrefixListId', 'pl-0123abcd', rule => rule.SourcePrefixListId !== undefined),
    caughtBy: [BALANCER],
  },
  {
    name: 'the load balancer admits CloudFront on all ports',
    apply: change('AWS::EC2::SecurityGroupIngress', 'FromPort', 0, rule => rule.SourcePrefixListId !== undefined),
    caughtBy: [BALANCER],
  },
  {
    name: 'a second listener, on port 80',
    apply: template => add(LISTENER, { ...find(template, LISTENER).properties, Port: 80, Protocol: 'HTTP', Certificates: [] })(template),
    caughtBy: [BALANCER, 'controls: ELB.1', 'controls: ELB.18'],
  },
  {
    name: 'the listener forwards by default',
    apply: template => put(find(template, LISTENER).properties, 'DefaultActions', find(template, RULE).properties.Actions),
    caughtBy: [HEADER, ROUTING],
  },
  {
    name: 'a rule without the condition on the header',
    apply: template => put(find(template, RULE).properties, 'Conditions', list(find(template, RULE).properties.Conditions).slice(0, 1)),
    caughtBy: [HEADER, ROUTING],
  },
  {
    name: 'a rule that accepts any value of the header',
    apply: change(RULE, 'Conditions.1.HttpHeaderConfig.Values', ['*']),
    caughtBy: [HEADER, ROUTING],
  },
  {
    name: 'a header whose value stands in the template',
    apply: template => {
      all<Properties>(template, RULE).forEach(({ properties }) => put(properties, `Conditions.${list(properties.Conditions).length - 1}.HttpHeaderConfig.Values`, ['secret']));
      change('AWS::CloudFront::Distribution', 'DistributionConfig.Origins.0.OriginCustomHeaders.0.HeaderValue', 'secret')(template);
    },
    caughtBy: [HEADER],
  },
  {
    name: 'a distribution that does not send the header',
    apply: change('AWS::CloudFront::Distribution', 'DistributionConfig.Origins.0.OriginCustomHeaders', undefined),
    caughtBy: [HEADER, ROUTING],
  },
  {
    name: 'a distribution that keeps the viewer\'s host to itself',
    apply: change('AWS::CloudFront::Distribution', 'DistributionConfig.DefaultCacheBehavior.OriginRequestPolicyId', undefined),
    caughtBy: [ROUTING],
  },
  {
    name: 'a distribution that speaks HTTP to the origin',
    apply: change('AWS::CloudFront::Distribution', 'DistributionConfig.Origins.0.CustomOriginConfig.OriginProtocolPolicy', 'match-viewer'),
    caughtBy: [INTERNET, 'controls: CloudFront.9'],
  },
  {
    name: 'a name that leads past CloudFront',
    into: EVERYTHING,
    apply: template => change('AWS::Route53::RecordSet', 'AliasTarget.DNSName',
      { 'Fn::GetAtt': [find(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer').id, 'DNSName'] })(template),
    caughtBy: [INTERNET],
  },
  {
    name: 'rules of one priority',
    apply: template => all<Properties>(template, RULE).forEach(({ properties }) => put(properties, 'Priority', 10)),
    caughtBy: [PRIORITIES],
  },
  {
    name: 'rules that are the wrong way round',
    apply: template => {
      const [api, cms] = all<Properties>(template, RULE);
      [api.properties.Actions, cms.properties.Actions] = [cms.properties.Actions, api.properties.Actions];
    },
    caughtBy: [ROUTING],
  },
  {
    name: 'a listener without a port',
    apply: change(LISTENER, 'Port', undefined),
    caughtBy: [BALANCER, 'graph: every listener has a port, a protocol and a certificate', ROUTING],
  },
  {
    name: 'a distribution that does not wait for the rules',
    apply: template => {
      template.Resources[find(template, 'AWS::CloudFront::Distribution').id].DependsOn = [];
    },
    caughtBy: ['graph: the header is accepted before it is sent'],
  },

  // Who reaches tasks, database and endpoints.
  {
    name: 'tasks in a public subnet',
    apply: template => put(find(template, SERVICE).properties, `${NETWORK}.Subnets.0`, publicSubnet(template)),
    caughtBy: [PATHS, INTERNET, WAY_OUT],
  },
  {
    name: 'tasks with public addresses',
    apply: change(SERVICE, `${NETWORK}.AssignPublicIp`, 'ENABLED'),
    caughtBy: [INTERNET, 'controls: ECS.2'],
  },
  {
    name: 'tasks that admit the VPC',
    apply: admit(['task', 'api'], IN_THE_VPC, 3000),
    caughtBy: [INTERNET, TO_TASKS],
  },
  {
    name: 'tasks that admit the load balancer on a port of another container',
    apply: admit(['task', 'cms'], ['load balancer'], 3000),
    caughtBy: [TO_TASKS],
  },
  {
    name: 'tasks that admit each other',
    apply: admit(['task', 'api'], ['task', 'cms'], 3000),
    caughtBy: [TO_TASKS],
  },
  {
    name: 'tasks in the group of the database',
    apply: template => put(find(template, SERVICE).properties, `${NETWORK}.SecurityGroups.0`, { Ref: groupOf(template, 'database') }),
    caughtBy: [PATHS, TO_TASKS, TO_DATABASE, TO_ENDPOINTS, WAY_OUT],
  },
  {
    name: 'a database that is publicly accessible',
    apply: change('AWS::RDS::DBInstance', 'PubliclyAccessible', true),
    caughtBy: [INTERNET, 'controls: RDS.2'],
  },
  {
    name: 'a database that admits anybody',
    apply: admit(['database'], ANYWHERE, 5433),
    caughtBy: [INTERNET, TO_DATABASE],
  },
  {
    name: 'a database that admits the load balancer',
    apply: admit(['database'], ['load balancer'], 5433),
    caughtBy: [TO_DATABASE],
  },
  {
    name: 'a database that admits the API on all ports',
    apply: admit(['database'], ['task', 'api'], [0, 65535]),
    caughtBy: [TO_DATABASE],
  },
  {
    name: 'a database in a public subnet',
    apply: template => put(find(template, 'AWS::RDS::DBSubnetGroup').properties, 'SubnetIds.0', publicSubnet(template)),
    caughtBy: [INTERNET, WAY_OUT, 'controls: RDS.46'],
  },
  {
    name: 'endpoints that admit the VPC',
    apply: admit(['endpoint'], IN_THE_VPC, 443),
    caughtBy: [INTERNET, TO_ENDPOINTS],
  },
  {
    name: 'an endpoint in the default group',
    apply: change('AWS::EC2::VPCEndpoint', 'SecurityGroupIds', undefined, isInterface),
    caughtBy: [PATHS, TO_TASKS, TO_ENDPOINTS],
  },
  {
    name: 'a subnet that gives public addresses',
    apply: change('AWS::EC2::Subnet', 'MapPublicIpOnLaunch', true),
    caughtBy: [INTERNET, 'controls: EC2.15'],
  },

  // Who gets out.
  {
    name: 'a private route table with a route to the internet',
    apply: template => add('AWS::EC2::Route', {
      RouteTableId: tableOf(template, 'task', 'api'), DestinationCidrBlock: ANYWHERE, GatewayId: { Ref: find(template, 'AWS::EC2::InternetGateway').id },
    })(template),
    caughtBy: [INTERNET, WAY_OUT, 'controls: RDS.46'],
  },
  {
    name: 'a NAT for the API as well',
    into: NAT,
    apply: template => add('AWS::EC2::Route', {
      RouteTableId: tableOf(template, 'task', 'api'), DestinationCidrBlock: ANYWHERE, NatGatewayId: { Ref: find(template, 'AWS::EC2::NatGateway').id },
    })(template),
    caughtBy: [WAY_OUT],
  },
  {
    name: 'a NAT that nobody chose',
    apply: template => add('AWS::EC2::NatGateway', { SubnetId: publicSubnet(template) })(template),
    caughtBy: [WAY_OUT],
  },
  {
    name: 'a peering with another VPC',
    apply: template => add('AWS::EC2::VPCPeeringConnection', { VpcId: { Ref: find(template, 'AWS::EC2::VPC').id }, PeerVpcId: 'vpc-22223333' })(template),
    caughtBy: [KINDS],
  },
  {
    name: 'a load balancer whose group lets everything out',
    apply: template => {
      const group = groupOf(template, 'load balancer');
      all<Properties>(template, 'AWS::EC2::SecurityGroupEgress').filter(({ properties }) => target(properties.GroupId) === group)
        .forEach(({ id }) => delete template.Resources[id]);
    },
    caughtBy: [WAY_OUT],
  },
  {
    name: 'an endpoint that reaches all buckets',
    apply: change('AWS::EC2::VPCEndpoint', 'PolicyDocument', undefined, isGateway),
    caughtBy: [WAY_OUT],
  },
  {
    name: 'an endpoint that writes to the bucket of the layers',
    apply: change('AWS::EC2::VPCEndpoint', 'PolicyDocument.Statement.0.Action', ['s3:GetObject', 's3:PutObject'], isGateway),
    caughtBy: [WAY_OUT],
  },
  {
    name: 'an endpoint that writes to the buckets of other accounts',
    apply: change('AWS::EC2::VPCEndpoint', 'PolicyDocument.Statement.1.Condition', undefined, isGateway),
    caughtBy: [WAY_OUT],
  },
  {
    name: 'an endpoint that reads a bucket with a name like that of the layers',
    apply: change('AWS::EC2::VPCEndpoint', 'PolicyDocument.Statement.0.Resource', 'arn:aws:s3:::prod-eu-west-2-starport-layer-bucket-of-a-stranger/*', isGateway),
    caughtBy: [WAY_OUT],
  },
  {
    name: 'an endpoint that logs in to ECR with the credentials of another account',
    apply: change('AWS::EC2::VPCEndpoint', 'PolicyDocument.Statement.0.Condition', undefined, endpointOf('ecr.api')),
    caughtBy: [WAY_OUT],
  },
  {
    name: 'an endpoint that images of other accounts are pulled through',
    apply: change('AWS::EC2::VPCEndpoint', 'PolicyDocument.Statement.0.Resource', '*', endpointOf('ecr.dkr')),
    caughtBy: [WAY_OUT],
  },
  {
    name: 'an endpoint of sessions that serves other accounts',
    into: SESSIONS,
    apply: change('AWS::EC2::VPCEndpoint', 'PolicyDocument', undefined, endpointOf('ssmmessages')),
    caughtBy: [WAY_OUT],
  },
  {
    name: 'an endpoint of ECS that registers tasks in other accounts',
    into: NEW_REGION_ENDPOINTS,
    apply: change('AWS::EC2::VPCEndpoint', 'PolicyDocument.Statement.1.Action', ['ecs:Poll', 'ecs:RegisterTaskDefinition'], endpointOf('ecs')),
    caughtBy: [WAY_OUT],
  },
  {
    name: 'a list of names that was not chosen',
    apply: template => {
      const vpc = { Ref: find(template, 'AWS::EC2::VPC').id };
      Object.assign(template.Resources, {
        All: { Type: 'AWS::Route53Resolver::FirewallDomainList', Properties: { Domains: ['*'] } },
        Rules: {
          Type: 'AWS::Route53Resolver::FirewallRuleGroup',
          Properties: { FirewallRules: [{ Priority: 1, Action: 'BLOCK', FirewallDomainListId: { 'Fn::GetAtt': ['All', 'Id'] } }] },
        },
        Association: {
          Type: 'AWS::Route53Resolver::FirewallRuleGroupAssociation', Properties: { VpcId: vpc, FirewallRuleGroupId: { 'Fn::GetAtt': ['Rules', 'Id'] } },
        },
      });
    },
    caughtBy: [DNS],
  },
  {
    name: 'a list of names that nothing asks',
    into: CLOSED_DNS,
    apply: template => {
      delete template.Resources[find(template, 'AWS::Route53Resolver::FirewallRuleGroupAssociation').id];
    },
    caughtBy: [DNS],
  },
  {
    name: 'a list of names that allows every name',
    into: CLOSED_DNS,
    apply: change('AWS::Route53Resolver::FirewallDomainList', 'Domains', ['*'], ({ Domains }) => list(Domains).length > 1),
    caughtBy: [DNS],
  },
  {
    name: 'a list of names after which nothing is blocked',
    into: CLOSED_DNS,
    apply: change('AWS::Route53Resolver::FirewallRuleGroup', 'FirewallRules.1.Action', 'ALERT'),
    caughtBy: [DNS],
  },
  {
    name: 'an endpoint that images can be pushed through',
    apply: change('AWS::EC2::VPCEndpoint', 'PolicyDocument.Statement.0.Action', ['ecr:GetAuthorizationToken', 'ecr:PutImage'], endpointOf('ecr.dkr')),
    caughtBy: [WAY_OUT],
  },
  {
    name: 'an endpoint that logs for any account',
    apply: change('AWS::EC2::VPCEndpoint', 'PolicyDocument', undefined, endpointOf('logs')),
    caughtBy: [WAY_OUT],
  },

  // What is open at one end only.
  {
    name: 'a load balancer that sends nothing to the API',
    apply: template => drop('AWS::EC2::SecurityGroupEgress', ({ GroupId, DestinationSecurityGroupId }) =>
      target(GroupId) === groupOf(template, 'load balancer') && target(DestinationSecurityGroupId) === groupOf(template, 'task', 'api'))(template),
    caughtBy: [PATHS, WAY_OUT],
  },
  {
    name: 'an API that does not admit the load balancer',
    apply: template => drop('AWS::EC2::SecurityGroupIngress', ({ GroupId }) => target(GroupId) === groupOf(template, 'task', 'api'))(template),
    caughtBy: [PATHS, TO_TASKS],
  },
  {
    name: 'a CMS that sends nothing to the database',
    apply: template => drop('AWS::EC2::SecurityGroupEgress', ({ GroupId, DestinationSecurityGroupId }) =>
      target(GroupId) === groupOf(template, 'task', 'cms') && target(DestinationSecurityGroupId) === groupOf(template, 'database'))(template),
    caughtBy: [PATHS, WAY_OUT],
  },
  {
    name: 'a database that does not admit the CMS',
    apply: template => drop('AWS::EC2::SecurityGroupIngress', ({ GroupId, SourceSecurityGroupId }) =>
      target(GroupId) === groupOf(template, 'database') && target(SourceSecurityGroupId) === groupOf(template, 'task', 'cms'))(template),
    caughtBy: [PATHS, TO_DATABASE],
  },
  {
    name: 'an API that sends nothing by HTTPS',
    apply: template => change('AWS::EC2::SecurityGroup', 'SecurityGroupEgress', [CLOSED], (_, id) => id === groupOf(template, 'task', 'api'))(template),
    caughtBy: [PATHS, WAY_OUT],
  },
  {
    name: 'endpoints that do not admit the API',
    apply: template => drop('AWS::EC2::SecurityGroupIngress', ({ GroupId, SourceSecurityGroupId }) =>
      target(GroupId) === groupOf(template, 'endpoint') && target(SourceSecurityGroupId) === groupOf(template, 'task', 'api'))(template),
    caughtBy: [PATHS, TO_ENDPOINTS],
  },
  {
    name: 'an endpoint that does not answer to the name of its service',
    apply: change('AWS::EC2::VPCEndpoint', 'PrivateDnsEnabled', false, endpointOf('secretsmanager')),
    caughtBy: [PATHS],
  },
  {
    name: 'logs without an endpoint',
    apply: drop('AWS::EC2::VPCEndpoint', endpointOf('logs')),
    caughtBy: [PATHS],
  },
  {
    name: 'a secret from the Parameter Store without an endpoint',
    into: PARAMETER,
    apply: drop('AWS::EC2::VPCEndpoint', endpointOf('ssm')),
    caughtBy: [PATHS],
  },
  {
    name: 'a session without an endpoint',
    into: { overrides: { api: { enableExecuteCommand: true } } },
    apply: drop('AWS::EC2::VPCEndpoint', endpointOf('ssmmessages')),
    caughtBy: [PATHS],
  },
  {
    name: 'a route to S3 that the CMS has not',
    apply: template => {
      const { properties } = find(template, 'AWS::EC2::VPCEndpoint', isGateway);
      const table = target(tableOf(template, 'task', 'cms'));
      put(properties, 'RouteTableIds', list(properties.RouteTableIds).filter(each => target(each) !== table));
    },
    caughtBy: [PATHS],
  },
  {
    name: 'a NAT gateway in a private subnet',
    into: NAT,
    apply: template => change('AWS::EC2::NatGateway', 'SubnetId', { Ref: interfaces(template).find(({ kind }) => kind === 'database')!.subnets[0] })(template),
    caughtBy: [PATHS],
  },
  {
    name: 'a NAT instance that admits nothing of what it forwards',
    into: NAT_INSTANCE,
    apply: template => change('AWS::EC2::SecurityGroup', 'SecurityGroupIngress', undefined, (_, id) => id === groupOf(template, 'NAT'))(template),
    caughtBy: [PATHS],
  },
  {
    name: 'a NAT instance that admits the whole VPC',
    into: NAT_INSTANCE,
    apply: template => change('AWS::EC2::SecurityGroup', 'SecurityGroupIngress.0.CidrIp', IN_THE_VPC, (_, id) => id === groupOf(template, 'NAT'))(template),
    caughtBy: [INTERNET, PATHS],
  },
  {
    name: 'a NAT instance that sends nothing on',
    into: NAT_INSTANCE,
    apply: template => change('AWS::EC2::SecurityGroup', 'SecurityGroupEgress', [CLOSED], (_, id) => id === groupOf(template, 'NAT'))(template),
    caughtBy: [PATHS, WAY_OUT],
  },
  {
    name: 'a NAT instance that drops what is not for itself',
    into: NAT_INSTANCE,
    apply: change('AWS::EC2::Instance', 'SourceDestCheck', true),
    caughtBy: [PATHS],
  },
  {
    name: 'a NAT instance without a public address',
    into: NAT_INSTANCE,
    apply: change('AWS::EC2::Instance', 'NetworkInterfaces.0.AssociatePublicIpAddress', false),
    caughtBy: [PATHS],
  },
  {
    name: 'a NAT instance of which nobody hears that it did not boot',
    into: NAT_INSTANCE,
    apply: template => {
      delete template.Resources[find(template, 'AWS::EC2::Instance').id].CreationPolicy;
    },
    caughtBy: [PATHS],
  },

  // Who may do what.
  {
    name: 'a load balancer that writes logs for any account',
    apply: template => put(statementWith(template, 'AWS::S3::BucketPolicy', 'logdelivery.elasticloadbalancing'), 'Resource', '*'),
    caughtBy: [PUBLIC],
  },
  {
    name: 'a bucket without its block of public access',
    apply: change(BUCKET, 'PublicAccessBlockConfiguration', undefined),
    caughtBy: [PUBLIC, 'controls: S3.8'],
  },
  {
    name: 'a bucket that may be made public by a policy',
    apply: change(BUCKET, 'PublicAccessBlockConfiguration.BlockPublicPolicy', false),
    caughtBy: [PUBLIC, 'controls: S3.8'],
  },
  {
    name: 'a bucket that lets everybody read',
    apply: template => add('AWS::S3::BucketPolicy', {
      Bucket: { Ref: find(template, BUCKET).id }, PolicyDocument: { Statement: { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' } },
    })(template),
    caughtBy: [PUBLIC],
  },
  {
    name: 'a bucket that lets another account read',
    apply: template => put(statementWith(template, 'AWS::S3::BucketPolicy', '"Allow"'), 'Principal', { AWS: 'arn:aws:iam::999988887777:user/somebody' }),
    caughtBy: [PUBLIC],
  },
  {
    name: 'a bucket that accepts plain HTTP',
    apply: change('AWS::S3::BucketPolicy', 'PolicyDocument.Statement.0.Condition', undefined),
    caughtBy: ['safeguards: buckets are encrypted and refuse what is not', 'controls: S3.5'],
  },
  {
    name: 'a key that everybody may use',
    apply: change('AWS::KMS::Key', 'KeyPolicy.Statement.0.Principal', { AWS: '*' }),
    caughtBy: [PUBLIC],
  },
  {
    name: 'a topic that everybody may publish to',
    apply: add('AWS::SNS::TopicPolicy', {
      Topics: ['arn:aws:sns:eu-west-2:111122223333:topic'],
      PolicyDocument: { Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sns:Publish', Resource: '*' }] },
    }),
    caughtBy: [PUBLIC, 'controls: SNS.4'],
  },
  {
    name: 'a secret that another account may read',
    apply: template => add('AWS::SecretsManager::ResourcePolicy', {
      SecretId: { Ref: find(template, SECRET).id },
      ResourcePolicy: { Statement: [{ Effect: 'Allow', Principal: { AWS: '999988887777' }, Action: 'secretsmanager:GetSecretValue', Resource: '*' }] },
    })(template),
    caughtBy: [PUBLIC],
  },
  {
    name: 'images that everybody may pull',
    apply: change('AWS::ECR::Repository', 'RepositoryPolicyText', { Statement: [{ Effect: 'Allow', Principal: '*', Action: 'ecr:BatchGetImage' }] }),
    caughtBy: [PUBLIC],
  },
  {
    name: 'a task that may pass any role',
    apply: allow({ Action: 'iam:PassRole', Resource: '*' }),
    caughtBy: [ROLES],
  },
  {
    name: 'a task that may assume a role',
    apply: allow({ Action: 'sts:Assume*', Resource: 'arn:aws:iam::111122223333:role/admin' }),
    caughtBy: [ROLES],
  },
  {
    name: 'a task that may do everything',
    apply: allow({ Action: '*', Resource: '*' }),
    caughtBy: [ROLES, 'controls: IAM.21', 'controls: KMS.2'],
  },
  {
    name: 'operators that may pass any role',
    apply: template => put(statementWith(template, 'AWS::IAM::ManagedPolicy', 'iam:PassRole'), 'Resource', '*'),
    caughtBy: [ROLES],
  },
  {
    name: 'a role that anybody can assume',
    apply: change(ROLE, 'AssumeRolePolicyDocument.Statement.0.Principal', { AWS: '*' }),
    caughtBy: [ROLES],
  },
  {
    name: 'a role that the account can assume',
    apply: change(ROLE, 'AssumeRolePolicyDocument.Statement.0.Principal', { AWS: '111122223333' }),
    caughtBy: [ROLES],
  },
  {
    name: 'a role with AWS\'s policy for backups that another service can assume',
    into: BACKUP,
    apply: change(ROLE, 'AssumeRolePolicyDocument.Statement.0.Principal', { Service: 'ec2.amazonaws.com' }, properties => JSON.stringify(properties).includes('AWSBackup')),
    caughtBy: [ROLES],
  },
  {
    name: 'a role for backups with another policy of AWS',
    into: BACKUP,
    apply: change(ROLE, 'ManagedPolicyArns', ['arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores'],
      properties => JSON.stringify(properties).includes('AWSBackup')),
    caughtBy: [ROLES],
  },
  {
    name: 'a vault that anybody may copy from',
    into: BACKUP,
    apply: template => {
      const { properties } = find(template, VAULT);
      put(properties, 'AccessPolicy.Statement', [
        ...statementsOf(properties.AccessPolicy), { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'backup:CopyFromBackupVault', Resource: '*' },
      ]);
    },
    caughtBy: [PUBLIC],
  },
  {
    name: 'a vault whose snapshots anybody may delete',
    into: BACKUP,
    apply: change(VAULT, 'AccessPolicy.Statement.0.Principal', { AWS: 'arn:aws:iam::111122223333:role/intern' }),
    caughtBy: [SLIP],
  },
  {
    name: 'a vault whose policy anybody may replace',
    into: BACKUP,
    apply: template => {
      const { properties } = find(template, VAULT);
      put(properties, 'AccessPolicy.Statement', statementsOf(properties.AccessPolicy).slice(0, 1));
    },
    caughtBy: [SLIP],
  },
  {
    name: 'a vault without a lock',
    into: BACKUP,
    apply: change(VAULT, 'LockConfiguration', undefined),
    caughtBy: [SLIP],
  },
  {
    name: 'an air-gapped vault that goes with the stack',
    into: { overrides: FURTHER['database.backupPlan.airGappedVaultName'] },
    apply: template => {
      template.Resources[find(template, 'AWS::Backup::LogicallyAirGappedBackupVault').id].DeletionPolicy = 'Delete';
    },
    caughtBy: [OUTLIVES],
  },
  {
    name: 'a vault under a key of AWS',
    into: BACKUP,
    apply: change(VAULT, 'EncryptionKeyArn', undefined),
    caughtBy: [OWN_KEY],
  },
  {
    name: 'a vault that goes with the stack',
    into: BACKUP,
    apply: template => {
      template.Resources[find(template, VAULT).id].DeletionPolicy = 'Delete';
    },
    caughtBy: [OUTLIVES],
  },
  {
    name: 'a task for SQL that is not told where the database is',
    into: { overrides: FURTHER['database.sqlTask'] },
    apply: change(TASK, 'ContainerDefinitions.0.Environment', [], ({ Family }) => text(Family).includes('sql')),
    caughtBy: ['graph: tasks are told where the database is'],
  },
  {
    name: 'a workflow of any branch',
    into: { overrides: FURTHER['operators.githubRepository'] },
    apply: change(ROLE, 'AssumeRolePolicyDocument.Statement.0.Condition.StringEquals', {
      'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com', 'token.actions.githubusercontent.com:sub': 'repo:oky-kenya/deployment:*',
    }, ({ AssumeRolePolicyDocument: document }) => JSON.stringify(document).includes('Federated')),
    caughtBy: [ROLES],
  },
  {
    name: 'a workflow of any repository of the owner\'s, beside the one that is named',
    into: { overrides: FURTHER['operators.githubRepository'] },
    apply: change(ROLE, 'AssumeRolePolicyDocument.Statement.0.Condition.StringEquals', {
      'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
      'token.actions.githubusercontent.com:sub': ['repo:oky-kenya/deployment:ref:refs/heads/main', 'repo:oky-kenya@1/*'],
    }, ({ AssumeRolePolicyDocument: document }) => JSON.stringify(document).includes('Federated')),
    caughtBy: [ROLES],
  },

  // What does not fit.
  {
    name: 'a service that names another container',
    apply: change(SERVICE, 'LoadBalancers.0.ContainerName', 'web'),
    caughtBy: [FITS, ROUTING],
  },
  {
    name: 'a service that names another port',
    apply: change(SERVICE, 'LoadBalancers.0.ContainerPort', 8080),
    caughtBy: [PATHS, FITS, TO_TASKS, WAY_OUT],
  },
  {
    name: 'targets that are instances',
    apply: change(TARGETS, 'TargetType', 'instance'),
    caughtBy: [FITS],
  },
  {
    name: 'a target group that no rule forwards to',
    apply: template => {
      const rules = all<Properties>(template, RULE);
      // That of the CMS is the second one.
      rules.forEach(({ properties }) => put(properties, 'Actions', rules[1].properties.Actions));
    },
    caughtBy: [FITS, ROUTING],
  },
  {
    name: 'a capacity provider that the cluster has not',
    apply: change('AWS::ECS::Cluster', 'CapacityProviders', ['FARGATE_SPOT']),
    caughtBy: ['graph: every service has a capacity provider of its cluster'],
  },
  {
    name: 'a minimum of capacity over the maximum',
    apply: change(CLUSTER, 'ServerlessV2ScalingConfiguration.MinCapacity', 8),
    caughtBy: ['graph: the capacity of the database is in order'],
  },
  {
    name: 'a pause at a minimum over 0',
    apply: change(CLUSTER, 'ServerlessV2ScalingConfiguration.MinCapacity', 0.5),
    caughtBy: ['graph: the capacity of the database is in order'],
  },
  {
    name: 'a key of a secret that is not in it',
    apply: change(SECRET, 'GenerateSecretString.SecretStringTemplate', '{"user":"periodtracker"}'),
    caughtBy: ['graph: every key of a secret that is asked for is in it'],
  },
  {
    name: 'a log group that keeps for ever',
    apply: change('AWS::Logs::LogGroup', 'RetentionInDays', undefined),
    caughtBy: ['graph: every log has its group, made before and with a retention'],
  },
  {
    name: 'a log group under another name',
    apply: change('AWS::Logs::LogGroup', 'LogGroupName', '/elsewhere', ({ LogGroupName: name }) => JSON.stringify(name).includes('containerinsights')),
    caughtBy: ['graph: every log has its group, made before and with a retention'],
  },
  {
    name: 'an execution role that may not read a secret',
    apply: template => {
      const { properties } = find(template, 'AWS::IAM::ManagedPolicy', ({ Roles }) => list(Roles).some(role => /Execution/.test(target(role))));
      const statements = isObject(properties.PolicyDocument) ? list(properties.PolicyDocument.Statement) : [];
      put(properties, 'PolicyDocument.Statement', statements.filter(statement => !JSON.stringify(statement).includes('secretsmanager:')));
    },
    caughtBy: ['graph: what a task starts with, its execution role may read'],
  },
  {
    name: 'tasks that look for the database on its usual port',
    apply: template => {
      const [container] = list(find(template, TASK).properties.ContainerDefinitions).filter(isObject);
      list(container.Environment).filter(isObject).find(({ Name }) => Name === 'DATABASE_PORT')!.Value = '5432';
    },
    caughtBy: ['graph: tasks are told where the database is'],
  },
  {
    name: 'a database on another port than the tasks are told',
    apply: change(CLUSTER, 'Port', 5432),
    caughtBy: [PATHS, 'graph: tasks are told where the database is', TO_DATABASE, WAY_OUT, 'controls: RDS.23'],
  },
  {
    name: 'scaling of a service that sets its count',
    into: EVERYTHING,
    apply: change(SERVICE, 'DesiredCount', 1),
    caughtBy: ['graph: scaling names a service that is there'],
  },
  {
    name: 'an alarm that watches nothing',
    apply: add('AWS::CloudWatch::Alarm', { MetricName: 'CPUUtilization', Dimensions: [{ Name: 'ClusterName', Value: 'another-cluster' }] }),
    caughtBy: ['graph: every alarm watches something that is there'],
  },
  {
    name: 'an alarm on a metric that nothing writes',
    apply: add('AWS::CloudWatch::Alarm', { Namespace: 'Oky/project-oky', MetricName: 'APIErrors' }),
    caughtBy: ['graph: every alarm watches something that is there'],
  },
  {
    name: 'a topic of alarms that is silent when the key is disabled',
    apply: add('AWS::SNS::Topic', { TopicName: 'project-oky-alarms', KmsMasterKeyId: 'alias/oky' }),
    caughtBy: ['safeguards: alarms are heard when the key is disabled'],
  },
  {
    name: 'a database in one zone',
    apply: template => {
      const { properties } = find(template, 'AWS::RDS::DBSubnetGroup');
      properties.SubnetIds = list(properties.SubnetIds).slice(0, 1);
    },
    caughtBy: ['graph: load balancer and database stand in two zones'],
  },
  {
    name: 'a reference to nothing',
    apply: change('AWS::RDS::DBInstance', 'MonitoringRoleArn', { 'Fn::GetAtt': ['Nobody', 'Arn'] }),
    caughtBy: [REFERENCES],
  },
  {
    name: 'a wait for nothing',
    apply: template => {
      template.Resources[find(template, CLUSTER).id].DependsOn = 'Nobody';
    },
    caughtBy: [REFERENCES],
  },
  {
    name: 'an output that another stack reads under another name',
    into: EVERYTHING,
    apply: change('AWS::CloudFront::Distribution', 'DistributionConfig.WebACLId', { 'Fn::GetStackOutput': { StackName: 'project-oky-edge', OutputName: 'Nothing', Region: 'us-east-1' } }),
    caughtBy: ['graph: every output that another stack reads is there'],
  },

  // What is not safe.
  {
    name: 'a database that is not encrypted',
    apply: change(CLUSTER, 'StorageEncrypted', false),
    caughtBy: ['safeguards: the database is encrypted and refuses what is not', 'controls: RDS.3', 'controls: RDS.27'],
  },
  {
    name: 'a database that accepts connections without TLS',
    apply: change('AWS::RDS::DBClusterParameterGroup', 'Parameters', undefined),
    caughtBy: ['safeguards: the database is encrypted and refuses what is not'],
  },
  {
    name: 'a bucket that is not encrypted',
    apply: change(BUCKET, 'BucketEncryption', undefined),
    caughtBy: ['safeguards: buckets are encrypted and refuse what is not'],
  },
  {
    name: 'a secret under AWS\'s key',
    apply: change(SECRET, 'KmsKeyId', undefined),
    caughtBy: ['safeguards: secrets, logs and vaults are encrypted with a key of one\'s own'],
  },
  {
    name: 'a NAT instance with a plain disk',
    into: NAT_INSTANCE,
    apply: change('AWS::EC2::Instance', 'BlockDeviceMappings', undefined),
    caughtBy: ['safeguards: disks are encrypted, and credentials of machines are not for the asking'],
  },
  {
    name: 'everything cached',
    apply: change('AWS::CloudFront::Distribution', 'DistributionConfig.DefaultCacheBehavior.CachePolicyId', '658327ea-f89d-4fab-a63d-7e88639e58f6'),
    caughtBy: [KEPT],
  },
  {
    name: 'files that are cached without their host',
    into: CACHED,
    apply: change('AWS::CloudFront::CachePolicy', 'CachePolicyConfig.ParametersInCacheKeyAndForwardedToOrigin.HeadersConfig', { HeaderBehavior: 'none' }),
    caughtBy: [KEPT],
  },
  {
    name: 'files that are cached with a session sent on',
    into: CACHED,
    apply: change('AWS::CloudFront::Distribution', 'DistributionConfig.CacheBehaviors.1.OriginRequestPolicyId', '216adef6-5c7f-47e4-b989-5492eafa07d3'),
    caughtBy: [KEPT],
  },
  {
    name: 'files that are cached by cookie',
    into: CACHED,
    apply: change('AWS::CloudFront::CachePolicy', 'CachePolicyConfig.ParametersInCacheKeyAndForwardedToOrigin.CookiesConfig.CookieBehavior', 'all'),
    caughtBy: [KEPT],
  },
  {
    name: 'files that are cached with a cookie that was set',
    into: CACHED,
    apply: change('AWS::CloudFront::Distribution', 'DistributionConfig.CacheBehaviors.2.ResponseHeadersPolicyId', undefined),
    caughtBy: [KEPT],
  },
  {
    name: 'a database that goes with the stack',
    apply: template => {
      delete template.Resources[find(template, CLUSTER).id].DeletionPolicy;
    },
    caughtBy: [OUTLIVES],
  },
  {
    name: 'a bucket that goes when it is replaced',
    apply: template => {
      template.Resources[find(template, BUCKET).id].UpdateReplacePolicy = 'Delete';
    },
    caughtBy: [OUTLIVES],
  },
  {
    name: 'a database that can be deleted by a slip',
    apply: change(CLUSTER, 'DeletionProtection', undefined),
    caughtBy: ['safeguards: nothing that holds data can be deleted by a slip', 'controls: RDS.7', 'controls: RDS.8'],
  },
  {
    name: 'images that can be overwritten',
    apply: change('AWS::ECR::Repository', 'ImageTagMutability', 'MUTABLE'),
    caughtBy: ['controls: ECR.2'],
  },
  {
    name: 'a load balancer that speaks TLS 1.0',
    apply: change(LISTENER, 'SslPolicy', 'ELBSecurityPolicy-2016-08'),
    caughtBy: ['controls: ELB.17'],
  },
  // What a container can do on its machine.
  {
    name: 'a container that runs as root',
    apply: change(TASK, 'ContainerDefinitions.0.User', 'root'),
    caughtBy: [CONTAINERS, 'controls: ECS.20'],
  },
  {
    name: 'a container without a user, which is root in the images of Oky',
    apply: change(TASK, 'ContainerDefinitions.0.User', undefined),
    caughtBy: [CONTAINERS, 'controls: ECS.20'],
  },
  {
    name: 'a container that keeps its capabilities',
    apply: change(TASK, 'ContainerDefinitions.0.LinuxParameters.Capabilities', undefined),
    caughtBy: [CONTAINERS],
  },
  {
    name: 'a container that gets one back',
    apply: change(TASK, 'ContainerDefinitions.0.LinuxParameters.Capabilities.Add', ['SYS_PTRACE']),
    caughtBy: [CONTAINERS],
  },
  {
    name: 'a container that can write its own files',
    apply: change(TASK, 'ContainerDefinitions.0.ReadonlyRootFilesystem', false),
    caughtBy: [CONTAINERS],
  },
];
