import { handWrittenTemplate, libraryTemplate } from '../../benchmarks/reference';
import { longestChain, schedule } from '../../scripts/template/deployment-time';

const template = libraryTemplate();

test('no more resources are made than by hand', () => {
  expect(Object.keys(template.Resources).length).toBeLessThanOrEqual(Object.keys(handWrittenTemplate().Resources).length);
});

describe('nothing waits that need not:', () => {
  const steps = [...schedule(template).values()];
  const typed = (type: string) => steps.filter(step => step.type === type);

  test('after the database come the services, and nothing else', () => {
    const [{ ends }] = typed('AWS::RDS::DBInstance');
    expect(steps.filter(({ begins }) => begins >= ends).map(({ type }) => type)).toEqual(['AWS::ECS::Service', 'AWS::ECS::Service']);
  });

  test('CloudFront does not wait for the database, and nothing waits for CloudFront', () => {
    expect(longestChain(template, 'AWS::CloudFront::Distribution').map(({ type }) => type).filter(type => type.startsWith('AWS::RDS'))).toEqual([]);
    const [{ id }] = typed('AWS::CloudFront::Distribution');
    expect(Object.keys(template.Resources).filter(each => each !== id && JSON.stringify(template.Resources[each]).includes(id))).toEqual([]);
  });

  test('the deployment ends with the services', () => {
    expect(longestChain(template).at(-1)!.type).toBe('AWS::ECS::Service');
  });
});
