import { parseArgs } from 'util';
import { readServices, registerImage, type RunningService, updateService } from './services';
import { checkSignup, trySignup } from './signup';
import { updateSchema } from '../database/database';
import type { Session } from '../database/sql-task';
import { faultOfBuild, readBuild } from '../deployed/image';
import { UnusableCall } from '../doctor/assembly';
import { openSession, PLACE, PLACE_USAGE, withUsage } from '../session';

const USAGE = `Usage: npx cdk-oky-backend release --tag <tag> (--sql <folder> | --keep-schema) [options]

Releases the images with this tag: new SQL files first, after a snapshot; then a trial of the API that no user gets to; then
both services; then a check that signup works; then the parameters that the next deployment reads. If a step fails, the
services run the former images.

  --tag <tag>            the tag of both images, which are pushed already
  --sql <folder>         the folder sql/ in the checkout that the images are built from
  --baseline <file>      in the first release: the last file in it that the database already has
  --keep-schema          run no SQL files: to go back to a former image
${PLACE_USAGE}

Exit code: 0 if it is released, 1 if it failed, 2 if the call can't be answered.`;

const OPTIONS = {
  ...PLACE,
  'tag': { type: 'string' },
  'sql': { type: 'string' },
  'baseline': { type: 'string' },
  'keep-schema': { type: 'boolean', default: false },
} as const;

/** What is released. */
export interface Release {
  readonly tag: string;
  /** Undefined to keep the tables as they are. */
  readonly sql?: string;
  readonly baseline?: string;
}

/** What a release needs of the world beside AWS. */
export interface Outside {
  readonly openSession: typeof openSession;
  readonly checkSignup: typeof checkSignup;
}

/** The command `release`; gives the exit code. */
export async function release(args: readonly string[], outside: Outside = { openSession, checkSignup }): Promise<number> {
  try {
    const { values } = withUsage(USAGE, () => parseArgs({ args: [...args], options: OPTIONS }));
    if (values.help) {
      console.log(USAGE);
      return 0;
    }
    const { tag, sql, baseline } = values;
    if (tag === undefined || !/^\w[\w.-]{0,127}$/.test(tag)) {
      throw new UnusableCall(`--tag must be the tag of the images, such as 2026_04, got: ${tag ?? 'none'}\n\n${USAGE}`);
    }
    if ((sql === undefined) !== values['keep-schema']) {
      throw new UnusableCall('give --sql with the SQL files of the release, or --keep-schema to run none, and not both\n\n' + USAGE);
    }
    const session = await outside.openSession(values, line => console.log(line));
    await run(session, { tag, sql, baseline }, outside.checkSignup);
    return 0;
  } catch (error) {
    console.error(`release: ${error instanceof Error ? error.message : String(error)}`);
    return error instanceof UnusableCall ? 2 : 1;
  }
}

async function run(session: Session, { tag, sql, baseline }: Release, check: typeof checkSignup): Promise<void> {
  const { tell, stack } = session;
  tell('look at the services and the images');
  const services = await readServices(session);
  const images = await Promise.all(services.map(async service => requireImage(session, service, tag)));
  if (sql !== undefined) {
    await updateSchema(session, sql, baseline);
  }
  const [api] = services;
  const revisions = new Map<RunningService, string>();
  for (const [index, service] of services.entries()) {
    revisions.set(service, await registerImage(session, service, images[index]));
  }
  tell('try signup with the new image of the API');
  const fault = await trySignup(session, api, revisions.get(api)!);
  if (fault !== undefined) {
    throw new Error(`signup does not work with ${tag}, so users still get the former images: ${fault}\n${sql === undefined
      ? 'This image needs other tables than the database has: see "The way back" in docs/releases.md'
      : 'If a column or a table is missing, the SQL files are not those of the image: name the folder of its commit'}`);
  }
  const updated: RunningService[] = [];
  try {
    for (const service of services) {
      tell(`update the ${service.name}`);
      updated.push(service);
      await updateService(session, service, revisions.get(service)!);
    }
    tell('check signup');
    const failed = await check(stack.get('ApiHost'));
    if (failed !== undefined) {
      throw new Error(`signup does not work at ${stack.get('ApiHost')}: ${failed}`);
    }
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${await goBack(session, updated)}`);
  }
  for (const { parameter } of services) {
    await session.aws.send('ssm', 'put-parameter', ['--name', parameter, '--type', 'String', '--value', tag, '--overwrite'], session.region);
  }
  tell(`${tag} is released`);
}

/** The image by its digest, which no later push can change. */
async function requireImage({ aws, region }: Session, { name, repositoryUri, definition }: RunningService, tag: string): Promise<string> {
  const [, registry, repository] = /^(\d{12})\.dkr\.ecr\.[\w.-]+\/(.+)$/.exec(repositoryUri) ?? [];
  const build = await readBuild(aws, { repository, region, registry, id: { imageTag: tag } });
  if (!build) {
    throw new UnusableCall(`there is no image ${repository}:${tag}: push it first, or name a tag that is in the repository. Nothing was changed`);
  }
  const fault = faultOfBuild(build, definition.runtimePlatform?.cpuArchitecture ?? 'X86_64');
  if (fault) {
    throw new UnusableCall(`the image of the ${name}, ${repository}:${tag}, ${fault.what}: ${fault.fix}, and push it with another tag. Nothing was changed`);
  }
  return `${repositoryUri}@${build.digest}`;
}

/** What runs must be what the parameters say. */
async function goBack(session: Session, services: readonly RunningService[]): Promise<string> {
  try {
    for (const service of [...services].reverse()) {
      session.tell(`the ${service.name} goes back to ${service.revision.replace(/^.*\//, '')}`);
      await updateService(session, service, service.revision);
    }
    return 'The services run the former images again. SQL files that were applied stay applied';
  } catch (error) {
    return `Going back failed too: ${(error as Error).message}. Look at the services now`;
  }
}
