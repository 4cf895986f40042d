import { CREATION, longestChain, OTHERWISE, schedule } from '../../scripts/template/deployment-time';
import type { Template } from '../../scripts/template/template';

const TOPIC = 'AWS::SNS::Topic';
const CLUSTER = 'AWS::RDS::DBCluster';

test('a resource begins when the last that it waits for is there, however it is named', () => {
  const template: Template = {
    Resources: {
      Database: { Type: CLUSTER },
      ByName: { Type: TOPIC, Properties: { Name: { Ref: 'Database' } } },
      ByAttribute: { Type: TOPIC, Properties: { Name: { 'Fn::Join': ['', ['a', { 'Fn::GetAtt': ['Database', 'Endpoint'] }]] } } },
      ByText: { Type: TOPIC, Properties: { Name: { 'Fn::Sub': 'a${Database}' } } },
      ByOrder: { Type: TOPIC, DependsOn: ['First', 'Database'] },
      First: { Type: TOPIC, Properties: { Region: { Ref: 'AWS::Region' } } },
    },
  };
  const begins = Object.fromEntries([...schedule(template).values()].map(step => [step.id, step.begins]));
  const { seconds } = CREATION[CLUSTER];
  expect(begins).toEqual({ Database: 0, First: 0, ByName: seconds, ByAttribute: seconds, ByText: seconds, ByOrder: seconds });
});

test('the longest chain is that of what takes longest, not that of most steps', () => {
  const template: Template = {
    Resources: {
      A: { Type: TOPIC },
      B: { Type: TOPIC, DependsOn: 'A' },
      C: { Type: TOPIC, DependsOn: 'B' },
      Database: { Type: CLUSTER },
      Last: { Type: TOPIC, DependsOn: ['C', 'Database'] },
    },
  };
  expect(longestChain(template).map(({ id }) => id)).toEqual(['Database', 'Last']);
  expect(longestChain(template).at(-1)!.ends).toBe(CREATION[CLUSTER].seconds + OTHERWISE);
  expect(longestChain(template, CLUSTER).map(({ id }) => id)).toEqual(['Database']);
});
