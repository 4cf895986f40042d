import { Match, Template } from 'aws-cdk-lib/assertions';
import * as route53 from 'aws-cdk-lib/aws-route53';
import {
  Annotations, App, BootstraplessSynthesizer, CliCredentialsStackSynthesizer, DefaultStackSynthesizer, type IStackSynthesizer, LegacyStackSynthesizer,
  Stack, Stage, StackSynthesizer, Tags,
} from 'aws-cdk-lib/core';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { Construct } from 'constructs';
import { OkyBackend, OkyOriginAccess } from '../../src';
import { ACCOUNT, usEast1Templates, deploy, makeStack, messageOf, sampleCertificates, templateOf, validProps, warnings } from '../helpers';
import { RECOMMENDED_FLAGS } from '../nag/packs';

const REGIONS = [
  'af-south-1', 'ap-south-1', 'ap-southeast-1', 'ap-southeast-3', 'ca-west-1', 'eu-central-1', 'eu-central-2', 'eu-west-2', 'me-central-1', 'sa-east-1',
  'us-east-1',
];

const hostedZone = (scope: Construct) => route53.HostedZone.fromHostedZoneAttributes(scope, 'Zone', { hostedZoneId: 'Z0123456789', zoneName: 'okyapp.info' });
const inZone = (stack: Stack) => ({ hostedZone: hostedZone(stack), certificate: undefined, edgeCertificate: undefined });
const everythingIn = (stack: Stack) => ({ ...inZone(stack), waf: {}, edge: { accessLogs: true } });

/** All templates of an app or a stage, by stack name. */
function templates(stage: Stage): Record<string, Record<string, unknown>> {
  return Object.fromEntries(stage.synth().stacks.map(stack => [stack.stackName, stack.template]));
}

function custom(found: Record<string, unknown>): string[] {
  return Object.values(found.Resources as Record<string, { Type: string }>).map(({ Type: type }) => type)
    .filter(type => type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource' || type === 'AWS::Lambda::Function');
}

describe('a region', () => {
  test.each(REGIONS)('%s: the deployment names no other but us-east-1, for CloudFront', region => {
    const found = JSON.stringify(templateOf(everythingIn, { region }).toJSON());
    const others = RegionInfo.regions.map(({ name }) => name).filter(name => name !== region && new RegExp(`\\b${name}\\b`).test(found));
    expect(others).toEqual(region === 'us-east-1' ? [] : ['us-east-1']);
  });

  test.each(REGIONS)('%s: nothing names it where it is not meant to be, with certificates given', region => {
    const found = JSON.stringify(templateOf({}, { region }).toJSON()).replace(/arn:aws:acm:us-east-1:/g, '');
    expect(RegionInfo.regions.map(({ name }) => name).filter(name => name !== region && new RegExp(`\\b${name}\\b`).test(found))).toEqual([]);
  });

  test.each([['ca-west-1', 3], ['mx-central-1', 3], ['eu-west-2', 0], ['af-south-1', 0]])('%s: gets %d endpoints for ECS', (region, count) => {
    const services = Object.values(templateOf({}, { region }).findResources('AWS::EC2::VPCEndpoint')).map(endpoint => JSON.stringify(endpoint.Properties.ServiceName));
    expect(services.filter(name => /\.ecs(-agent|-telemetry)?"/.test(name))).toHaveLength(count);
  });
});

describe('us-east-1', () => {
  test('is one stack, with one certificate for both', () => {
    const { stack, backend } = deploy(everythingIn, { region: 'us-east-1' });
    expect(usEast1Templates(stack)).toEqual({});
    expect(backend.edgeStack).toBeUndefined();
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::CertificateManager::Certificate', 1);
    template.resourceCountIs('AWS::WAFv2::WebACL', 1);
    template.resourceCountIs('AWS::Logs::DeliverySource', 1);
    expect(JSON.stringify(template.toJSON())).not.toContain('GetStackOutput');
  });

  test('takes one imported certificate for both', () => {
    const stack = makeStack({ region: 'us-east-1' });
    const { certificate } = sampleCertificates(stack);
    new OkyBackend(stack, 'Oky', { domainName: 'okyapp.info', certificate });
    Template.fromStack(stack).hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: Match.objectLike({ ViewerCertificate: Match.objectLike({ AcmCertificateArn: certificate.certificateArn }) }),
    });
  });
});

describe('the stacks in us-east-1', () => {
  test('are made only when something is in them', () => {
    expect(Object.keys(usEast1Templates(deploy().stack))).toEqual([]);
    expect(Object.keys(usEast1Templates(deploy({ waf: {} }).stack))).toEqual(['project-oky-edge']);
    expect(Object.keys(usEast1Templates(deploy({ edge: { accessLogs: true } }).stack))).toEqual(['project-oky-edge-watch']);
  });

  test('come one before and one after the main stack, without a Lambda function or custom resource', () => {
    const { stack, backend } = deploy(everythingIn);
    const assembly = (stack.node.root as App).synth();
    expect(assembly.stacks.map(({ stackName }) => stackName)).toEqual(['project-oky-edge', 'Oky', 'project-oky-edge-watch']);
    expect(assembly.stacks.map(({ environment }) => environment.region)).toEqual(['us-east-1', 'eu-west-2', 'us-east-1']);
    expect(assembly.stacks.flatMap(({ template }) => custom(template))).toEqual([]);
    expect(backend.edgeStack!.stackName).toBe('project-oky-edge');
    expect(backend.webAclArn).toBeDefined();
    expect(assembly.stacks.flatMap(({ messages }) => messages).filter(({ entry }) => /strong|reference/i.test(String(entry.data)))).toEqual([]);
  });

  test('read each other\'s outputs by names that are there', () => {
    const { stack } = deploy(everythingIn);
    const found = templates(stack.node.root as App);
    const references = [...JSON.stringify(found).matchAll(/"Fn::GetStackOutput":(\{[^}]*\})/g)].map(([, body]) => JSON.parse(body));
    // The distribution is both the source of the log and in the source's name.
    expect(references).toHaveLength(4);
    for (const { StackName: name, OutputName: output } of references) {
      expect(found[name].Outputs).toHaveProperty(output);
    }
  });

  test.each([[undefined, true], [false, false]])('are protected against deletion with deletionProtection %s: %s', (deletionProtection, expected) => {
    const { backend } = deploy({ waf: {}, deletionProtection });
    expect(backend.edgeStack!.terminationProtection).toBe(expected);
  });

  test('take the bootstrap qualifier of the app', () => {
    const { stack } = deploy(everythingIn, { context: { '@aws-cdk/core:bootstrapQualifier': 'oky1' } });
    const roles = (stack.node.root as App).synth().stacks.map(({ assumeRoleArn }) => assumeRoleArn);
    expect(roles.filter(role => role?.includes('cdk-oky1-deploy-role'))).toHaveLength(3);
    expect(Object.keys(warnings(stack))).not.toContain('cdk-oky-backend:bootstrapQualifier');
  });

  const OWN = { qualifier: 'oky1', deployRoleArn: 'arn:aws:iam::${AWS::AccountId}:role/${Qualifier}-deploys-${AWS::Region}' };

  test.each<[string, () => IStackSynthesizer]>([
    ['default', () => new DefaultStackSynthesizer(OWN)],
    ['command line\'s', () => new CliCredentialsStackSynthesizer({ qualifier: 'oky1' })],
    ['bootstrapless', () => new BootstraplessSynthesizer({ deployRoleArn: OWN.deployRoleArn.replace('${Qualifier}', 'oky1') })],
    ['legacy', () => new LegacyStackSynthesizer()],
  ])('take the synthesizer of the main stack with its settings: the %s', (_, synthesizer) => {
    const stack = new Stack(new App(), 'Oky', { env: { account: ACCOUNT, region: 'eu-west-2' }, synthesizer: synthesizer() });
    const { edgeStack } = new OkyBackend(stack, 'Oky', validProps(stack, { waf: {}, edge: { accessLogs: true } }));
    expect(edgeStack!.synthesizer).toBeInstanceOf(stack.synthesizer.constructor);
    expect(Object.keys(warnings(stack))).not.toContain('cdk-oky-backend:bootstrapQualifier');
    const roles = (stack.node.root as App).synth().stacks.map(({ assumeRoleArn, environment }) => assumeRoleArn?.replace(environment.region, 'region'));
    expect(roles).toHaveLength(3);
    expect(new Set(roles).size).toBe(1);
  });

  test('take the default synthesizer of the app', () => {
    const app = new App({ defaultStackSynthesizer: new DefaultStackSynthesizer(OWN) });
    const stack = new Stack(app, 'Oky', { env: { account: ACCOUNT, region: 'eu-west-2' } });
    new OkyBackend(stack, 'Oky', validProps(stack, { waf: {} }));
    expect(app.synth().stacks.map(({ assumeRoleArn }) => assumeRoleArn)).toEqual(
      ['us-east-1', 'eu-west-2'].map(region => `arn:aws:iam::${ACCOUNT}:role/oky1-deploys-${region}`));
  });

  test('do without a synthesizer that can be used for one stack only', () => {
    class Once extends StackSynthesizer {
      public addFileAsset(): never {
        throw new Error('no assets');
      }

      public addDockerImageAsset(): never {
        throw new Error('no assets');
      }

      public synthesize(): void {}
    }
    const stack = new Stack(new App(), 'Oky', { env: { account: ACCOUNT, region: 'eu-west-2' }, synthesizer: new Once() });
    const { edgeStack } = new OkyBackend(stack, 'Oky', validProps(stack, { waf: {} }));
    expect(edgeStack!.synthesizer).toBeInstanceOf(DefaultStackSynthesizer);
  });

  test.each([{}, { '@aws-cdk/core:explicitStackTags': true }])('have the tags of the main stack, with the flags %j', context => {
    const stack = new Stack(new App({ context }), 'Oky', { env: { account: ACCOUNT, region: 'eu-west-2' }, tags: { team: 'oky' } });
    Tags.of(stack).add('stage', 'live');
    new OkyBackend(stack, 'Oky', validProps(stack, { waf: {}, edge: { accessLogs: true } }));
    const assembly = (stack.node.root as App).synth();
    expect(assembly.stacks.map(({ tags }) => tags.team)).toEqual(['oky', 'oky', 'oky']);
    // With the flag, tags that are added to a scope are of the resources alone; they are there in all three.
    for (const { template } of assembly.stacks) {
      expect(JSON.stringify(template)).toContain('{"Key":"stage","Value":"live"}');
    }
  });

  test('take a synthesizer, both of them, and warn where the qualifiers differ', () => {
    const inStack = (synthesizer?: DefaultStackSynthesizer) => {
      const stack = new Stack(new App(), 'Oky', {
        env: { account: ACCOUNT, region: 'eu-west-2' }, synthesizer: new DefaultStackSynthesizer({ qualifier: 'oky1' }),
      });
      new OkyBackend(stack, 'Oky', validProps(stack, { waf: {}, edge: { accessLogs: true, synthesizer } }));
      return stack;
    };
    const given = inStack(new DefaultStackSynthesizer({ qualifier: 'oky1' }));
    expect(Object.keys(warnings(given))).not.toContain('cdk-oky-backend:bootstrapQualifier');
    expect((given.node.root as App).synth().stacks.every(({ assumeRoleArn }) => assumeRoleArn?.includes('cdk-oky1-deploy-role'))).toBe(true);
    expect(warnings(inStack(new DefaultStackSynthesizer({ qualifier: 'oky2' })))['cdk-oky-backend:bootstrapQualifier']).toContain("'oky1'");
  });
});

describe('an app', () => {
  test('holds two deployments, in one stack or in two, that share no name', () => {
    const app = new App();
    const stacks = ['eu-west-2', 'af-south-1'].map(region => new Stack(app, `Oky-${region}`, { env: { account: ACCOUNT, region } }));
    stacks.forEach((stack, index) => new OkyBackend(stack, 'Oky', validProps(stack, { namePrefix: `oky-${index}`, waf: {}, edge: { accessLogs: true } })));
    new OkyBackend(stacks[0], 'Staging', {
      namePrefix: 'oky-staging', domainName: 'staging.okyapp.info', hostedZone: hostedZone(stacks[0]), waf: {}, edge: { accessLogs: true },
    });
    const found = templates(app);
    expect(Object.keys(found).sort()).toEqual([
      'Oky-af-south-1', 'Oky-eu-west-2', 'oky-0-edge', 'oky-0-edge-watch', 'oky-1-edge', 'oky-1-edge-watch', 'oky-staging-edge', 'oky-staging-edge-watch',
    ]);
    const named = {
      'AWS::ECS::Cluster': 'ClusterName',
      'AWS::ECS::Service': 'ServiceName',
      'AWS::ECS::TaskDefinition': 'Family',
      'AWS::IAM::Role': 'RoleName',
      'AWS::ECR::Repository': 'RepositoryName',
      'AWS::Logs::LogGroup': 'LogGroupName',
    };
    const names = Object.values(found).flatMap(template => Object.entries(named).flatMap(([type, property]) =>
      Object.values(Template.fromJSON(template).findResources(type)).map(resource => resource.Properties[property])))
      .filter(name => typeof name === 'string');
    expect(names.length).toBeGreaterThan(30);
    expect(new Set(names).size).toBe(names.length);
  });

  describe('with two deployments of one namePrefix', () => {
    interface Home { readonly account?: string; readonly region?: string; readonly stage?: string }
    const two = (one: Home, other: Home) => {
      const app = new App();
      return [one, other].map(({ account, region, stage }, index) => {
        const scope = stage === undefined ? app : new Stage(app, stage);
        const stack = new Stack(scope, `Oky${index}`, account === undefined ? {} : { env: { account, region: region ?? 'eu-west-2' } });
        return { stack, backend: new OkyBackend(stack, 'Oky', validProps(stack, { network: { cloudFrontPrefixListId: 'pl-12345678' } })) };
      });
    };
    const refused = (path: string) => `namePrefix must differ from that of ${path}, which is in the same account, got: 'project-oky'; `
      + "roles and the stacks in us-east-1 are named after it; give one of the two another, such as 'oky-staging'";

    test.each<[string, Home, Home, string]>([
      ['in two regions', { account: ACCOUNT }, { account: ACCOUNT, region: 'af-south-1' }, 'Oky0/Oky'],
      ['in two stages', { account: ACCOUNT, stage: 'Staging' }, { account: ACCOUNT, stage: 'Live' }, 'Staging/Oky0/Oky'],
      ['in a stage and outside of it', { account: ACCOUNT, stage: 'Staging' }, { account: ACCOUNT }, 'Staging/Oky0/Oky'],
    ])('%s of an account, the second is refused', (_, one, other, path) => {
      expect(messageOf(() => two(one, other))).toBe(refused(path));
    });

    test('in one stack, whose account is not known, the second is refused', () => {
      const { stack } = deploy({ network: { cloudFrontPrefixListId: 'pl-12345678' } }, { envAgnostic: true });
      expect(messageOf(() => new OkyBackend(stack, 'Second', { domainName: 'okyapp.info', ...inZone(stack), network: { cloudFrontPrefixListId: 'pl-12345678' } })))
        .toBe(refused('Oky/Oky'));
    });

    test('in two accounts, both are taken', () => {
      const [, { stack }] = two({ account: ACCOUNT }, { account: '444455556666' });
      expect(warnings(stack)).not.toHaveProperty('cdk-oky-backend:sharedPrefix');
    });

    test.each<[Home, Home]>([[{}, {}], [{ account: ACCOUNT }, {}], [{}, { account: ACCOUNT }]])('a warning is there for accounts that may be one: %j and %j', (one, other) => {
      const [, { stack, backend }] = two(one, other);
      expect(warnings(stack)['cdk-oky-backend:sharedPrefix']).toBe("Oky0/Oky has the namePrefix 'project-oky' too: if both are deployed to one account, one replaces "
        + 'the certificate and the web ACL of the other in us-east-1; '
        + "give one of the two another namePrefix, such as 'oky-staging', or give their stacks an env with different accounts");
      Annotations.of(backend).acknowledgeWarning('cdk-oky-backend:sharedPrefix', 'two accounts');
      expect(warnings(stack)).not.toHaveProperty('cdk-oky-backend:sharedPrefix');
    });
  });

  test('puts a deployment into a stage', () => {
    const app = new App();
    const stage = new Stage(app, 'Prod', { env: { account: ACCOUNT, region: 'eu-west-2' } });
    const stack = new Stack(stage, 'Oky');
    new OkyBackend(stack, 'Oky', { domainName: 'okyapp.info', hostedZone: hostedZone(stack), waf: {}, edge: { accessLogs: true } });
    const { stacks } = stage.synth();
    expect(stacks.map(({ stackName }) => stackName)).toEqual(['project-oky-edge', 'Prod-Oky', 'project-oky-edge-watch']);
    expect(JSON.stringify(stacks[2].template)).toContain('"StackName":"Prod-Oky"');
  });
});

describe('an env-agnostic stack', () => {
  const network = { cloudFrontPrefixListId: 'pl-12345678' };

  test('works with a hosted zone and a web ACL, given the prefix list', () => {
    const { stack } = deploy(own => ({ ...inZone(own), waf: {}, network }), { envAgnostic: true });
    const found = templates(stack.node.root as App);
    expect(Object.keys(found).sort()).toEqual(['Oky', 'project-oky-edge']);
    expect(JSON.stringify(found.Oky)).not.toMatch(/eu-west|dummy/);
  });

  test('wants the prefix list for a VPC origin too', () => {
    expect(messageOf(() => deploy({ network: { originAccess: OkyOriginAccess.VPC_ORIGIN } }, { envAgnostic: true }))).toContain('network.cloudFrontPrefixListId');
  });

  test.each([
    ['the prefix list', {}, "network.cloudFrontPrefixListId must be given in an env-agnostic stack, where it can't be looked up, got: undefined; "
      + 'give the stack an env with account and region, or the id that this prints: aws ec2 describe-managed-prefix-lists '
      + '--filters Name=prefix-list-name,Values=com.amazonaws.global.cloudfront.origin-facing'],
    ['three zones', { network: { ...network, maxAzs: 3 } }, 'network.maxAzs must be 2 in an env-agnostic stack, got: 3; '
      + 'give the stack an env with account and region for three zones'],
    ['CloudFront\'s logs', { network, edge: { accessLogs: true } }, "edge.accessLogs must be false in an env-agnostic stack, whose outputs can't be read "
      + 'from us-east-1, got: true; give the stack an env with account and region'],
  ])('says what to give for %s', (_, overrides, message) => {
    expect(messageOf(() => deploy(overrides, { envAgnostic: true }))).toBe(message);
  });
});

describe('the template', () => {
  test('is the same without feature flags and with the recommended ones, but for the way the partition is written', () => {
    const partition = (template: object) => JSON.stringify(template, (_, value) => {
      const join = value?.['Fn::Join'];
      return join && JSON.stringify(join).includes('AWS::Partition')
        ? fold(join[1].map((part: unknown) => JSON.stringify(part) === '{"Ref":"AWS::Partition"}' ? 'aws' : part))
        : value;
    });
    const fold = (parts: unknown[]) => {
      const folded = parts.reduce<unknown[]>((done, part) => typeof part === 'string' && typeof done[done.length - 1] === 'string'
        ? [...done.slice(0, -1), `${done[done.length - 1]}${part}`] : [...done, part], []);
      return folded.length === 1 ? folded[0] : { 'Fn::Join': ['', folded] };
    };
    // That flag prints the warnings of the deployment, which are not what is looked at.
    const quiet = { ...RECOMMENDED_FLAGS, '@aws-cdk/core:annotationsInValidationReport': false };
    const [without, withFlags] = [{}, quiet].map(context => templates(deploy(everythingIn, { context }).stack.node.root as App));
    for (const name of Object.keys(without)) {
      expect(JSON.parse(partition(withFlags[name]))).toEqual(JSON.parse(partition(without[name])));
    }
  });

  test('holds no Lambda function and no custom resource by default, and neither with everything on', () => {
    expect(custom(templateOf().toJSON())).toEqual([]);
    expect(custom(templateOf(stack => ({ ...everythingIn(stack), highAvailability: true, scaling: {} })).toJSON())).toEqual([]);
  });
});
