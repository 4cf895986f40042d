import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Annotations, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { CONTAINERS, SHARED_VARIABLES } from './containers';
import { requireEnvironmentFile } from './environment-file';
import { valueFault } from './environment-file-rules';
import { type DeploymentChoices, resolveScaling } from './scaling-settings';
import type { OkyServiceOptions } from './service-options';
import { APP_FOLDER, databaseAuthority, startCommand } from './start-command';
import type { ServiceName } from '../private/names';
import { conflict, invalid, isKnown, requireInteger, requireKnown, requirePattern } from '../private/validation';

/** Memory in MiB that Fargate has for each CPU size: the least, the most, and the step. */
const FARGATE_MEMORY: Record<number, { readonly min: number; readonly max: number; readonly step: number }> = {
  256: { min: 512, max: 2048, step: 512 },
  512: { min: 1024, max: 4096, step: 1024 },
  1024: { min: 2048, max: 8192, step: 1024 },
  2048: { min: 4096, max: 16384, step: 1024 },
  4096: { min: 8192, max: 30720, step: 1024 },
  8192: { min: 16384, max: 61440, step: 4096 },
  16384: { min: 32768, max: 122880, step: 8192 },
};

/** A service's options with their defaults in place, checked. */
export type ServiceSettings = ReturnType<typeof resolveService>;

export function resolveService(scope: Construct, name: ServiceName, options: OkyServiceOptions, choices: DeploymentChoices) {
  const container = CONTAINERS[name];
  const hasImage = [options.imageTag, options.imageTagParameter, options.image].some(given => given !== undefined);
  const scaling = resolveScaling(name, options, choices);
  const least = choices.highAvailability ? 2 : 1;
  const settings = {
    name,
    signingVariable: container.signingVariable,
    containerEnvironment: container.environment(options.containerPort ?? container.port),
    hasImage,
    imageTag: options.imageTag,
    imageTagParameter: options.imageTagParameter,
    image: options.image,
    repository: options.repository,
    repositoryName: options.repositoryName,
    containerPort: options.containerPort ?? container.port,
    cpu: options.cpu ?? 256,
    memoryLimitMiB: options.memoryLimitMiB ?? container.memoryLimitMiB,
    cpuArchitecture: options.cpuArchitecture ?? ecs.CpuArchitecture.X86_64,
    useSpot: options.useSpot ?? false,
    // Scaling owns the count; without an image there is nothing to count.
    desiredCount: !hasImage ? 0 : scaling ? undefined : options.desiredCount ?? least,
    environment: options.environment ?? {},
    secrets: options.secrets ?? {},
    signingSecret: options.signingSecret,
    environmentFileKey: options.environmentFileKey,
    ...resolveStartCommand(scope, name, options),
    user: options.user ?? '1000:1000',
    readonlyRootFilesystem: options.readonlyRootFilesystem ?? !options.enableExecuteCommand,
    googleCredentials: options.googleCredentials,
    healthCheckPath: options.healthCheckPath ?? '/',
    // Registering a scalable target lifts the count to its minimum: not before there is an image.
    scaling: hasImage ? scaling : undefined,
    enableExecuteCommand: options.enableExecuteCommand ?? false,
  };
  requireImage(name, options);
  if (settings.useSpot && choices.highAvailability) {
    throw conflict(`${name}.useSpot`, 'highAvailability', 'AWS may take all tasks on Spot at once: leave one of the two out');
  }
  requireSize(name, settings.cpu, settings.memoryLimitMiB);
  requireInteger(`${name}.containerPort`, options.containerPort, 1, 65535, `leave it out for ${container.port}`);
  requireCount(name, options, choices, scaling !== undefined);
  requireEnvironment(name, options);
  requirePattern(`${name}.environmentFileKey`, options.environmentFileKey, /^(?!\/|sql\/)[\w!.*'()/-]{1,1020}\.env$/,
    'be the key of an object that ends in .env, as ECS wants it, and not begin with sql/, under which files expire', `use one such as 'project_oky_${name}_task_configuration.env'`);
  requirePattern(`${name}.healthCheckPath`, options.healthCheckPath, /^\/[\w\-.$/~"'@:+&;=?]{0,1023}$/, 'be a path that begins with /', "use '/'");
  requirePattern(`${name}.user`, options.user, /^(?!(0+|root)(:|$))[\w-]+(:[\w-]+)?$/, 'be a user, or user:group, that is not root', "use '1000:1000'");
  requireGoogleCredentials(name, options);
  if (options.enableExecuteCommand && options.readonlyRootFilesystem) {
    throw conflict(`${name}.readonlyRootFilesystem`, `${name}.enableExecuteCommand`, 'a session has to write: leave one of the two out');
  }
  if (options.environmentFile !== undefined) {
    requireEnvironmentFile(options.environmentFile, {
      service: name,
      set: new Set([...SHARED_VARIABLES, container.signingVariable, ...Object.keys({
        ...settings.containerEnvironment, ...settings.startEnvironment, ...options.environment, ...options.secrets,
      })]),
    });
    if (options.environmentFileKey === undefined) {
      throw invalid(`${name}.environmentFileKey`, `be given with ${name}.environmentFile`, undefined, 'name the key that the file is uploaded to');
    }
  }
  if (!hasImage) {
    Annotations.of(scope).addWarningV2(`cdk-oky-backend:noImage:${name}`, `${name} has no image, so it is made without a task: push one to its repository `
      + `(its output ends in ${name === 'api' ? 'Api' : 'Cms'}RepositoryUri) and set ${name}.imageTag to its tag`);
  }
  if (settings.enableExecuteCommand) {
    Annotations.of(scope).addWarningV2(`cdk-oky-backend:sessions:${name}`, `${name}.enableExecuteCommand is on: whoever may call ecs:ExecuteCommand gets a shell in `
      + 'the tasks, beside the secrets, and their files can be written; turn it off when you are done');
  }
  if (choices.databasePauses && isKnown(settings.healthCheckPath) && settings.healthCheckPath !== '/') {
    Annotations.of(scope).addWarningV2(`cdk-oky-backend:healthCheckWakesDatabase:${name}`,
      `${name}.healthCheckPath is '${settings.healthCheckPath}': if it queries the database, the database never pauses (database.minCapacity is 0); '/' does not`);
  }
  return settings;
}

/** Unless a command is given, the image's app is started with what it lacks. */
function resolveStartCommand(scope: Construct, name: ServiceName, options: OkyServiceOptions) {
  if (options.command) {
    const command = options.command.length > 0 ? options.command : undefined;
    return { entryPoint: undefined, command, startEnvironment: {}, workingDirectory: undefined };
  }
  const authority = databaseAuthority(scope);
  if (!authority) {
    Annotations.of(scope).addWarningV2('cdk-oky-backend:databaseUnverified', 'the database\'s certificate is not verified, only its traffic encrypted: '
      + `the certificate authority of RDS in ${isKnown(Stack.of(scope).region) ? Stack.of(scope).region : 'the region'} is not known here; `
      + 'give the stack an env with a region, or ask for that region in an issue');
  }
  const { environment, ...start } = startCommand({
    script: CONTAINERS[name].script,
    databaseAuthority: authority,
    hasGoogleCredentials: options.googleCredentials !== undefined,
  });
  return { ...start, startEnvironment: environment, workingDirectory: APP_FOLDER };
}

function requireImage(name: ServiceName, options: OkyServiceOptions): void {
  if (options.image && options.imageTag !== undefined) {
    throw conflict(`${name}.image`, `${name}.imageTag`, 'the tag names an image in the repository: leave one of the two out');
  }
  for (const prop of ['image', 'imageTag'] as const) {
    if (options.imageTagParameter !== undefined && options[prop] !== undefined) {
      throw conflict(`${name}.imageTagParameter`, `${name}.${prop}`, 'the parameter holds the tag of the image: leave one of the two out');
    }
  }
  requireKnown(`${name}.imageTagParameter`, options.imageTagParameter, 'as the template reads the parameter by its name', 'give the name itself, such as \'/oky/api/image-tag\'');
  requirePattern(`${name}.imageTagParameter`, options.imageTagParameter, /^(?=.{1,900}$)(?!\/?(?:[Aa][Ww][Ss]|[Ss][Ss][Mm]))(?:[\w.-]+|(?:\/[\w.-]+){1,15})$/,
    'be the name of a parameter in the Parameter Store, with / before each of its parts if it has several', `use one such as '/oky/${name}/image-tag'`);
  if (options.repository && options.repositoryName !== undefined) {
    throw conflict(`${name}.repository`, `${name}.repositoryName`, 'the name is for a repository made here: leave one of the two out');
  }
  requirePattern(`${name}.imageTag`, options.imageTag, /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/,
    'be 1 to 128 letters, digits, periods, hyphens and underscores, not beginning with a period or hyphen', "use one such as '2025_05'");
}

function requireSize(name: ServiceName, cpu: number, memory: number): void {
  if (isKnown(cpu) && !FARGATE_MEMORY[cpu]) {
    throw invalid(`${name}.cpu`, 'be a size that Fargate has', cpu, `use one of ${Object.keys(FARGATE_MEMORY).join(', ')}`);
  }
  if (!isKnown(cpu) || !isKnown(memory)) {
    return;
  }
  const { min, max, step } = FARGATE_MEMORY[cpu];
  // 512, 1024 and 2048 are all there is for the smallest.
  if (memory < min || memory > max || memory % step !== 0 || (cpu === 256 && memory === 1536)) {
    const sizes = cpu === 256 ? '512, 1024 or 2048' : `${min} to ${max} in steps of ${step}`;
    throw invalid(`${name}.memoryLimitMiB`, `fit ${name}.cpu (${cpu})`, memory, `use ${sizes}, or another cpu`);
  }
}

function requireCount(name: ServiceName, options: OkyServiceOptions, choices: DeploymentChoices, isScaled: boolean): void {
  requireInteger(`${name}.desiredCount`, options.desiredCount, 0, 1000, 'give the number of tasks');
  if (isScaled && options.desiredCount !== undefined) {
    throw conflict(`${name}.desiredCount`, 'scaling', `each deployment would undo the scaling: set ${name}.scaling.minCapacity instead`);
  }
  if (choices.highAvailability && isKnown(options.desiredCount) && options.desiredCount < 2) {
    throw invalid(`${name}.desiredCount`, 'be at least 2 with highAvailability', options.desiredCount, 'raise it or leave it out');
  }
}

function requireGoogleCredentials(name: ServiceName, options: OkyServiceOptions): void {
  if (!options.googleCredentials) {
    return;
  }
  if (name === 'api') {
    throw invalid('api.googleCredentials', 'be left out, as the API has no use for it', options.googleCredentials.node.path, 'give cms.googleCredentials');
  }
  if (options.command) {
    throw conflict(`${name}.googleCredentials`, `${name}.command`, `nothing would write the file: give it in ${name}.secrets, and have the command do it`);
  }
}

function requireEnvironment(name: ServiceName, options: OkyServiceOptions): void {
  const secret = ['DATABASE_USERNAME', 'DATABASE_PASSWORD', CONTAINERS[name].signingVariable];
  for (const prop of ['environment', 'secrets'] as const) {
    for (const [variable, value] of Object.entries(options[prop] ?? {})) {
      requirePattern(`${name}.${prop}`, variable, /^[A-Za-z_]\w*$/, 'have names of letters, digits and underscores', 'rename the variable');
      // The type requires it; a variable of the environment that is not set gets past the type.
      if (value === undefined) {
        throw invalid(`${name}.${prop}.${variable}`, 'have a value', value, 'set it or leave the variable out');
      }
    }
  }
  for (const [variable, value] of Object.entries(options.environment ?? {})) {
    if (secret.includes(variable)) {
      // The value is not shown: it is a secret that somebody has just put where it does not belong.
      throw new Error(`${name}.environment must not hold ${variable}, which would be readable in the console and the template; `
        + `it is generated and injected: leave it out, or give your own in ${name}.${variable.startsWith('DATABASE') ? 'secrets' : 'signingSecret'}`);
    }
    const [must, fix] = isKnown(value) ? valueFault(variable, value) ?? [] : [];
    if (must !== undefined && fix !== undefined) {
      throw invalid(`${name}.environment.${variable}`, must, value, fix);
    }
    if (options.secrets?.[variable]) {
      throw conflict(`${name}.environment.${variable}`, `${name}.secrets.${variable}`, 'a variable has one value: leave one of the two out');
    }
  }
}
