import * as ecr from 'aws-cdk-lib/aws-ecr';
import { Fn } from 'aws-cdk-lib/core';
import { PhysicalNames, requireRepositories } from '../../src/private/names';
import { deploy, makeStack, messageOf } from '../helpers';

const LONGEST_PREFIX = `a${'b'.repeat(29)}`;

describe('namePrefix', () => {
  test.each(['ab', 'a1', 'oky-kenya', 'project-oky', 'a-1-b-2', LONGEST_PREFIX])('may be %j', namePrefix => {
    expect(deploy({ namePrefix }).backend.cluster.clusterName).toBeDefined();
  });

  test.each([
    '', 'a', `${LONGEST_PREFIX}c`, 'Oky', '1oky', '-oky', 'oky-', 'oky--kenya', 'oky_kenya', 'oky.kenya', 'oky kenya', 'öky', 'oky\n',
  ])('may not be %j', namePrefix => {
    expect(messageOf(() => deploy({ namePrefix }))).toBe('namePrefix must be 2 to 30 lower-case letters, digits and single hyphens, beginning with a letter, '
      + `got: '${namePrefix}'; use one such as 'oky-kenya'`);
  });

  test('may be a token', () => {
    const names = new PhysicalNames(Fn.ref('Prefix'));
    expect(makeStack().resolve(names.cluster)).toEqual({ 'Fn::Join': ['', [{ Ref: 'Prefix' }, '-ecs-cluster']] });
  });
});

describe('names', () => {
  const names = new PhysicalNames('project-oky');

  test('are those of the deployment made by hand', () => {
    expect({
      cluster: names.cluster,
      insightsLogGroup: names.insightsLogGroup,
      taskFamily: names.taskFamily('api'),
      taskRole: names.taskRole('api'),
      executionRole: names.executionRole('cms'),
      service: names.service('cms'),
      taskLogGroup: names.taskLogGroup('api'),
      repository: names.repository('api'),
    }).toEqual({
      cluster: 'project-oky-ecs-cluster',
      insightsLogGroup: '/aws/ecs/containerinsights/project-oky-ecs-cluster/performance',
      taskFamily: 'project-oky-ecs-api-task',
      taskRole: 'project-oky-ecs-api-task-role',
      executionRole: 'project-oky-ecs-cms-execution-role',
      service: 'project-oky-ecs-cms-task-service',
      taskLogGroup: '/ecs/project-oky-ecs-api-task',
      repository: 'project-oky/api',
    });
  });

  test('of the web ACL begin as WAF wants its log groups to', () => {
    expect(names.webAclLogGroup).toBe('aws-waf-logs-project-oky');
  });

  test('of the stacks in us-east-1 differ', () => {
    expect([names.edgeStack, names.edgeWatchStack]).toEqual(['project-oky-edge', 'project-oky-edge-watch']);
  });

  test('fit what AWS takes at the longest prefix', () => {
    const longest = new PhysicalNames(LONGEST_PREFIX);
    for (const service of ['api', 'cms'] as const) {
      expect(longest.taskRole(service).length).toBeLessThanOrEqual(64);
      expect(longest.executionRole(service).length).toBeLessThanOrEqual(64);
    }
    expect(longest.edgeWatchStack.length).toBeLessThanOrEqual(128);
  });
});

describe.each(['api', 'cms'] as const)('%s.repositoryName', service => {
  test.each(['ab', 'oky/api_en', 'a.b-c_d/e', '1/2', '9a9/9b9', `a${'b'.repeat(255)}`])('may be %j', repositoryName => {
    expect(new PhysicalNames('oky').repository(service, repositoryName)).toBe(repositoryName);
  });

  test.each(['', 'a', `a${'b'.repeat(256)}`, 'Oky', '/oky', 'oky/', 'oky//api', 'oky-_api', 'oky:api', 'oky api'])('may not be %j', repositoryName => {
    expect(messageOf(() => deploy({ [service]: { repositoryName } }))).toBe(`${service}.repositoryName must be 2 to 256 lower-case letters and digits, `
      + `with single separators out of ._-/ between them, got: '${repositoryName}'; use one such as 'oky/api_en'`);
  });

  test('may be a token', () => {
    const name = Fn.ref('Name');
    expect(new PhysicalNames('oky').repository(service, name)).toBe(name);
  });
});

describe('the two repositories', () => {
  const token = Fn.ref('Name');
  const names = new PhysicalNames('oky');
  const repository = ecr.Repository.fromRepositoryName(makeStack(), 'Repository', 'oky/both');

  test.each([
    ['the same name', { repositoryName: 'oky/both' }, { repositoryName: 'oky/both' }, 'oky/both'],
    ['the name that the other has by default', { repositoryName: 'oky/cms' }, undefined, 'oky/cms'],
    ['the name that the other has by default, the other way round', {}, { repositoryName: 'oky/api' }, 'oky/api'],
  ])('may not have %s', (_, api, cms, name) => {
    expect(messageOf(() => requireRepositories(names, api, cms)))
      .toBe(`cms.repositoryName must differ from that of the API, as each repository is made once, got: '${name}'; use another, or give cms.repository`);
  });

  test('are told apart before anything is made', () => {
    expect(messageOf(() => deploy({ api: { repositoryName: 'oky/both' }, cms: { repositoryName: 'oky/both' } }))).toContain('cms.repositoryName must differ');
  });

  test.each([
    ['no names', undefined, undefined],
    ['names that differ', { repositoryName: 'oky/a1' }, { repositoryName: 'oky/b2' }],
    ['a name, and one that is given', { repositoryName: 'oky/cms' }, { repository }],
    ['one that is given, and a name', { repository }, { repositoryName: 'oky/api' }],
    ['names that are tokens', { repositoryName: token }, { repositoryName: token }],
  ])('may have %s', (_, api, cms) => {
    expect(() => requireRepositories(names, api, cms)).not.toThrow();
  });
});
