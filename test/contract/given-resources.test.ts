import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Stack } from 'aws-cdk-lib/core';
import { type OkyBackendProps, OkyEgress, type OkyServiceOptions } from '../../src';
import { deploy, messageOf, type Overrides, templateOf, warnings } from '../helpers';

const OTHER_ACCOUNT = '444455556666';
const KEY = 'arn:aws:kms:eu-west-2:111122223333:key/99999999-2222-3333-4444-555555555555';
const OUR_ROOT = 'arn:aws:iam::111122223333:root';
const EGRESS = { network: { egress: OkyEgress.natGateway() } };

const errorOf = (overrides: Overrides) => messageOf(() => deploy(overrides));
const key = (stack: Stack, arn = KEY) => kms.Key.fromKeyArn(stack, 'OwnKey', arn);
const secret = (stack: Stack, { region = 'eu-west-2', account = '111122223333', encrypted = false } = {}) => secretsmanager.Secret.fromSecretAttributes(stack, 'OwnSecret', {
  secretCompleteArn: `arn:aws:secretsmanager:${region}:${account}:secret:own-AbCdEf`, encryptionKey: encrypted ? key(stack) : undefined,
});
const repository = (stack: Stack, region: string, account = '111122223333') =>
  ecr.Repository.fromRepositoryArn(stack, 'OwnRepository', `arn:aws:ecr:${region}:${account}:repository/own/app`);

/** What the policies of a role let it decrypt with. */
function keysOf(template: Template, role: string): unknown[] {
  return Object.entries(template.findResources('AWS::IAM::ManagedPolicy')).filter(([id]) => id.includes(role))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement).filter(({ Action }) => Action === 'kms:Decrypt').flatMap(({ Resource }) => Resource);
}

describe('an image', () => {
  const noInternet = (prop: string, got: string, more = '') => `${prop} must be in ECR in the region of the stack (eu-west-2), as the tasks have no internet access, got: '${got}'; `
    + `push the image to the repository of the service and give ${prop.split('.')[0]}.imageTag${more}`;

  test.each(['public.ecr.aws/own/api:1', 'docker.io/own/api', 'ghcr.io/own/api:1'])('of the API may not be %s, which no endpoint serves', name => {
    expect(errorOf({ api: { image: ecs.ContainerImage.fromRegistry(name) } })).toBe(noInternet('api.image', name));
    // The subnets of the API are never routed.
    expect(errorOf({ ...EGRESS, api: { image: ecs.ContainerImage.fromRegistry(name) } })).toBe(noInternet('api.image', name));
  });

  test('of the CMS may be in a public registry if the CMS has internet access', () => {
    const image = ecs.ContainerImage.fromRegistry('public.ecr.aws/own/cms:1');
    expect(errorOf({ cms: { image } })).toBe(noInternet('cms.image', 'public.ecr.aws/own/cms:1', ', or give network.egress'));
    templateOf({ ...EGRESS, cms: { image } }).hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [Match.objectLike({ Name: 'cms', Image: 'public.ecr.aws/own/cms:1' })],
    });
  });

  test('may be in a public registry in an existing VPC whose subnets are all routed', () => {
    const vpc = (stack: Stack) => ec2.Vpc.fromVpcAttributes(stack, 'OwnVpc', {
      vpcId: 'vpc-11112222',
      availabilityZones: ['eu-west-2a', 'eu-west-2b'],
      publicSubnetIds: ['subnet-1', 'subnet-2'],
      privateSubnetIds: ['subnet-3', 'subnet-4'],
      privateSubnetRouteTableIds: ['rtb-3', 'rtb-4'],
    });
    expect(() => deploy(stack => ({ network: { vpc: vpc(stack) }, api: { image: ecs.ContainerImage.fromRegistry('ghcr.io/own/api:1') } }))).not.toThrow();
  });

  test('may not be in ECR of another region', () => {
    expect(errorOf(stack => ({ api: { repository: repository(stack, 'eu-west-1') } }))).toBe(
      noInternet('api.repository', '111122223333.dkr.ecr.eu-west-1.<AWS::URLSuffix>/own/app:2025_05'));
    expect(() => deploy(stack => ({ ...EGRESS, cms: { repository: repository(stack, 'eu-west-1') } }))).not.toThrow();
  });

  test('in ECR must come from its repository, without which the tasks may not pull it', () => {
    const name = '111122223333.dkr.ecr.eu-west-2.amazonaws.com/own/api:1';
    expect(errorOf({ api: { image: ecs.ContainerImage.fromRegistry(name) } })).toBe('api.image must be made with ContainerImage.fromEcrRepository, which allows the tasks to '
      + `pull it, got: '${name}'; import the repository with ecr.Repository.fromRepositoryAttributes and give ecs.ContainerImage.fromEcrRepository(repository, tag)`);
  });

  test('of another account needs the policy of its repository, which a warning prints', () => {
    const { stack } = deploy(own => ({ api: { image: ecs.ContainerImage.fromEcrRepository(repository(own, 'eu-west-2', OTHER_ACCOUNT), '1') } }));
    expect(warnings(stack)['cdk-oky-backend:otherAccount:api.image']).toBe(`api.image is in account ${OTHER_ACCOUNT}: before the deployment, add this statement to the policy of the `
      + `repository: {"Effect":"Allow","Principal":{"AWS":"${OUR_ROOT}"},"Action":["ecr:BatchCheckLayerAvailability","ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"]}`);
    expect(JSON.stringify(Template.fromStack(stack).findResources('AWS::IAM::ManagedPolicy'))).toContain(`arn:aws:ecr:eu-west-2:${OTHER_ACCOUNT}:repository/own/app`);
  });

  test('that is built by CDK is in ECR of the region', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'image-'));
    fs.writeFileSync(path.join(folder, 'Dockerfile'), 'FROM scratch\n');
    expect(() => deploy({ api: { image: ecs.ContainerImage.fromAsset(folder) } })).not.toThrow();
    fs.rmSync(folder, { recursive: true });
  });

  test('from a private registry is pulled with a login whose key can be used', () => {
    const image = (stack: Stack) => ecs.ContainerImage.fromRegistry('ghcr.io/own/cms:1', { credentials: secret(stack, { encrypted: true }) });
    expect(keysOf(templateOf(stack => ({ ...EGRESS, cms: { image: image(stack) } })), 'CmsExecutionRole')).toContain(KEY);
  });
});

describe('a secret', () => {
  const used: [string, (given: secretsmanager.ISecret) => OkyServiceOptions][] = [
    ['signingSecret', given => ({ signingSecret: given })],
    ['googleCredentials', given => ({ googleCredentials: given })],
    ['secrets.FURTHER', given => ({ secrets: { FURTHER: ecs.Secret.fromSecretsManager(given) } })],
    ['secrets.FURTHER', given => ({ secrets: { FURTHER: ecs.Secret.fromSecretsManager(given, 'key') } })],
    ['secrets.FURTHER', given => ({ secrets: { FURTHER: ecs.Secret.fromSecretsManagerVersion(given, { versionId: '1' }, 'key') } })],
  ];

  test.each(used)('as cms.%s is read with its key', (_, use) => {
    const template = templateOf(stack => ({ cms: use(secret(stack, { encrypted: true })) }));
    expect(keysOf(template, 'CmsExecutionRole')).toContain(KEY);
    expect(keysOf(template, 'ApiExecutionRole')).not.toContain(KEY);
    expect(keysOf(templateOf(stack => ({ cms: use(secret(stack)) })), 'CmsExecutionRole')).not.toContain(KEY);
  });

  test.each(used)('as cms.%s may not be in another region without internet access', (prop, use) => {
    expect(errorOf(stack => ({ cms: use(secret(stack, { region: 'eu-west-1' })) }))).toMatch(new RegExp(`^cms\\.${prop} must be in the region of the stack \\(eu-west-2\\), as the tasks `
      + 'have no internet access, got: \'arn:aws:secretsmanager:eu-west-1:111122223333:secret:own-AbCdEf.*\'; replicate it there: aws secretsmanager '
      + 'replicate-secret-to-regions --add-replica-regions Region=eu-west-2$'));
    expect(() => deploy(stack => ({ ...EGRESS, cms: use(secret(stack, { region: 'eu-west-1' })) }))).not.toThrow();
  });

  test.each(used)('as cms.%s of another account needs two policies, which a warning prints', (prop, use) => {
    const { stack } = deploy(own => ({ cms: use(secret(own, { account: OTHER_ACCOUNT })) }));
    expect(warnings(stack)[`cdk-oky-backend:otherAccount:cms.${prop}`]).toBe(`cms.${prop} is in account ${OTHER_ACCOUNT}: before the deployment, add this statement to its resource policy: `
      + `{"Effect":"Allow","Principal":{"AWS":"${OUR_ROOT}"},"Action":"secretsmanager:GetSecretValue","Resource":"*"}; encrypt it with a key whose policy lets ${OUR_ROOT} `
      + 'call kms:Decrypt, and import it with that encryptionKey');
  });

  describe('of the Parameter Store', () => {
    const parameter = (stack: Stack, encryptionKey?: kms.IKey) => ecs.Secret.fromSsmParameter(
      ssm.StringParameter.fromSecureStringParameterAttributes(stack, 'Own', { parameterName: '/oky/own', encryptionKey }));
    const endpoints = (template: Template) => Object.values(template.findResources('AWS::EC2::VPCEndpoint')).map(({ Properties }) => JSON.stringify(Properties.ServiceName))
      .filter(name => /\.ssm"/.test(name));

    test('has the endpoint that it is read through, with the policy of the others', () => {
      const template = templateOf(stack => ({ api: { secrets: { OWN: parameter(stack) } } }));
      template.hasResourceProperties('AWS::EC2::VPCEndpoint', {
        ServiceName: 'com.amazonaws.eu-west-2.ssm',
        PolicyDocument: Match.objectLike({ Statement: [Match.objectLike({ Condition: { StringEquals: { 'aws:PrincipalAccount': '111122223333' } } })] }),
      });
      expect(endpoints(templateOf(stack => ({ cms: { secrets: { OWN: parameter(stack) } } })))).toHaveLength(1);
      expect(endpoints(templateOf(stack => ({ api: { secrets: { OWN: ecs.Secret.fromSecretsManager(secret(stack)) } } })))).toEqual([]);
    });

    test('is read with its key', () => {
      expect(keysOf(templateOf(stack => ({ api: { secrets: { OWN: parameter(stack, key(stack)) } } })), 'ApiExecutionRole')).toContain(KEY);
    });

    test('may not be in another account', () => {
      const arn = `arn:aws:ssm:eu-west-2:${OTHER_ACCOUNT}:parameter/oky/own`;
      const own: ecs.Secret = { arn, grantRead: grantee => iam.Grant.drop(grantee, 'not here') };
      expect(errorOf({ api: { secrets: { OWN: own } } })).toBe('api.secrets.OWN must be in the account of the stack (111122223333), as ECS reads no parameter of another, '
        + `got: '${arn}'; copy it, or keep it in Secrets Manager`);
    });
  });
});

describe('a config bucket', () => {
  const bucket = (stack: Stack, { region = 'eu-west-2', account = '111122223333' } = {}) =>
    s3.Bucket.fromBucketAttributes(stack, 'Own', { bucketName: 'own-bucket', region, account, encryptionKey: key(stack) });

  test('with a key of its own is read with it, by whatever starts the tasks and by the tasks', () => {
    const template = templateOf(stack => ({ configBucket: bucket(stack), api: { environmentFileKey: 'api.env' } }));
    expect(keysOf(template, 'ApiExecutionRole')).toContain(KEY);
    expect(keysOf(template, 'ApiTaskRole')).toContain(KEY);
    expect(keysOf(template, 'CmsExecutionRole')).not.toContain(KEY);
  });

  test('may not be in another region', () => {
    expect(errorOf(stack => ({ configBucket: bucket(stack, { region: 'eu-west-1' }) }))).toBe('configBucket must be in the region of the stack (eu-west-2), as the S3 endpoint of the '
      + 'VPC reaches no other, got: \'Oky/Own in eu-west-1\'; give one in eu-west-2, or leave it out');
  });

  test('may not be in another account', () => {
    expect(errorOf(stack => ({ configBucket: bucket(stack, { account: OTHER_ACCOUNT }) }))).toBe('configBucket must be in the account of the stack (111122223333), as the S3 endpoint of '
      + 'the VPC reaches no bucket of another, got: \'Oky/Own in 444455556666\'; copy the files to a bucket of this account, or leave it out');
  });
});

describe('a key', () => {
  const given: [string, (own: kms.IKey) => Partial<OkyBackendProps>][] = [
    ['encryptionKey', own => ({ encryptionKey: own })], ['database.encryptionKey', own => ({ database: { encryptionKey: own } })],
  ];

  test.each(given)('as %s may not be in another region', (prop, use) => {
    expect(errorOf(stack => use(key(stack, KEY.replace('eu-west-2', 'eu-west-1'))))).toBe(`${prop} must be in the region of the stack (eu-west-2), as a key can be `
      + 'used in its region only, got: \'Oky/OwnKey in eu-west-1\'; give one in eu-west-2, or leave it out');
  });

  test.each(given)('as %s may not be an alias', (prop, use) => {
    expect(errorOf(stack => use(kms.Alias.fromAliasName(stack, 'OwnKey', 'alias/own')))).toBe(`${prop} must be the key itself and not an alias, which CloudWatch Logs `
      + 'and policies don\'t take, got: \'Oky/OwnKey\'; import it with kms.Key.fromKeyArn, or look it up with kms.Key.fromLookup');
  });

  test.each(given)('as %s of another account needs the statement that a warning prints', (prop, use) => {
    const { stack } = deploy(own => use(key(own, KEY.replace('111122223333', OTHER_ACCOUNT))));
    expect(warnings(stack)[`cdk-oky-backend:otherAccount:${prop}`]).toBe(`${prop} is in account ${OTHER_ACCOUNT}: before the deployment, add this statement to its policy: {"Effect":"Allow",`
      + `"Principal":{"AWS":"${OUR_ROOT}"},"Action":["kms:CreateGrant","kms:Decrypt","kms:DescribeKey","kms:Encrypt","kms:GenerateDataKey*","kms:ReEncrypt*"],"Resource":"*"}`);
  });
});

describe('a certificate', () => {
  test.each([['certificate', 'eu-west-2', 'a load balancer'], ['edgeCertificate', 'us-east-1', 'CloudFront']])('as %s may not be in another account', (prop, region, whose) => {
    const arn = `arn:aws:acm:${region}:${OTHER_ACCOUNT}:certificate/11111111-2222-3333-4444-555555555555`;
    expect(errorOf(stack => ({ [prop]: acm.Certificate.fromCertificateArn(stack, 'Own', arn) }))).toBe(`${prop} must be in the account of the stack (111122223333), as ${whose} takes no other, `
      + `got: '${arn}'; request it there: aws acm request-certificate --region ${region}, or give hostedZone, in which it is made and validated`);
  });
});

test('a VPC of another region is refused', () => {
  expect(errorOf(stack => ({
    network: { vpc: ec2.Vpc.fromVpcAttributes(stack, 'Own', { vpcId: 'vpc-11112222', availabilityZones: ['eu-west-1a'], isolatedSubnetIds: ['subnet-1'], isolatedSubnetRouteTableIds: ['rtb-1'], region: 'eu-west-1' }) },
  }))).toBe('network.vpc must be in the region of the stack (eu-west-2), as everything is in it, got: \'Oky/Own in eu-west-1\'; give one in eu-west-2, or leave it out');
});

describe('a secret that the backend exposes', () => {
  test.each([['secret', {}], ['applicationSecret', { applicationUsername: 'oky' }]] as const)('database.%s lets its readers use the key, in a consumer\'s stack too', (name, database) => {
    const { stack, backend } = deploy({ database });
    const reader = new iam.Role(stack, 'Reader', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    backend.database[name]!.grantRead(reader);
    const statements = Object.entries(Template.fromStack(stack).findResources('AWS::IAM::Policy')).filter(([id]) => id.startsWith('Reader'))
      .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement);
    expect(statements).toContainEqual({ Action: 'kms:Decrypt', Effect: 'Allow', Resource: { 'Fn::GetAtt': [expect.stringMatching(/^OkyEncryption/), 'Arn'] } });
    expect(statements).toContainEqual(expect.objectContaining({ Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'] }));
  });
});
