import { Tokenization } from 'aws-cdk-lib/core';
import type { ServiceName } from '../private/names';

/** What an image of Oky needs to know before anybody configures anything. */
export interface ContainerDefaults {
  readonly port: number;
  readonly memoryLimitMiB: number;
  /** The variable of the secret that sessions are signed with. */
  readonly signingVariable: string;
  /** What the image starts, from its app's folder. */
  readonly script: string;
  /** Environment of this container alone. */
  readonly environment: (port: number) => Record<string, string>;
}

/**
 * The two containers of Oky.
 *
 * @see https://github.com/Oky-period-tracker/periodtracker
 */
export const CONTAINERS: Record<ServiceName, ContainerDefaults> = {
  api: {
    port: 3000,
    memoryLimitMiB: 512,
    signingVariable: 'APPLICATION_SECRET',
    script: 'dist/index.js',
    environment: port => ({ API_PORT: Tokenization.stringifyNumber(port) }),
  },
  cms: {
    port: 5000,
    memoryLimitMiB: 1024,
    signingVariable: 'PASSPORT_SECRET',
    script: 'dist/src/index.js',
    // Node ends a process on an unhandled rejection, and one malformed request to the CMS makes one.
    environment: () => ({ NODE_OPTIONS: '--unhandled-rejections=warn' }),
  },
};

/** Where the database is, as both containers read it. */
export interface DatabaseAddress {
  readonly host: string;
  readonly port: string;
  readonly name: string;
  readonly schema: string;
}

/** The environment that both containers share. */
export function databaseEnvironment(address: DatabaseAddress): Record<string, string> {
  return {
    NODE_ENV: 'production',
    DATABASE_TYPE: 'postgres',
    DATABASE_HOST: address.host,
    DATABASE_PORT: address.port,
    DATABASE_NAME: address.name,
    DATABASE_SCHEMA: address.schema,
    // The apps' own way of making tables loses views, and logged statements carry health data.
    DATABASE_SYNCHRONIZE: 'false',
    DATABASE_LOGGING: 'false',
    // The cluster refuses anything but TLS. The start command brings the certificate authority along, and with it `verify-full`.
    PGSSLMODE: 'no-verify',
  };
}

/** All names that both containers are given. */
export const SHARED_VARIABLES = [...Object.keys(databaseEnvironment({ host: '', port: '', name: '', schema: '' })), 'DATABASE_USERNAME', 'DATABASE_PASSWORD'];
