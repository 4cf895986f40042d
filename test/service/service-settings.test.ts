import { Match } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { CfnParameter, Fn, Lazy, Stack } from 'aws-cdk-lib/core';
import { OkyEgress, type OkyScalingOptions, type OkyServiceOptions } from '../../src';
import type { DeploymentChoices } from '../../src/service/scaling-settings';
import { resolveService } from '../../src/service/service-settings';
import { deploy, IMAGE_TAG, makeStack, messageOf, templateOf, warnings } from '../helpers';

const CHOICES: DeploymentChoices = { highAvailability: false, databasePauses: true };
const SERVICES = ['api', 'cms'] as const;

function resolve(options: OkyServiceOptions, choices: Partial<DeploymentChoices> = {}, stack: Stack = makeStack()) {
  return resolveService(stack, 'api', { imageTag: IMAGE_TAG, ...options }, { ...CHOICES, ...choices });
}

/** The message of the error for a service, whichever. */
function messageFor(service: typeof SERVICES[number], options: OkyServiceOptions): string {
  return messageOf(() => deploy({ [service]: options }));
}

describe('by default', () => {
  test('a service is as small as its container allows', () => {
    const [api, cms] = SERVICES.map(name => resolveService(makeStack(), name, { imageTag: IMAGE_TAG }, CHOICES));
    expect([api.cpu, api.memoryLimitMiB, api.containerPort, api.desiredCount]).toEqual([256, 512, 3000, 1]);
    expect([cms.cpu, cms.memoryLimitMiB, cms.containerPort, cms.desiredCount]).toEqual([256, 1024, 5000, 1]);
    expect([api.healthCheckPath, api.scaling, api.enableExecuteCommand, api.cpuArchitecture]).toEqual(['/', undefined, false, ecs.CpuArchitecture.X86_64]);
  });

  test('a highly available one has two tasks', () => {
    expect(resolve({}, { highAvailability: true }).desiredCount).toBe(2);
  });

  test('one without an image has no task, whatever else is asked for', () => {
    expect(resolve({ imageTag: undefined, desiredCount: 3 }).desiredCount).toBe(0);
    expect(resolve({ imageTag: undefined }, { scaling: {}, highAvailability: true })).toMatchObject({ desiredCount: 0, scaling: undefined });
  });
});

describe.each(SERVICES)('%s.useSpot', service => {
  test('does not go together with highAvailability', () => {
    expect(messageOf(() => deploy({ [service]: { useSpot: true }, highAvailability: true })))
      .toBe(`${service}.useSpot can't be combined with highAvailability; AWS may take all tasks on Spot at once: leave one of the two out`);
    expect(() => deploy({ [service]: { useSpot: false }, highAvailability: true })).not.toThrow();
  });

  test('leaves the other service as it is', () => {
    const template = templateOf({ [service]: { useSpot: true } });
    const providers = Object.values(template.findResources('AWS::ECS::Service')).map(({ Properties }) => [
      Properties.ServiceName, Properties.LaunchType, Properties.CapacityProviderStrategy,
    ]);
    expect(providers).toEqual(SERVICES.map(name => [
      `project-oky-ecs-${name}-task-service`, undefined, [{ CapacityProvider: name === service ? 'FARGATE_SPOT' : 'FARGATE', Weight: 1 }],
    ]));
  });
});

describe.each(SERVICES)('%s.imageTag', service => {
  test.each(['1', '_', 'latest', '2025_05', 'v1.2.3-rc.1', 'A', 'x'.repeat(128)])('may be %j', imageTag => {
    expect(resolveService(makeStack(), service, { imageTag }, CHOICES).imageTag).toBe(imageTag);
  });

  test.each(['', '.1', '-1', 'a b', 'a:b', 'a/b', 'oky/api:1', 'sha256:abc', 'ö', 'x'.repeat(129), 'a\n'])('may not be %j', imageTag => {
    expect(messageFor(service, { imageTag })).toBe(`${service}.imageTag must be 1 to 128 letters, digits, periods, hyphens and underscores, `
      + `not beginning with a period or hyphen, got: '${imageTag}'; use one such as '2025_05'`);
  });

  test('does not go together with image', () => {
    expect(messageFor(service, { imageTag: '1', image: ecs.ContainerImage.fromRegistry('example/oky') }))
      .toBe(`${service}.image can't be combined with ${service}.imageTag; the tag names an image in the repository: leave one of the two out`);
  });
});

describe.each(SERVICES)('%s.imageTagParameter', service => {
  test.each(['tag', '/oky/api/image-tag', 'oky.api_image-tag', '/1'.repeat(15)])('may be %j', imageTagParameter => {
    const settings = resolveService(makeStack(), service, { imageTagParameter }, CHOICES);
    expect(settings).toMatchObject({ imageTagParameter, hasImage: true, desiredCount: 1 });
  });

  test.each(['', '/', 'oky/api', '/oky/', '/oky//api', '/aws/oky', 'AWSoky', '/SSM/oky', 'a b', 'arn:aws:ssm:eu-west-2:111122223333:parameter/oky', '/1'.repeat(16), 'x'.repeat(901)])(
    'may not be %j', imageTagParameter => {
      expect(messageFor(service, { imageTagParameter })).toBe(`${service}.imageTagParameter must be the name of a parameter in the Parameter Store, `
        + `with / before each of its parts if it has several, got: '${imageTagParameter}'; use one such as '/oky/${service}/image-tag'`);
    });

  test('may not be a token', () => {
    expect(messageFor(service, { imageTagParameter: Lazy.string({ produce: () => '/oky' }) })).toBe(`${service}.imageTagParameter must be known at synthesis, `
      + 'as the template reads the parameter by its name, got: a token; give the name itself, such as \'/oky/api/image-tag\'');
  });

  test.each([
    ['imageTag', { imageTag: '1' }],
    ['image', { image: ecs.ContainerImage.fromRegistry('example/oky') }],
  ])('can\'t be combined with %s', (prop, options) => {
    expect(messageFor(service, { imageTagParameter: '/oky', ...options })).toBe(`${service}.imageTagParameter can't be combined with ${service}.${prop}; `
      + 'the parameter holds the tag of the image: leave one of the two out');
  });
});

describe.each(SERVICES)('%s.repository', service => {
  test('does not go together with repositoryName', () => {
    const repository = ecr.Repository.fromRepositoryName(makeStack(), 'Repository', 'oky/api_en');
    expect(messageFor(service, { repository, repositoryName: 'oky/api_en' }))
      .toBe(`${service}.repository can't be combined with ${service}.repositoryName; the name is for a repository made here: leave one of the two out`);
  });
});

describe.each(SERVICES)('the size of the %s', service => {
  test.each([
    [256, 512], [256, 1024], [256, 2048],
    [512, 1024], [512, 4096],
    [1024, 2048], [1024, 8192],
    [2048, 4096], [2048, 5120], [2048, 16384],
    [4096, 8192], [4096, 30720],
    [8192, 16384], [8192, 20480], [8192, 61440],
    [16384, 32768], [16384, 40960], [16384, 122880],
  ])('may be %d CPU units with %d MiB', (cpu, memoryLimitMiB) => {
    expect(resolveService(makeStack(), service, { imageTag: IMAGE_TAG, cpu, memoryLimitMiB }, CHOICES)).toMatchObject({ cpu, memoryLimitMiB });
  });

  test.each([0, -256, 128, 255, 256.5, 257, 1000, 32768, NaN])('may not be %d CPU units', cpu => {
    expect(messageFor(service, { cpu }))
      .toBe(`${service}.cpu must be a size that Fargate has, got: ${cpu}; use one of 256, 512, 1024, 2048, 4096, 8192, 16384`);
  });

  test.each([
    [256, 0, '512, 1024 or 2048'],
    [256, 256, '512, 1024 or 2048'],
    [256, 512.5, '512, 1024 or 2048'],
    [256, 1536, '512, 1024 or 2048'],
    [256, 2560, '512, 1024 or 2048'],
    [256, NaN, '512, 1024 or 2048'],
    [512, 512, '1024 to 4096 in steps of 1024'],
    [512, 1536, '1024 to 4096 in steps of 1024'],
    [512, 5120, '1024 to 4096 in steps of 1024'],
    [1024, 1024, '2048 to 8192 in steps of 1024'],
    [1024, 9216, '2048 to 8192 in steps of 1024'],
    [2048, 3072, '4096 to 16384 in steps of 1024'],
    [2048, 17408, '4096 to 16384 in steps of 1024'],
    [4096, 7168, '8192 to 30720 in steps of 1024'],
    [4096, 31744, '8192 to 30720 in steps of 1024'],
    [8192, 12288, '16384 to 61440 in steps of 4096'],
    [8192, 17408, '16384 to 61440 in steps of 4096'],
    [8192, 65536, '16384 to 61440 in steps of 4096'],
    [16384, 24576, '32768 to 122880 in steps of 8192'],
    [16384, 36864, '32768 to 122880 in steps of 8192'],
    [16384, 131072, '32768 to 122880 in steps of 8192'],
  ])('may not be %d CPU units with %d MiB', (cpu, memoryLimitMiB, sizes) => {
    expect(messageFor(service, { cpu, memoryLimitMiB }))
      .toBe(`${service}.memoryLimitMiB must fit ${service}.cpu (${cpu}), got: ${memoryLimitMiB}; use ${sizes}, or another cpu`);
  });

  test('says so where only the CPU is raised', () => {
    expect(messageFor(service, { cpu: 1024 })).toContain(`${service}.memoryLimitMiB must fit ${service}.cpu (1024), got: ${service === 'api' ? 512 : 1024};`);
  });
});

describe.each(SERVICES)('%s.containerPort', service => {
  test.each([1, 80, 65535])('may be %d', containerPort => {
    expect(resolveService(makeStack(), service, { containerPort }, CHOICES).containerPort).toBe(containerPort);
  });

  test.each([0, -1, 65536, 3000.5])('may not be %d', containerPort => {
    expect(messageFor(service, { containerPort }))
      .toBe(`${service}.containerPort must be a whole number from 1 to 65535, got: ${containerPort}; leave it out for ${service === 'api' ? 3000 : 5000}`);
  });
});

describe.each(SERVICES)('%s.desiredCount', service => {
  test.each([0, 1, 1000])('may be %d', desiredCount => {
    expect(resolveService(makeStack(), service, { imageTag: IMAGE_TAG, desiredCount }, CHOICES).desiredCount).toBe(desiredCount);
  });

  test.each([-1, 1.5, 1001, NaN])('may not be %d', desiredCount => {
    expect(messageFor(service, { desiredCount }))
      .toBe(`${service}.desiredCount must be a whole number from 0 to 1000, got: ${desiredCount}; give the number of tasks`);
  });

  test.each([0, 1])('may not be %d with highAvailability', desiredCount => {
    expect(messageOf(() => deploy({ highAvailability: true, [service]: { desiredCount } })))
      .toBe(`${service}.desiredCount must be at least 2 with highAvailability, got: ${desiredCount}; raise it or leave it out`);
  });

  test('may be 2 with highAvailability', () => {
    const settings = resolveService(makeStack(), service, { imageTag: IMAGE_TAG, desiredCount: 2 }, { ...CHOICES, highAvailability: true });
    expect(settings.desiredCount).toBe(2);
  });

  test.each([
    ['of the deployment', { scaling: {} }, {}],
    ['of the service', {}, { scaling: {} }],
  ])('does not go together with scaling %s', (_, deployment, options) => {
    expect(messageOf(() => deploy({ ...deployment, [service]: { desiredCount: 2, ...options } })))
      .toBe(`${service}.desiredCount can't be combined with scaling; each deployment would undo the scaling: set ${service}.scaling.minCapacity instead`);
  });

  test('does not go together with scaling before there is an image either', () => {
    expect(messageOf(() => deploy({ scaling: {}, [service]: { desiredCount: 2, imageTag: undefined } })))
      .toContain(`${service}.desiredCount can't be combined with scaling`);
  });
});

describe('scaling', () => {
  test.each<[string, OkyScalingOptions | undefined, OkyScalingOptions | undefined, boolean, OkyScalingOptions | undefined]>([
    ['is off by default', undefined, undefined, false, undefined],
    ['goes from 1 to 4', {}, undefined, false, { minCapacity: 1, maxCapacity: 4, targetCpuUtilizationPercent: 60 }],
    ['goes from 2 to 4 with highAvailability', {}, undefined, true, { minCapacity: 2, maxCapacity: 4, targetCpuUtilizationPercent: 60 }],
    ['goes as far as the least if that is more', { minCapacity: 6 }, undefined, false, { minCapacity: 6, maxCapacity: 6, targetCpuUtilizationPercent: 60 }],
    ['can be that of one service', undefined, {}, false, { minCapacity: 1, maxCapacity: 4, targetCpuUtilizationPercent: 60 }],
    ['of the service wins', { minCapacity: 2, maxCapacity: 3 }, { maxCapacity: 8 }, false, { minCapacity: 2, maxCapacity: 8, targetCpuUtilizationPercent: 60 }],
    ['of the deployment is not hidden by what is undefined', { maxCapacity: 3 }, { maxCapacity: undefined }, false,
      { minCapacity: 1, maxCapacity: 3, targetCpuUtilizationPercent: 60 }],
    ['takes the limits', { minCapacity: 1000, maxCapacity: 1000, targetCpuUtilizationPercent: 10, targetMemoryUtilizationPercent: 100, requestsPerTarget: 1 }, {}, false,
      { minCapacity: 1000, maxCapacity: 1000, targetCpuUtilizationPercent: 10, targetMemoryUtilizationPercent: 100, requestsPerTarget: 1 }],
  ])('%s', (_, deployment, service, highAvailability, expected) => {
    expect(resolve({ scaling: service }, { scaling: deployment, highAvailability }).scaling).toEqual(expected);
  });

  test('leaves the number of tasks alone', () => {
    expect(resolve({}, { scaling: {} }).desiredCount).toBeUndefined();
  });

  test.each<[OkyScalingOptions, string]>([
    [{ minCapacity: 0 }, 'minCapacity must be a whole number from 1 to 1000, got: 0; give the least number of tasks'],
    [{ minCapacity: 1.5 }, 'minCapacity must be a whole number from 1 to 1000, got: 1.5; give the least number of tasks'],
    [{ minCapacity: 1001 }, 'minCapacity must be a whole number from 1 to 1000, got: 1001; give the least number of tasks'],
    [{ maxCapacity: 0 }, 'maxCapacity must be a whole number from 1 to 1000, got: 0; give the most tasks that may run'],
    [{ maxCapacity: -4 }, 'maxCapacity must be a whole number from 1 to 1000, got: -4; give the most tasks that may run'],
    [{ maxCapacity: 2.5 }, 'maxCapacity must be a whole number from 1 to 1000, got: 2.5; give the most tasks that may run'],
    [{ maxCapacity: 1001 }, 'maxCapacity must be a whole number from 1 to 1000, got: 1001; give the most tasks that may run'],
    [{ targetCpuUtilizationPercent: 9 }, 'targetCpuUtilizationPercent must be a whole number from 10 to 100, got: 9; use one such as 60'],
    [{ targetCpuUtilizationPercent: 101 }, 'targetCpuUtilizationPercent must be a whole number from 10 to 100, got: 101; use one such as 60'],
    [{ targetCpuUtilizationPercent: 0.6 }, 'targetCpuUtilizationPercent must be a whole number from 10 to 100, got: 0.6; use one such as 60'],
    [{ targetMemoryUtilizationPercent: 9 }, 'targetMemoryUtilizationPercent must be a whole number from 10 to 100, got: 9; use one such as 70'],
    [{ targetMemoryUtilizationPercent: 101 }, 'targetMemoryUtilizationPercent must be a whole number from 10 to 100, got: 101; use one such as 70'],
    [{ requestsPerTarget: 0 }, 'requestsPerTarget must be a whole number from 1 to 1000000, got: 0; give the requests a minute that one task can answer'],
    [{ requestsPerTarget: 1_000_001 },
      'requestsPerTarget must be a whole number from 1 to 1000000, got: 1000001; give the requests a minute that one task can answer'],
  ])('%j is refused, for the deployment and for a service', (scaling, message) => {
    expect(messageOf(() => deploy({ scaling }))).toBe(`scaling.${message}`);
    expect(messageFor('api', { scaling })).toBe(`api.scaling.${message}`);
    expect(messageFor('cms', { scaling })).toBe(`cms.scaling.${message}`);
  });

  test.each([
    ['within the deployment', { minCapacity: 5, maxCapacity: 4 }, {}, 'scaling.minCapacity must not be above scaling.maxCapacity (4), got: 5'],
    ['within a service', {}, { minCapacity: 3, maxCapacity: 2 }, 'api.scaling.minCapacity must not be above api.scaling.maxCapacity (2), got: 3'],
    ['by a service\'s least', { maxCapacity: 2 }, { minCapacity: 3 }, 'api.scaling.minCapacity must not be above scaling.maxCapacity (2), got: 3'],
    ['by a service\'s most', { minCapacity: 3 }, { maxCapacity: 2 }, 'scaling.minCapacity must not be above api.scaling.maxCapacity (2), got: 3'],
  ])('from more to less is refused %s', (_, scaling, service, message) => {
    expect(messageOf(() => deploy({ scaling, api: { scaling: service } }))).toBe(`${message}; lower the first or raise the second`);
  });

  test.each([
    ['a least of the deployment', { minCapacity: 1 }, {}, 'scaling.minCapacity'],
    ['a least of the service', {}, { minCapacity: 1 }, 'api.scaling.minCapacity'],
    ['a most of the deployment', { maxCapacity: 1 }, {}, 'scaling.maxCapacity'],
    ['a most of the service', {}, { maxCapacity: 1 }, 'api.scaling.maxCapacity'],
  ])('to one task is refused with highAvailability: %s', (_, scaling, service, prop) => {
    expect(messageOf(() => deploy({ highAvailability: true, scaling, api: { scaling: service } })))
      .toBe(`${prop} must be at least 2 with highAvailability, got: 1; raise it or leave it out`);
  });

  test('to two tasks goes with highAvailability', () => {
    const scaling = { minCapacity: 2, maxCapacity: 2 };
    expect(resolve({}, { highAvailability: true, scaling }).scaling).toMatchObject(scaling);
  });
});

describe.each(SERVICES)('%s.environment', service => {
  const signing = service === 'api' ? 'APPLICATION_SECRET' : 'PASSPORT_SECRET';

  test.each(['A', '_a', 'a1', 'NODE_OPTIONS', 'DATABASE_HOST'])('may hold %s', variable => {
    expect(resolveService(makeStack(), service, { environment: { [variable]: 'x' } }, CHOICES).environment).toEqual({ [variable]: 'x' });
  });

  test.each([
    ['DATABASE_USERNAME', 'secrets'],
    ['DATABASE_PASSWORD', 'secrets'],
    [signing, 'signingSecret'],
  ])('may not hold %s, whose value the error does not show', (variable, instead) => {
    expect(messageFor(service, { environment: { [variable]: 'hunter2' } })).toBe(`${service}.environment must not hold ${variable}, which would be readable in the `
      + `console and the template; it is generated and injected: leave it out, or give your own in ${service}.${instead}`);
  });

  test.each(['', '1A', 'A-B', 'A B', 'A=B', 'ä'])('and secrets may not have the name %j', variable => {
    const message = `must have names of letters, digits and underscores, got: '${variable}'; rename the variable`;
    const secret = ecs.Secret.fromSecretsManager(secretsmanager.Secret.fromSecretNameV2(makeStack(), 'Secret', 'own'));
    expect(messageFor(service, { environment: { [variable]: 'x' } })).toBe(`${service}.environment ${message}`);
    expect(messageFor(service, { secrets: { [variable]: secret } })).toBe(`${service}.secrets ${message}`);
  });

  test('may not hold what a missing variable of the environment gives', () => {
    expect(messageFor(service, { environment: { FIREBASE: process.env.NOT_SET_ANYWHERE as string } }))
      .toBe(`${service}.environment.FIREBASE must have a value, got: undefined; set it or leave the variable out`);
  });

  test('may not hold what is a secret too', () => {
    const secret = ecs.Secret.fromSecretsManager(secretsmanager.Secret.fromSecretNameV2(makeStack(), 'Secret', 'own'));
    expect(messageFor(service, { environment: { FIREBASE: 'x' }, secrets: { FIREBASE: secret } })).toBe(
      `${service}.environment.FIREBASE can't be combined with ${service}.secrets.FIREBASE; a variable has one value: leave one of the two out`);
  });
});

describe.each(SERVICES)('%s.environmentFileKey', service => {
  test.each(['a.env', 'oky/api.env', 'project_oky_api_task_configuration.env', `${'x'.repeat(1020)}.env`])('may be %j', environmentFileKey => {
    expect(resolveService(makeStack(), service, { environmentFileKey }, CHOICES).environmentFileKey).toBe(environmentFileKey);
  });

  test.each(['', '.env', '/a.env', 'a', 'a.env.txt', 'a.ENV', 'a b.env', 's3://bucket/a.env', 'sql/a.env', `${'x'.repeat(1021)}.env`])('may not be %j', environmentFileKey => {
    expect(messageFor(service, { environmentFileKey })).toBe(`${service}.environmentFileKey must be the key of an object that ends in .env, as ECS wants it, and not begin with sql/, `
      + 'under which files expire, '
      + `got: '${environmentFileKey}'; use one such as 'project_oky_${service}_task_configuration.env'`);
  });
});

describe.each(SERVICES)('%s.healthCheckPath', service => {
  test.each(['/', '/health', '/a?b=c', `/${'x'.repeat(1023)}`])('may be %j', healthCheckPath => {
    expect(resolveService(makeStack(), service, { healthCheckPath }, CHOICES).healthCheckPath).toBe(healthCheckPath);
  });

  test.each(['', 'health', 'https://okyapp.info/', '/a b', '/*', `/${'x'.repeat(1024)}`])('may not be %j', healthCheckPath => {
    expect(messageFor(service, { healthCheckPath })).toBe(`${service}.healthCheckPath must be a path that begins with /, got: '${healthCheckPath}'; use '/'`);
  });
});

describe.each(SERVICES)('%s.command', service => {
  const launchOf = (options: OkyServiceOptions) => {
    const settings = resolveService(makeStack(), service, { imageTag: IMAGE_TAG, ...options }, CHOICES);
    const { entryPoint, command, startEnvironment, workingDirectory } = settings;
    return { entryPoint: entryPoint?.([]), command, startEnvironment, workingDirectory };
  };

  test('by default starts the app in its folder, with what it lacks', () => {
    const { entryPoint, command, startEnvironment, workingDirectory } = launchOf({});
    expect(workingDirectory).toBe('/usr/src/app');
    expect(startEnvironment).toEqual({
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', NODE_PATH: '/usr/src/app/dist', PGSSLMODE: 'verify-full', NODE_EXTRA_CA_CERTS: '/tmp/database.pem',
    });
    expect(entryPoint!.join('\n')).toContain('-----BEGIN CERTIFICATE-----');
    expect(command).toEqual(['node', '--require', '/tmp/preload.js', service === 'api' ? 'dist/index.js' : 'dist/src/index.js']);
  });

  test('is Oky\'s for an image from elsewhere too, unless one is given', () => {
    const elsewhere = { imageTag: undefined, image: ecs.ContainerImage.fromRegistry('example/oky') };
    expect(launchOf(elsewhere)).toEqual(launchOf({}));
    expect(launchOf({ ...elsewhere, command: ['run'] }).command).toEqual(['run']);
    expect(launchOf({ ...elsewhere, command: [] }).command).toBeUndefined();
  });

  test.each([[['run']], [['node', 'main.js']]])('may be %j, which is all that is set', command => {
    expect(launchOf({ command })).toEqual({ entryPoint: undefined, command, startEnvironment: {}, workingDirectory: undefined });
  });

  test('is the image\'s own where it is empty', () => {
    expect(launchOf({ command: [] })).toEqual({ entryPoint: undefined, command: undefined, startEnvironment: {}, workingDirectory: undefined });
  });
});

describe.each(SERVICES)('%s.user', service => {
  test.each(['node', '1000', '1000:1000', 'app:app', '10', 'rootless'])('may be %j', user => {
    expect(resolveService(makeStack(), service, { user }, CHOICES).user).toBe(user);
  });

  test.each(['', 'root', '0', '00', '0:0', 'root:root', 'root:1000', 'a b', ':1000', '1000:', 'a:b:c'])('may not be %j', user => {
    expect(messageFor(service, { user })).toBe(`${service}.user must be a user, or user:group, that is not root, got: '${user}'; use '1000:1000'`);
  });
});

describe.each(SERVICES)('%s.readonlyRootFilesystem', service => {
  const isReadonly = (options: OkyServiceOptions) => resolveService(makeStack(), service, options, CHOICES).readonlyRootFilesystem;

  test('is off while there are sessions, which write', () => {
    expect(isReadonly({})).toBe(true);
    expect(isReadonly({ enableExecuteCommand: true })).toBe(false);
    expect(isReadonly({ enableExecuteCommand: true, readonlyRootFilesystem: false })).toBe(false);
  });

  test('may not be true together with them', () => {
    expect(messageFor(service, { enableExecuteCommand: true, readonlyRootFilesystem: true }))
      .toBe(`${service}.readonlyRootFilesystem can't be combined with ${service}.enableExecuteCommand; a session has to write: leave one of the two out`);
  });
});

describe('googleCredentials', () => {
  const google = (stack: Stack) => secretsmanager.Secret.fromSecretCompleteArn(stack, 'Google', 'arn:aws:secretsmanager:eu-west-2:111122223333:secret:google-AbCdEf');

  test('come as a file, whose place is told', () => {
    const stack = makeStack();
    const { entryPoint, startEnvironment } = resolveService(stack, 'cms', { googleCredentials: google(stack) }, CHOICES);
    expect(entryPoint!([])[5]).toContain('printf %s "$GOOGLE_CREDENTIALS" > /tmp/google.json\n');
    expect(startEnvironment).toHaveProperty('GOOGLE_APPLICATION_CREDENTIALS', '/tmp/google.json');
  });

  test('are not there by default, since a missing file stops the CMS', () => {
    const { command, startEnvironment } = resolveService(makeStack(), 'cms', {}, CHOICES);
    expect(command![2]).not.toMatch(/google/i);
    expect(startEnvironment).not.toHaveProperty('GOOGLE_APPLICATION_CREDENTIALS');
  });

  test('may be read by the execution role alone, also where they are under a key of their own', () => {
    const key = 'arn:aws:kms:eu-west-2:111122223333:key/99999999-2222-3333-4444-555555555555';
    const template = templateOf(stack => ({
      cms: {
        googleCredentials: secretsmanager.Secret.fromSecretAttributes(stack, 'Google', {
          secretCompleteArn: 'arn:aws:secretsmanager:eu-west-2:111122223333:secret:google-AbCdEf', encryptionKey: kms.Key.fromKeyArn(stack, 'Key', key),
        }),
      },
    }));
    const readers = Object.values(template.findResources('AWS::IAM::ManagedPolicy'))
      .filter(({ Properties }) => /google-AbCdEf|99999999-2222/.test(JSON.stringify(Properties.PolicyDocument)));
    expect(readers.map(({ Properties }) => Properties.Roles)).toEqual([[{ Ref: expect.stringMatching(/^OkyCmsExecutionRole/) as string }]]);
    expect(JSON.stringify(readers[0])).toMatch(/google-AbCdEf.*99999999-2222|99999999-2222.*google-AbCdEf/);
  });

  test('are nothing for the API', () => {
    expect(messageOf(() => deploy(stack => ({ api: { googleCredentials: google(stack) } }))))
      .toMatch(/^api\.googleCredentials must be left out, as the API has no use for it, got: 'Oky\/Google'; give cms\.googleCredentials$/);
  });

  test.each([[[]], [['node', 'main.js']]])('do not go together with the command %j', command => {
    expect(messageOf(() => deploy(stack => ({ cms: { googleCredentials: google(stack), command } }))))
      .toBe("cms.googleCredentials can't be combined with cms.command; nothing would write the file: give it in cms.secrets, and have the command do it");
  });
});

describe('warnings', () => {
  test.each(SERVICES)('%s without an image', service => {
    const { stack } = deploy({ [service]: { imageTag: undefined } });
    expect(warnings(stack)).toMatchObject({
      [`cdk-oky-backend:noImage:${service}`]: `${service} has no image, so it is made without a task: push one to its repository `
        + `(its output ends in ${service === 'api' ? 'Api' : 'Cms'}RepositoryUri) and set ${service}.imageTag to its tag`,
    });
  });

  test('not with one', () => {
    const images = { imageTag: undefined, image: ecs.ContainerImage.fromRegistry('example/oky') };
    const network = { egress: OkyEgress.publicIp() };
    for (const { stack } of [deploy(), deploy({ api: images, cms: images, network })]) {
      expect(Object.keys(warnings(stack)).filter(id => id.includes('noImage'))).toEqual([]);
    }
  });

  test.each(SERVICES)('%s asks for a path that may wake a database that pauses', service => {
    const { stack } = deploy({ [service]: { healthCheckPath: '/health' } });
    expect(warnings(stack)).toMatchObject({
      [`cdk-oky-backend:healthCheckWakesDatabase:${service}`]: `${service}.healthCheckPath is '/health': if it queries the database, `
        + "the database never pauses (database.minCapacity is 0); '/' does not",
    });
  });

  test('not if the path is /, known at deployment only, or the database does not pause', () => {
    const stack = makeStack();
    resolve({ healthCheckPath: '/' }, {}, stack);
    resolve({ healthCheckPath: Fn.ref('Path') }, {}, stack);
    resolve({ healthCheckPath: '/health' }, { databasePauses: false }, stack);
    expect(warnings(stack)).toEqual({});
    expect(Object.keys(warnings(deploy({ api: { healthCheckPath: '/health' }, database: { minCapacity: 0.5 } }).stack))).toEqual(['cdk-oky-backend:noEgress']);
  });
});

describe('tokens', () => {
  test('pass, from parameters', () => {
    const template = templateOf(stack => {
      const text = (id: string) => new CfnParameter(stack, id).valueAsString;
      const number = (id: string) => new CfnParameter(stack, id, { type: 'Number' }).valueAsNumber;
      return {
        api: {
          imageTag: text('Tag'),
          repositoryName: text('Repository'),
          containerPort: number('Port'),
          cpu: number('Cpu'),
          memoryLimitMiB: number('Memory'),
          desiredCount: number('Count'),
          environment: { GREETING: text('Greeting') },
          environmentFileKey: text('Key'),
          command: [text('Command')],
          healthCheckPath: text('Path'),
        },
        cms: {
          scaling: {
            minCapacity: number('Least'),
            maxCapacity: number('Most'),
            targetCpuUtilizationPercent: number('CpuTarget'),
            targetMemoryUtilizationPercent: number('MemoryTarget'),
            requestsPerTarget: number('Requests'),
          },
        },
      };
    });
    template.hasResourceProperties('AWS::ECR::Repository', { RepositoryName: { Ref: 'Repository' } });
    template.hasResourceProperties('AWS::ECS::TaskDefinition', { Cpu: { Ref: 'Cpu' }, Memory: { Ref: 'Memory' } });
    template.hasResourceProperties('AWS::ECS::Service', { DesiredCount: { Ref: 'Count' } });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', { HealthCheckPath: { Ref: 'Path' } });
    template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: { Ref: 'Least' }, MaxCapacity: { Ref: 'Most' } });
    template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
      TargetTrackingScalingPolicyConfiguration: { TargetValue: { Ref: 'Requests' } },
    });
  });

  test('of a port become text in the environment', () => {
    templateOf({ api: { containerPort: Lazy.number({ produce: () => 8080 }) } }).hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [Match.objectLike({ Environment: Match.arrayWith([{ Name: 'API_PORT', Value: '8080' }]) })],
    });
  });

  test('pass with highAvailability and with only one of two values known', () => {
    const count = Lazy.number({ produce: () => 2 });
    const scaling = { minCapacity: count, maxCapacity: 3 };
    expect(() => deploy({ highAvailability: true, api: { desiredCount: count }, cms: { scaling } })).not.toThrow();
    expect(() => deploy({ api: { cpu: 512, memoryLimitMiB: count }, cms: { cpu: count, memoryLimitMiB: 512 } })).not.toThrow();
    expect(() => deploy({ scaling: { minCapacity: 5, maxCapacity: count } })).not.toThrow();
  });
});
