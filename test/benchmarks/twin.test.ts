import { canonical } from './canonical';
import { CONTEXT, handWrittenTemplate, libraryTemplate } from '../../benchmarks/reference';
import type { Template } from '../../scripts/template/template';

const library = libraryTemplate();
const handWritten = handWrittenTemplate();

function counts({ Resources }: Template): Record<string, number> {
  const types = Object.values(Resources).map(({ Type }) => Type).sort();
  return Object.fromEntries(types.map(type => [type, types.filter(each => each === type).length]));
}

test('the library is measured by the example', async () => {
  // As the command line of the CDK gives it to an app.
  process.env.CDK_CONTEXT_JSON = JSON.stringify(CONTEXT);
  const { app } = await import('../../examples/okyapp-info/app.js');
  delete process.env.CDK_CONTEXT_JSON;
  expect(app.synth().getStackByName('OkyappInfo').template).toEqual(library);
});

test('what is hand-written has as many resources of each type', () => {
  expect(counts(handWritten)).toEqual(counts(library));
});

test('and each with the same properties, policies of deletion, and what it waits for', () => {
  expect(canonical(handWritten)).toEqual(canonical(library));
});

test('and as many outputs, with the same names', () => {
  const names = (template: Template, prefix = '') => Object.keys(template.Outputs!).map(name => name.replace(prefix, '')).sort();
  expect(names(handWritten)).toEqual(names(library, 'Oky'));
});

describe('the comparison sees', () => {
  const changed = (change: (template: Template) => void): Template => {
    const copy = structuredClone(library);
    change(copy);
    return copy;
  };
  const first = (template: Template, type: string) => Object.values(template.Resources).find(({ Type }) => Type === type)!;

  test.each<[string, (template: Template) => void]>([
    ['another value', template => { first(template, 'AWS::ECS::Service').Properties!.DesiredCount = 2; }],
    ['a reference to another resource', template => {
      const [one, other] = Object.keys(template.Resources).filter(id => template.Resources[id].Type === 'AWS::ElasticLoadBalancingV2::TargetGroup');
      Object.assign(template.Resources, JSON.parse(JSON.stringify(template.Resources).replaceAll(`"${one}"}`, `"${other}"}`)));
      template.Resources[one].Properties!.HealthCheckPath = '/other';
    }],
    ['a policy of deletion', template => { first(template, 'AWS::KMS::Key').DeletionPolicy = 'Delete'; }],
    ['what a resource does not wait for', template => { delete first(template, 'AWS::ECS::Service').DependsOn; }],
  ])('%s', (_, change) => {
    expect(canonical(changed(change))).not.toEqual(canonical(library));
  });

  test('but not other ids', () => {
    const renamed = JSON.parse(JSON.stringify(library).replaceAll('OkyEncryption785A10E2', 'Other')) as Template;
    expect(canonical(renamed)).toEqual(canonical(library));
  });
});
