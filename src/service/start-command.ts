import * as fs from 'fs';
import * as path from 'path';
import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { withoutComments } from '../private/scripts';
import { isKnown } from '../private/validation';

const ASSETS = path.join(__dirname, '../../assets');

/** Where the images of Oky have the app. @see https://github.com/Oky-period-tracker/periodtracker/tree/master/packages */
export const APP_FOLDER = '/usr/src/app';

/** In memory, and all that a task can write to. */
export const SCRATCH = '/tmp';

/** The variable that a secret with Google's credentials comes in, which the libraries of Google want as a file. */
export const GOOGLE_CREDENTIALS = 'GOOGLE_CREDENTIALS';

/** What to do with an image without the app in its place. */
const WRONG_TARGET = 'the image was not built for production; build it again with docker build --target production';

/** What ECS gives each container. @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-fargate.html */
const OF_ECS = [
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', 'AWS_DEFAULT_REGION', 'AWS_EXECUTION_ENV', 'AWS_REGION', 'ECS_AGENT_URI', 'ECS_CONTAINER_METADATA_URI',
  'ECS_CONTAINER_METADATA_URI_V4',
];

/** How a container is started. */
export interface StartCommand {
  /** Keeps these variables and no other, writes the files, then becomes the command. */
  readonly entryPoint: (variables: string[]) => string[];
  readonly command: string[];
  readonly environment: Record<string, string>;
}

export interface StartCommandOptions {
  /** The script that the image itself starts, from the app's folder. */
  readonly script: string;
  /** The certificate of the authority that the database's is from, as PEM; undefined where it isn't known. */
  readonly databaseAuthority?: string;
  readonly hasGoogleCredentials: boolean;
}

/**
 * Starts the app of an unchanged image as its own command would, but without yarn, which neither passes signals on nor
 * runs on a read-only file system; with a few lines loaded before it; and with the files that it needs. The files are
 * written by the entry point, as a task can be started with another command, but not with another entry point: a job in
 * the API's image finds the certificate of the database too.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerOverride.html
 */
export function startCommand(options: StartCommandOptions): StartCommand {
  const files: Record<string, string> = {
    ...Object.fromEntries(['preload.js', 'request-guard.js'].map(name => [name, withoutComments(fs.readFileSync(path.join(ASSETS, name), 'utf8'))])),
    ...(options.databaseAuthority && { 'database.pem': options.databaseAuthority }),
  };
  const script = [
    'umask 077',
    ...Object.entries(files).map(([name, content]) => `cat > ${SCRATCH}/${name} <<'END'\n${content}END`),
    ...(options.hasGoogleCredentials ? [`printf %s "$${GOOGLE_CREDENTIALS}" > ${SCRATCH}/google.json`] : []),
    // An image that was built for development has its files elsewhere, and would say no more than "Cannot find module".
    `[ -e ${options.script} ] || { echo "$PWD/${options.script} does not exist: ${WRONG_TARGET}" >&2; exit 1; }`,
    // In place of the shell, so that it gets the signals.
    'exec "$@"',
  ];
  return {
    entryPoint: variables => ['sh', '-c', keepOnly([...variables, ...OF_ECS]), 'sh', '-c', script.join('\n'), 'start'],
    command: ['node', '--require', `${SCRATCH}/preload.js`, options.script],
    environment: {
      // As in the images of Node.js. In the task definition, so that an environment file can't say which shell and Node.js start.
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      NODE_PATH: `${APP_FOLDER}/dist`,
      ...(options.databaseAuthority && { PGSSLMODE: 'verify-full', NODE_EXTRA_CA_CERTS: `${SCRATCH}/database.pem` }),
      ...(options.hasGoogleCredentials && { GOOGLE_APPLICATION_CREDENTIALS: `${SCRATCH}/google.json` }),
    },
  };
}

/**
 * A command that becomes the one that follows it, with these variables and no other. An environment file can hold any
 * name, and dozens of names change how a shell, Node.js or OpenSSL start: NODE_OPTIONS alone runs code. `exec` is the
 * first word, as no function that a shell takes from the environment can stand in for it.
 *
 * @see https://nodejs.org/api/cli.html#environment-variables
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_09_01_01
 */
function keepOnly(variables: string[]): string {
  // A shell can't hold other names.
  const names = variables.filter(name => /^[A-Za-z_]\w*$/.test(name));
  return `exec env -i ${names.map(name => `\${${name}+"${name}=$${name}"}`).join(' ')} "$0" "$@"`;
}

/**
 * The root certificate of Amazon RDS in the stack's region, of the kind that the database's instances ask for.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.SSL.html
 */
export function databaseAuthority(scope: Construct): string | undefined {
  const { region } = Stack.of(scope);
  const roots: Record<string, string> = JSON.parse(fs.readFileSync(path.join(ASSETS, 'rds-root-certificates.json'), 'utf8'));
  return isKnown(region) ? roots[region] : undefined;
}
