import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { CfnParameter } from 'aws-cdk-lib/core';
import * as fc from 'fast-check';
import { OkyBackend } from '../../src';
import { deploy, makeStack, templateOf, validProps } from '../helpers';

interface Rule {
  readonly rulePriority: number;
  readonly selection: {
    readonly tagStatus: 'tagged' | 'untagged';
    readonly tagPatternList?: string[];
    readonly countType: 'imageCountMoreThan' | 'sinceImagePushed';
    readonly countNumber: number;
  };
}

interface Image {
  readonly tags: string[];
  readonly ageInDays: number;
}

/** The lifecycle policy of the API's repository; what is known at deployment only in the place of a reference. */
function rulesOf(template: Template, parameters: Record<string, string> = {}): Rule[] {
  const [{ Properties }] = Object.values(template.findResources('AWS::ECR::Repository', { Properties: { RepositoryName: 'project-oky/api' } }));
  const text: string | { 'Fn::Join': [string, (string | { Ref: string })[]] } = Properties.LifecyclePolicy.LifecyclePolicyText;
  const resolved = typeof text === 'string' ? text : text['Fn::Join'][1].map(part => typeof part === 'string' ? part : parameters[part.Ref]).join('');
  return (JSON.parse(resolved) as { rules: Rule[] }).rules;
}

/**
 * What ECR does by its documentation: the rules by priority, each sorting the images that it selects from young to old.
 * An image whose tags one rule asks for is out of reach for all later ones.
 */
function expired(rules: Rule[], images: Image[]): Image[] {
  const gone: Image[] = [];
  const taken = new Set<Image>();
  for (const { selection } of [...rules].sort((a, b) => a.rulePriority - b.rulePriority)) {
    const matches = ({ tags }: Image) => selection.tagStatus === 'untagged' ? tags.length === 0
      : tags.length > 0 && selection.tagPatternList!.every(pattern => tags.some(tag => pattern === '*' || tag === pattern));
    const selected = images.filter(matches).sort((a, b) => a.ageInDays - b.ageInDays);
    const over = selection.countType === 'imageCountMoreThan' ? selected.slice(selection.countNumber)
      : selected.filter(({ ageInDays }) => ageInDays > selection.countNumber);
    gone.push(...over.filter(image => !taken.has(image)));
    selected.forEach(image => taken.add(image));
  }
  return gone;
}

describe('the lifecycle of images', () => {
  test('keeps the one in use, the last 30 with a tag, and those without one for two weeks', () => {
    expect(rulesOf(templateOf()).map(({ rulePriority, selection }) => [rulePriority, selection])).toEqual([
      [1, { tagStatus: 'tagged', tagPatternList: ['2025_05'], countType: 'imageCountMoreThan', countNumber: 1 }],
      [2, { tagStatus: 'tagged', tagPatternList: ['*'], countType: 'imageCountMoreThan', countNumber: 30 }],
      [3, { tagStatus: 'untagged', countType: 'sinceImagePushed', countNumber: 14, countUnit: 'days' }],
    ]);
  });

  test('has no image in use where there is none', () => {
    expect(rulesOf(templateOf({ api: { imageTag: undefined } })).map(({ rulePriority }) => rulePriority)).toEqual([2, 3]);
  });

  test('never expires the image in use nor one of the last 30, however many are pushed', () => {
    const rules = rulesOf(templateOf());
    const images = fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 31, maxLength: 80 }).chain(ages => fc.record({
      ages: fc.constant(ages), inUse: fc.nat(ages.length - 1), untagged: fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 20 }),
    }));
    fc.assert(fc.property(images, ({ ages, inUse, untagged }) => {
      const tagged = ages.map((ageInDays, index): Image => ({ tags: [index === inUse ? '2025_05' : `v${index}`], ageInDays }));
      const gone = expired(rules, [...tagged, ...untagged.map((ageInDays): Image => ({ tags: [], ageInDays }))]);
      const left = tagged.filter(image => !gone.includes(image));
      expect(gone).not.toContain(tagged[inUse]);
      expect([30, 31]).toContain(left.length);
      expect(gone.filter(({ tags, ageInDays }) => tags.length === 0 && ageInDays <= 14)).toEqual([]);
      const others = tagged.filter((_, index) => index !== inUse).sort((a, b) => a.ageInDays - b.ageInDays);
      expect(others.slice(0, 29).filter(image => gone.includes(image) && image.ageInDays < others[29].ageInDays)).toEqual([]);
    }), { numRuns: 200 });
  });

  test('keeps the one in use where its tag is known at deployment only', () => {
    const stack = makeStack();
    const { valueAsString } = new CfnParameter(stack, 'Tag', { default: '2026_03' });
    new OkyBackend(stack, 'Oky', validProps(stack, { api: { imageTag: valueAsString } }));
    expect(rulesOf(Template.fromStack(stack), { Tag: '2026_03' })[0].selection.tagPatternList).toEqual(['2026_03']);
  });
});

describe('imageTagParameter', () => {
  const both = { api: { imageTagParameter: '/oky/image-tag' }, cms: { imageTagParameter: '/oky/image-tag' } };
  const parametersOf = (template: Template): Record<string, unknown> =>
    Object.fromEntries(Object.entries(template.findParameters('*')).filter(([id]) => id !== 'BootstrapVersion'));

  test('is no parameter of the template by default', () => {
    expect(parametersOf(templateOf())).toEqual({});
  });

  test('is read by CloudFormation at each deployment, once where both services share it', () => {
    const found = parametersOf(templateOf(both));
    expect(Object.values(found)).toEqual([{ Type: 'AWS::SSM::Parameter::Value<String>', Default: '/oky/image-tag' }]);
  });

  test('is the tag of the image in the task definition, and the one in use', () => {
    const template = templateOf(both);
    const [id] = Object.keys(parametersOf(template));
    template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      Family: 'project-oky-ecs-cms-task',
      ContainerDefinitions: [Match.objectLike({ Image: { 'Fn::Join': ['', Match.arrayWith([':', { Ref: id }])] } })],
    });
    expect(rulesOf(template, { [id]: '2026_04' })[0].selection.tagPatternList).toEqual(['2026_04']);
  });

  test('counts as an image: tasks are started, and no warning says that one is missing', () => {
    const { stack } = deploy(both);
    Template.fromStack(stack).hasResourceProperties('AWS::ECS::Service', { ServiceName: 'project-oky-ecs-api-task-service', DesiredCount: 1 });
    Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('has no image'));
  });

  test('can be read and written by the Service Updater, these parameters and no other', () => {
    const template = templateOf({ api: { imageTagParameter: '/oky/api/image-tag' }, cms: { imageTagParameter: 'oky.cms' } });
    const statement = Match.objectLike({
      Action: ['ssm:GetParameter', 'ssm:PutParameter'],
      Effect: 'Allow',
      Resource: ['oky/api/image-tag', 'oky.cms'].map(name => ({
        'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:ssm:eu-west-2:111122223333:parameter/${name}`]],
      })),
    });
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', { PolicyDocument: Match.objectLike({ Statement: Match.arrayWith([statement]) }) });
    const all = JSON.stringify(template.toJSON());
    expect(all.match(/ssm:PutParameter/g)).toHaveLength(1);
    expect(JSON.stringify(templateOf().toJSON())).not.toContain('ssm:PutParameter');
  });

  test('has outputs', () => {
    templateOf(both).hasOutput('OkyApiImageTagParameter', { Value: '/oky/image-tag' });
    templateOf(both).hasOutput('OkyCmsImageTagParameter', { Value: '/oky/image-tag' });
    expect(Object.keys(templateOf().findOutputs('*')).filter(name => name.includes('ImageTag'))).toEqual([]);
  });
});
