import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as fc from 'fast-check';
import { deploy, templateOf } from '../helpers';

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

/** The lifecycle policy of the API's repository. */
function rulesOf(template: Template): Rule[] {
  const [{ Properties }] = Object.values(template.findResources('AWS::ECR::Repository', { Properties: { RepositoryName: 'project-oky/api' } }));
  return (JSON.parse(Properties.LifecyclePolicy.LifecyclePolicyText) as { rules: Rule[] }).rules;
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
  test('ends for those without a tag after two weeks, and for no other', () => {
    expect(rulesOf(templateOf()).map(({ rulePriority, selection }) => [rulePriority, selection])).toEqual([
      [1, { tagStatus: 'untagged', countType: 'sinceImagePushed', countNumber: 14, countUnit: 'days' }],
    ]);
  });

  test('is the same with an image in use and without', () => {
    expect(rulesOf(templateOf({ api: { imageTag: undefined } }))).toEqual(rulesOf(templateOf()));
  });

  /** Outside facts, T8. */
  test('can\'t be ended by pushes: what has a tag stays, however many are pushed and however old it is', () => {
    const rules = rulesOf(templateOf());
    const ages = fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 80 });
    fc.assert(fc.property(ages, fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 20 }), (tagged, untagged) => {
      const released = tagged.map((ageInDays, index): Image => ({ tags: [`v${index}`], ageInDays }));
      const gone = expired(rules, [...released, ...untagged.map((ageInDays): Image => ({ tags: [], ageInDays }))]);
      expect(gone.filter(({ tags }) => tags.length > 0)).toEqual([]);
      expect(gone.filter(({ ageInDays }) => ageInDays <= 14)).toEqual([]);
    }), { numRuns: 200 });
  });

  test('was ended by 30 pushes with the policy of before, which freed the tag of a release', () => {
    const before: Rule[] = [{ rulePriority: 1, selection: { tagStatus: 'tagged', tagPatternList: ['*'], countType: 'imageCountMoreThan', countNumber: 30 } }];
    const release: Image = { tags: ['2026_11'], ageInDays: 1 };
    const junk = Array.from({ length: 30 }, (_, index): Image => ({ tags: [`junk${index}`], ageInDays: 0 }));
    expect(expired(before, [release, ...junk])).toEqual([release]);
    expect(expired(rulesOf(templateOf()), [release, ...junk])).toEqual([]);
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

  test('is the tag of the image in the task definition', () => {
    const template = templateOf(both);
    const [id] = Object.keys(parametersOf(template));
    template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      Family: 'project-oky-ecs-cms-task',
      ContainerDefinitions: [Match.objectLike({ Image: { 'Fn::Join': ['', Match.arrayWith([':', { Ref: id }])] } })],
    });
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
