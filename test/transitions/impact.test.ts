import { type CfnResource, impactOf, type Impact } from './impact';
import { OPTION_SETS, templatesOf } from '../../scripts/deployments/option-sets';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };
type Resources = Record<string, Writable<CfnResource>>;

const deployment = templatesOf(OPTION_SETS['everything on']);

/** What is said of the update to the same deployment with a change in it; the stack is the main one. */
function after(change: (resources: Resources) => void, stack = 'Oky'): Impact {
  const changed = structuredClone(deployment);
  change(changed[stack].Resources);
  return impactOf(deployment, changed);
}

function find(resources: Resources, type: string, id = /./): string {
  const [found] = Object.keys(resources).filter(each => resources[each].Type === type && id.test(each));
  expect(found).toBeDefined();
  return found;
}

/** Gives a resource another logical id, as a changed construct id does, with all that refers to it. */
function rename(resources: Resources, id: string): void {
  const renamed = JSON.parse(JSON.stringify(resources).replaceAll(`"${id}"`, '"Renamed"').replaceAll(`\${${id}`, '${Renamed')) as Resources;
  Object.keys(resources).forEach(each => delete resources[each]);
  Object.assign(resources, renamed);
}

function set(resource: CfnResource, property: string, value: unknown): void {
  resource.Properties![property] = value;
}

const summary = ({ losses }: Impact) => losses.map(({ type, how }) => `${type} ${how}`);

describe('the impact', () => {
  test('finds nothing where nothing is changed', () => {
    expect(after(() => undefined)).toEqual({ losses: [], clashes: [], leftovers: [] });
  });

  test('does not mind what a resource waits for, nor what is noted on it', () => {
    expect(after(resources => Object.values(resources).forEach(resource => Object.assign(resource, { DependsOn: ['Other'], Metadata: { a: 'b' } })))).toEqual(
      { losses: [], clashes: [], leftovers: [] });
  });

  test.each([
    ['AWS::RDS::DBCluster', 'destroyed'],
    ['AWS::RDS::DBSubnetGroup', 'destroyed'],
    ['AWS::S3::Bucket', 'left behind'],
    ['AWS::KMS::Key', 'left behind'],
    ['AWS::EC2::VPC', 'destroyed'],
    ['AWS::ElasticLoadBalancingV2::LoadBalancer', 'destroyed'],
    ['AWS::ElasticLoadBalancingV2::TargetGroup', 'destroyed'],
    ['AWS::CloudFront::Distribution', 'destroyed'],
    ['AWS::ECS::Service', 'destroyed'],
  ])('calls another logical id of a resource of type %s a loss: it is %s', (type, how) => {
    expect(summary(after(resources => rename(resources, find(resources, type))))).toContain(`${type} ${how}`);
  });

  test('calls a changed property a loss where AWS replaces for it, and what hangs on it as well', () => {
    const impact = after(resources => set(resources[find(resources, 'AWS::EC2::VPC')], 'CidrBlock', '10.9.0.0/16'));
    expect(summary(impact)).toEqual(expect.arrayContaining([
      'AWS::EC2::VPC replaced', 'AWS::EC2::Subnet replaced', 'AWS::ElasticLoadBalancingV2::TargetGroup replaced',
    ]));
  });

  test('follows a reference in the middle of a text', () => {
    const impact = after(resources => set(resources[find(resources, 'AWS::RDS::DBCluster')], 'DatabaseName', 'other'));
    expect(summary(impact)).toContain('AWS::Logs::LogGroup replaced');
  });

  test('calls a secret that is generated another way a loss', () => {
    const impact = after(resources => set(resources[find(resources, 'AWS::SecretsManager::Secret', /SigningSecret/)], 'GenerateSecretString', { PasswordLength: 65 }));
    expect(summary(impact)).toEqual(['AWS::SecretsManager::Secret generated anew']);
  });

  test('calls a bucket that is not retained destroyed', () => {
    const before = structuredClone(deployment);
    const resources: Resources = before.Oky.Resources;
    const id = find(resources, 'AWS::S3::Bucket');
    resources[id].DeletionPolicy = 'Delete';
    expect(summary(impactOf(before, { Oky: { Resources: {} } }))).toContain('AWS::S3::Bucket destroyed');
  });

  test('looks at the companions, and at one that is gone', () => {
    expect(after(resources => rename(resources, find(resources, 'AWS::Logs::LogGroup')), 'project-oky-edge')).toEqual({
      losses: [expect.objectContaining({ stack: 'project-oky-edge', how: 'destroyed' })],
      clashes: [expect.stringContaining('aws-waf-logs-project-oky while WebAclLog')],
      leftovers: [],
    });
    const { losses } = impactOf(deployment, { Oky: deployment.Oky });
    expect([...new Set(losses.map(({ stack }) => stack))]).toEqual(['project-oky-edge', 'project-oky-edge-watch']);
  });

  test('does not mind a log group that keeps a day, but for its name', () => {
    const impact = after(resources => rename(resources, find(resources, 'AWS::Logs::LogGroup', /Insights/)));
    expect(impact.losses).toEqual([]);
    expect(impact.clashes).toEqual([expect.stringContaining('/performance while OkyClusterInsights')]);
  });

  test.each([
    'AWS::EC2::VPCEndpoint', 'AWS::EC2::Route', 'AWS::ECR::Repository', 'AWS::ECS::Service', 'AWS::ElasticLoadBalancingV2::ListenerRule', 'AWS::IAM::OIDCProvider',
    'AWS::IAM::Role', 'AWS::Route53::RecordSet', 'AWS::S3::BucketPolicy', 'AWS::SecretsManager::SecretTargetAttachment', 'AWS::EC2::SecurityGroupIngress',
  ])('sees that two of type %s would be there at once', type => {
    const pattern = type === 'AWS::IAM::Role' ? /TaskRole/ : type === 'AWS::EC2::VPCEndpoint' ? /EcrApi/ : /^(?!.*fromIndirectPeer)/;
    const id = find(structuredClone(deployment.Oky.Resources), type, pattern);
    const { clashes } = after(resources => rename(resources, id));
    expect(clashes).toEqual([expect.stringMatching(new RegExp(`^Oky: Renamed is made as ${type} .* while ${id} is there$`))]);
  });

  test('sees that a repository that is retained keeps its name', () => {
    expect(after(resources => delete resources[find(resources, 'AWS::ECR::Repository', /Api/)]).leftovers).toEqual(
      [expect.stringMatching(/^Oky: OkyApiRepository.* stays behind as AWS::ECR::Repository project-oky\/api$/)]);
  });

  test('sees that a vault keeps its name, unless what is random in the name goes with it', () => {
    const isOfBackup = (id: string) => /^OkyDatabaseBackup/.test(id);
    const without = (keep: (id: string) => boolean) => after(resources => Object.keys(resources)
      .filter(id => isOfBackup(id) && !keep(id)).forEach(id => delete resources[id])).leftovers;
    const named = expect.stringMatching(/^Oky: OkyDatabaseBackupAirGapped.* stays behind as AWS::Backup::LogicallyAirGappedBackupVault oky-air-gapped$/);
    expect(without(id => id.includes('Role'))).toEqual([named, expect.stringMatching(/^Oky: OkyDatabaseBackupVault.* stays behind as AWS::Backup::BackupVault project-oky-/)]);
    expect(without(() => false)).toEqual([named]);
  });
});
