import { Template } from 'aws-cdk-lib/assertions';
import { deploy, templateOf, usEast1Templates } from '../helpers';

/** Outside facts, T4: a request of Oky's app, as each log keeps it. The field of each part of it that names a person. */
const NAMING = { 'cs-uri-query': 'user_id=00000000-0000-4000-8000-000000000000', 'cs-uri-stem': '/account/info/amina', 'cs(Referer)': '/user/7?name=amina', 'cs(Cookie)': 'session=a' };

function attributesOf(template: Template): Record<string, string> {
  const [{ Properties }] = Object.values(template.findResources('AWS::ElasticLoadBalancingV2::LoadBalancer'));
  return Object.fromEntries((Properties.LoadBalancerAttributes as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value]));
}

describe('the log of CloudFront', () => {
  const fields = Object.values(usEast1Templates(deploy({ edge: { accessLogs: true } }).stack))
    .flatMap(template => Object.values(template.findResources('AWS::Logs::Delivery'))).flatMap(({ Properties }) => Properties.RecordFields as string[]);

  test.each(Object.keys(NAMING))('has the address of a user, so not %s', field => {
    expect(fields).toContain('c-ip');
    expect(fields).not.toContain(field);
  });
});

describe('the log of the load balancer', () => {
  test('has whole URLs and the address of CloudFront: a request reaches it through CloudFront only', () => {
    expect(attributesOf(templateOf())['access_logs.s3.enabled']).toBe('true');
  });

  test('can be turned off', () => {
    const off = attributesOf(templateOf({ edge: { loadBalancerLogs: false } }));
    expect(Object.keys(off).filter(key => key.startsWith('access_logs'))).toEqual([]);
  });
});
