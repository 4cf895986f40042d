import * as fs from 'fs';
import * as path from 'path';
import { idsToday, sorted, type Frozen, violations } from './frozen-ids';

const FILE = path.join(__dirname, 'frozen-ids.json');
const text = fs.readFileSync(FILE, 'utf8');
const frozen = JSON.parse(text) as Frozen;

test('no id, type or name of what running deployments hold has changed', () => {
  expect(violations(frozen, idsToday())).toEqual([]);
});

test('the file is sorted, so that a change of it can be read', () => {
  expect(text).toBe(`${JSON.stringify(sorted(frozen), null, 2)}\n`);
});

test('the file holds each kind of resource that must stay', () => {
  const types = new Set(Object.values(frozen).flatMap(ids => Object.values(ids)).map(line => line.split(' ')[0]));
  expect([...types]).toEqual(expect.arrayContaining([
    'AWS::CloudFront::Distribution', 'AWS::EC2::Subnet', 'AWS::EC2::VPC', 'AWS::ECR::Repository', 'AWS::ECS::Cluster', 'AWS::ECS::Service',
    'AWS::ElasticLoadBalancingV2::Listener', 'AWS::ElasticLoadBalancingV2::LoadBalancer', 'AWS::ElasticLoadBalancingV2::TargetGroup', 'AWS::IAM::Role', 'AWS::KMS::Key',
    'AWS::Logs::LogGroup', 'AWS::RDS::DBCluster', 'AWS::RDS::DBInstance', 'AWS::RDS::DBSubnetGroup', 'AWS::S3::Bucket', 'AWS::SecretsManager::Secret',
  ]));
});

describe('a violation says what it means and what to do', () => {
  const [bucket, log] = ['AWS::S3::Bucket', 'AWS::Logs::LogGroup /ecs/one'];

  test('where an id is another one', () => {
    expect(violations({ Oky: { Old: bucket } }, { Oky: { New: bucket } })).toEqual([
      expect.stringMatching(/^Oky: Old \(AWS::S3::Bucket\) is gone\. CloudFormation would delete it in every deployment there is, with what it holds.*Give it this id again/),
      expect.stringMatching(/^Oky: New is new.* add this line to "Oky" in test\/transitions\/frozen-ids\.json, in its place: "New": "AWS::S3::Bucket"$/),
    ]);
  });

  test('where a type or a name is another one', () => {
    expect(violations({ Oky: { Log: log } }, { Oky: { Log: 'AWS::Logs::LogGroup /ecs/two' } })).toEqual([
      expect.stringMatching(/^Oky: Log was AWS::Logs::LogGroup \/ecs\/one and is AWS::Logs::LogGroup \/ecs\/two\. .*Take the change back$/),
    ]);
  });

  test('where a whole stack is gone', () => {
    expect(violations({ 'project-oky-edge': { Log: log } }, {})).toEqual([expect.stringMatching(/^project-oky-edge: Log .* is gone/)]);
  });

  test('and nothing is said where nothing is changed', () => {
    expect(violations({ Oky: { Log: log } }, { Oky: { Log: log } })).toEqual([]);
  });
});
