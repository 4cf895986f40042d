import { runSimulation } from '@cloud-copilot/iam-simulate';
import { Match } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { ACCOUNT, type Overrides, REGION, templateOf } from '../helpers';

const STRANGER = '444455556666';

/** A value with its intrinsic functions as they are in a deployment. */
function resolved(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(resolved);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const [[name, argument]] = Object.entries(value) as [string, unknown][];
  return name === 'Ref' ? (argument === 'AWS::Region' ? REGION : 'aws') : name === 'Fn::Join' ? ((argument as [string, unknown[]])[1].map(resolved) as string[]).join('')
    : Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolved(inner)]));
}

/** The policies of the endpoints by the service that each is for, as they are in a deployment. */
function policiesOf(overrides: Overrides = {}, region = REGION): Record<string, object> {
  return Object.fromEntries(Object.values(templateOf(overrides, { region }).findResources('AWS::EC2::VPCEndpoint')).map(({ Properties }) => {
    const service = (resolved(Properties.ServiceName) as string).split(`.${region}.`)[1];
    return [service, resolved(Properties.PolicyDocument ?? {}) as object];
  }));
}

/** Whether a person with all rights in an account gets through the endpoint. */
async function passes(policy: object, account: string, action: string, resource: string, resourceAccount = account): Promise<boolean> {
  const everything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
  const result = await runSimulation({
    request: {
      principal: `arn:aws:iam::${account}:role/anyone`,
      action,
      resource: { resource, accountId: resourceAccount },
      contextVariables: { 'aws:PrincipalAccount': account, 'aws:ResourceAccount': resourceAccount },
    },
    identityPolicies: [{ name: 'everything', policy: everything }],
    // A resource of another account lets its own account in, and a public one everybody.
    resourcePolicy: { ...everything, Statement: [{ ...everything.Statement[0], Principal: '*' }] },
    vpcEndpointPolicies: [{ name: 'endpoint', policy }],
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  }, {});
  if (result.resultType === 'error') {
    throw new Error(`${action} on ${resource}: ${JSON.stringify(result.errors)}`);
  }
  return result.overallResult === 'Allowed';
}

const own = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
const foreign = (service: string, resource: string) => own(service, resource).replace(ACCOUNT, STRANGER);

/** Outside facts, T7: each line carried data to the account of an attacker, who had got into a task. */
describe('with the credentials of another account', () => {
  const policies = policiesOf({ api: { enableExecuteCommand: true } });

  test.each([
    ['ecr.api', 'ecr:BatchGetImage', foreign('ecr', 'repository/stolen-data')],
    ['ecr.dkr', 'ecr:BatchGetImage', foreign('ecr', 'repository/stolen-data')],
    ['ecr.dkr', 'ecr:PutImage', foreign('ecr', 'repository/stolen-data')],
    ['logs', 'logs:PutLogEvents', foreign('logs', 'log-group:stolen:log-stream:data')],
    ['secretsmanager', 'secretsmanager:PutSecretValue', foreign('secretsmanager', 'secret:stolen')],
    ['ssmmessages', 'ssmmessages:OpenDataChannel', '*'],
    ['s3', 's3:PutObject', 'arn:aws:s3:::stolen-data/health.csv'],
    ['s3', 's3:GetObject', 'arn:aws:s3:::tools-of-the-attacker/tool'],
  ])('%s: %s is denied', async (endpoint, action, resource) => {
    expect(await passes(policies[endpoint], STRANGER, action, resource)).toBe(false);
  });

  test('every endpoint has a policy', () => {
    expect(Object.keys(policies).sort()).toEqual(['ecr.api', 'ecr.dkr', 'logs', 's3', 'secretsmanager', 'ssmmessages']);
    expect(Object.values(policies).filter(policy => !('Statement' in policy))).toEqual([]);
  });
});

describe('with the credentials of the deployment', () => {
  const policies = policiesOf({ api: { enableExecuteCommand: true } });

  test.each([
    ['ecr.api', 'ecr:BatchGetImage', own('ecr', 'repository/project-oky/api')],
    ['ecr.dkr', 'ecr:BatchGetImage', own('ecr', 'repository/project-oky/api')],
    ['logs', 'logs:PutLogEvents', own('logs', 'log-group:/ecs/project-oky-ecs-api-task:log-stream:api')],
    ['secretsmanager', 'secretsmanager:GetSecretValue', own('secretsmanager', 'secret:database')],
    ['s3', 's3:GetObject', 'arn:aws:s3:::config/api.env'],
  ])('%s: %s is allowed', async (endpoint, action, resource) => {
    expect(await passes(policies[endpoint], ACCOUNT, action, resource)).toBe(true);
  });

  test('the layers of an image are read, which ECR signs for, and not written', async () => {
    const layer = `arn:aws:s3:::prod-${REGION}-starport-layer-bucket/layer`;
    expect(await passes(policies.s3, STRANGER, 's3:GetObject', layer)).toBe(true);
    expect(await passes(policies.s3, STRANGER, 's3:PutObject', layer)).toBe(false);
  });

  test('nothing is carried to a public bucket of another account', async () => {
    expect(await passes(policies.s3, ACCOUNT, 's3:PutObject', 'arn:aws:s3:::stolen-data/health.csv', STRANGER)).toBe(false);
  });
});

describe('images of another account', () => {
  const arn = foreign('ecr', 'repository/oky/api');

  test.each<[string, Overrides]>([
    ['repository', stack => ({ api: { repository: ecr.Repository.fromRepositoryAttributes(stack, 'Given', { repositoryArn: arn, repositoryName: 'oky/api' }) } })],
    ['image', stack => ({
      api: {
        imageTag: undefined,
        image: ecs.ContainerImage.fromEcrRepository(ecr.Repository.fromRepositoryAttributes(stack, 'Given', { repositoryArn: arn, repositoryName: 'oky/api' }), '1'),
      },
    })],
  ])('are pulled where a %s is given, with the credentials of the deployment', async (_, overrides) => {
    const policies = policiesOf(overrides);
    expect(await passes(policies['ecr.api'], ACCOUNT, 'ecr:BatchGetImage', arn, STRANGER)).toBe(true);
    expect(await passes(policies['ecr.dkr'], ACCOUNT, 'ecr:BatchGetImage', arn, STRANGER)).toBe(true);
    expect(await passes(policies['ecr.api'], STRANGER, 'ecr:BatchGetImage', arn)).toBe(false);
  });
});

describe('the endpoints of ECS, where a region asks for them', () => {
  const policies = policiesOf({}, 'ca-west-1');

  test.each(['ecs', 'ecs-agent', 'ecs-telemetry'])('%s serves the agent of a task and this account, and no other for what it could carry', async endpoint => {
    const policy = policies[endpoint];
    expect(await passes(policy, STRANGER, 'ecs:Poll', 'arn:aws:ecs:ca-west-1:444455556666:container-instance/a/b')).toBe(true);
    expect(await passes(policy, STRANGER, 'ecs:RegisterTaskDefinition', 'arn:aws:ecs:ca-west-1:444455556666:task-definition/a:1')).toBe(false);
    expect(await passes(policy, ACCOUNT, 'ecs:ListTasks', '*')).toBe(true);
  });
});

describe('DNS Firewall', () => {
  test('is off by default', () => {
    templateOf().resourceCountIs('AWS::Route53Resolver::FirewallRuleGroupAssociation', 0);
  });

  test('answers for names of AWS in the region and on the list, and for no other', () => {
    const template = templateOf({ network: { allowedDomains: ['*.googleapis.com', 'accounts.google.com'] } });
    template.hasResourceProperties('AWS::Route53Resolver::FirewallDomainList', {
      Domains: [
        '*.eu-west-2.amazonaws.com', '*.eu-west-2.rds.amazonaws.com', '*.s3.amazonaws.com', '*.compute.internal', '*.ec2.internal', '*.googleapis.com', 'accounts.google.com',
      ],
    });
    const id = (name: string) => ({ 'Fn::GetAtt': [Match.stringLikeRegexp(name), 'Id'] });
    template.hasResourceProperties('AWS::Route53Resolver::FirewallRuleGroup', {
      FirewallRules: [
        { Priority: 100, Action: 'ALLOW', FirewallDomainListId: id('DnsFirewallAllowed'), FirewallDomainRedirectionAction: 'TRUST_REDIRECTION_DOMAIN' },
        { Priority: 200, Action: 'BLOCK', BlockResponse: 'NXDOMAIN', FirewallDomainListId: id('DnsFirewallAll') },
      ],
    });
    template.hasResourceProperties('AWS::Route53Resolver::FirewallRuleGroupAssociation', { VpcId: { Ref: Match.stringLikeRegexp('Vpc') }, Priority: 101 });
  });

  test('knows every name that the tasks look up', () => {
    const names = [
      'api.ecr.eu-west-2.amazonaws.com', `${ACCOUNT}.dkr.ecr.eu-west-2.amazonaws.com`, 'logs.eu-west-2.amazonaws.com', 'secretsmanager.eu-west-2.amazonaws.com',
      'prod-eu-west-2-starport-layer-bucket.s3.eu-west-2.amazonaws.com', 'config.s3.eu-west-2.amazonaws.com', 'oky.cluster-abc.eu-west-2.rds.amazonaws.com',
    ];
    const [list] = Object.values(templateOf({ network: { allowedDomains: [] } }).findResources('AWS::Route53Resolver::FirewallDomainList'))
      .map(({ Properties }) => Properties.Domains as string[]).filter(domains => !domains.includes('*'));
    expect(names.filter(name => !list.some(domain => name.endsWith(domain.slice(1))))).toEqual([]);
    expect(list.some(domain => 'stolen.attacker.example'.endsWith(domain.slice(1)))).toBe(false);
  });
});
