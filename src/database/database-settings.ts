import { Annotations, Duration, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { resolveBackup } from './backup-settings';
import { OkyDatabaseLogin, type OkyDatabaseOptions } from './database-options';
import { days, requireUnit } from '../private/durations';
import { factsOf } from '../private/region-facts';
import { conflict, invalid, isKnown, requireInteger, requireKnown, requirePattern } from '../private/validation';

const DEFAULT_ENGINE_VERSION = '17';

/**
 * The first minor version of each major one that can pause; later major versions all can.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html
 */
const FIRST_PAUSING_MINOR: Record<number, number> = { 13: 15, 14: 12, 15: 7, 16: 3 };

/**
 * The first minor version of each major one that has the Data API, in the regions that have it.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.Aurora_Fea_Regions_DB-eng.Feature.Data_API.html
 */
const FIRST_DATA_API_MINOR: Record<number, number> = { 13: 11, 14: 8, 15: 3, 16: 1, 17: 4, 18: 3 };

/** Names that PostgreSQL or RDS keep for themselves, or that a statement could not use without quotes. @see https://www.postgresql.org/docs/17/sql-keywords-appendix.html */
const RESERVED_NAMES = new Set([
  'admin', 'all', 'analyse', 'analyze', 'and', 'any', 'array', 'as', 'asc', 'asymmetric', 'authorization', 'binary', 'both', 'case', 'cast', 'check', 'collate',
  'collation', 'column', 'concurrently', 'constraint', 'create', 'cross', 'current_catalog', 'current_date', 'current_role', 'current_schema', 'current_time',
  'current_timestamp', 'current_user', 'default', 'deferrable', 'desc', 'distinct', 'do', 'else', 'end', 'except', 'false', 'fetch', 'for', 'foreign', 'freeze',
  'from', 'full', 'grant', 'group', 'having', 'ilike', 'in', 'information_schema', 'initially', 'inner', 'intersect', 'into', 'is', 'isnull', 'join', 'lateral',
  'leading', 'left', 'like', 'limit', 'localtime', 'localtimestamp', 'natural', 'not', 'notnull', 'null', 'offset', 'on', 'only', 'or', 'order', 'outer',
  'overlaps', 'placing', 'primary', 'public', 'rdsadmin', 'rdsproxyadmin', 'rdsrepladmin', 'rdstopmgr', 'rdswriteforwarduser', 'references', 'returning', 'right',
  'select', 'session_user', 'similar', 'some', 'symmetric', 'system_user', 'table', 'tablesample', 'template0', 'template1', 'then', 'to', 'trailing', 'true',
  'union', 'unique', 'user', 'using', 'variadic', 'verbose', 'when', 'where', 'window', 'with',
]);

/** The options with their defaults in place, checked. */
export type DatabaseSettings = ReturnType<typeof resolveDatabase>;

export function resolveDatabase(scope: Construct, options: OkyDatabaseOptions) {
  const settings = {
    minCapacity: options.minCapacity ?? 0,
    maxCapacity: options.maxCapacity ?? 1,
    autoPause: options.autoPause ?? Duration.minutes(5),
    backupRetention: options.backupRetention ?? Duration.days(7),
    engineVersion: options.engineVersion ?? DEFAULT_ENGINE_VERSION,
    instanceType: options.instanceType,
    snapshotIdentifier: options.snapshotIdentifier,
    encryptionKey: options.encryptionKey,
    databaseName: options.databaseName ?? 'periodtracker',
    username: options.username ?? 'periodtracker',
    schema: options.schema ?? 'periodtracker',
    passwordVersion: options.passwordVersion ?? 1,
    applicationUsername: options.applicationUsername,
    login: options.login ?? OkyDatabaseLogin.MASTER,
    sqlTask: options.sqlTask ?? false,
    backupPlan: options.backupPlan && resolveBackup(scope, options.backupPlan),
    dataApi: options.dataApi ?? (!isBurstable(options) && !lacksDataApi(scope, options)),
    removalPolicy: options.removalPolicy ?? RemovalPolicy.SNAPSHOT,
  };
  if (options.instanceType) {
    for (const prop of ['minCapacity', 'maxCapacity', 'autoPause'] as const) {
      if (options[prop] !== undefined) {
        throw conflict(`database.${prop}`, 'database.instanceType', 'a provisioned instance has one size and never pauses: leave one of the two out');
      }
    }
    if (options.instanceType.toString().startsWith('db.')) {
      throw invalid('database.instanceType', 'be an instance type without the db. of RDS', options.instanceType.toString(), `use '${options.instanceType.toString().slice(3)}'`);
    }
    if (options.dataApi && isBurstable(options)) {
      throw invalid('database.dataApi', 'not be true on a T instance, which has none', options.instanceType.toString(), 'leave it out or take another instance class');
    }
  } else {
    requireCapacity(settings.minCapacity, settings.maxCapacity);
  }
  requireVersion(settings.engineVersion, !options.instanceType && settings.minCapacity === 0);
  requireDuration('database.autoPause', settings.autoPause, Duration.minutes(5), Duration.days(1));
  requireUnit('database.backupRetention', settings.backupRetention, 'days');
  requireInteger('database.backupRetention (in days)', days(settings.backupRetention), 1, 35, 'give whole days, such as Duration.days(7)');
  requireName('database.username', settings.username, 16);
  requireName('database.databaseName', settings.databaseName, 63);
  requireName('database.schema', settings.schema, 63, ['public']);
  requireLogin(settings.username, options);
  requirePattern('database.snapshotIdentifier', options.snapshotIdentifier, /^(arn:[\w-]+:rds:[\w-]+:\d{12}:cluster-snapshot:)?(rds:|awsbackup:)?[A-Za-z][A-Za-z0-9-]*$/,
    'be the name or ARN of a cluster snapshot', 'find it with: aws rds describe-db-cluster-snapshots');
  if (options.autoPause && settings.minCapacity > 0) {
    Annotations.of(scope).addWarningV2('cdk-oky-backend:neverPauses',
      `database.autoPause has no effect at database.minCapacity ${settings.minCapacity}: the database never pauses; set it to 0 to let it`);
  }
  if (options.snapshotIdentifier !== undefined) {
    const { snapshotIdentifier, engineVersion } = settings;
    Annotations.of(scope).addWarningV2('cdk-oky-backend:snapshotMustStay', 'database.snapshotIdentifier is set, and must stay as it is for as long as this '
      + 'database lives: a deployment without it, or with another one, makes another database; database.username must be the user of the snapshot'
      + (isKnown(engineVersion) && followsMinorVersions(engineVersion)
        ? `. A restore with database.engineVersion '${engineVersion}' asks for AWS's default minor version, and RDS refuses one that is older than the snapshot's: before a `
        + 'restore, set it to what this prints: aws rds describe-db-cluster-snapshots '
        + `--db-cluster-snapshot-identifier ${isKnown(snapshotIdentifier) ? snapshotIdentifier : '<snapshot>'} --query 'DBClusterSnapshots[0].EngineVersion' --output text`
        : ''));
  }
  if (options.dataApi && lacksDataApi(scope, options)) {
    Annotations.of(scope).addWarningV2('cdk-oky-backend:noDataApi', 'database.dataApi is true, but AWS\'s documents do not list the Data API for version '
      + `${settings.engineVersion} in ${Stack.of(scope).region}; if the deployment fails on EnableHttpEndpoint, leave it out`);
  }
  return settings;
}

/** The part before the period, whether it is known now or at deployment. */
export function majorVersion(engineVersion: string): string {
  return isKnown(engineVersion) ? engineVersion.split('.')[0] : Fn.select(0, Fn.split('.', engineVersion));
}

/** Whether AWS may upgrade the minor version: only where none is asked for. */
export function followsMinorVersions(engineVersion: string): boolean {
  return !engineVersion.includes('.');
}

/** Whether the region or the version has no Data API. An env-agnostic stack is taken for one in a region that has it. */
function lacksDataApi(scope: Construct, { engineVersion = DEFAULT_ENGINE_VERSION }: OkyDatabaseOptions): boolean {
  const { region } = Stack.of(scope);
  return (isKnown(region) && factsOf(region).lacksDataApi === true) || isBefore(engineVersion, FIRST_DATA_API_MINOR);
}

/** Whether a minor version is asked for that is older than the first of its major version. */
function isBefore(engineVersion: string, first: Record<number, number>): boolean {
  const [major, minor] = isKnown(engineVersion) ? engineVersion.split('.').map(Number) : [];
  return minor !== undefined && minor < first[major];
}

function isBurstable(options: OkyDatabaseOptions): boolean {
  return /^t\d/.test(options.instanceType?.toString() ?? '');
}

function requireDuration(prop: string, given: Duration, least: Duration, most: Duration): void {
  requireUnit(prop, given, 'seconds');
  if (given.isUnresolved()) {
    return;
  }
  const seconds = given.toSeconds({ integral: false });
  if (!(Number.isInteger(seconds) && seconds >= least.toSeconds() && seconds <= most.toSeconds())) {
    throw invalid(prop, `be from ${least.toHumanString()} to ${most.toHumanString()} in whole seconds`, given.toHumanString(), `use one such as ${least.toHumanString()}`);
  }
}

function requireCapacity(min: number, max: number): void {
  for (const [prop, value, least] of [['database.minCapacity', min, 0], ['database.maxCapacity', max, 1]] as const) {
    if (isKnown(value) && !(value >= least && value <= 256 && Number.isInteger(value * 2))) {
      throw invalid(prop, `be from ${least} to 256 capacity units in steps of 0.5`, value, `use one such as ${least}`);
    }
  }
  if (isKnown(min) && isKnown(max) && min > max) {
    throw invalid('database.minCapacity', `not be above database.maxCapacity (${max})`, min, 'lower the first or raise the second');
  }
}

function requireVersion(version: string, pauses: boolean): void {
  requirePattern('database.engineVersion', version, /^(1[3-9]|[2-9]\d)(\.\d{1,2})?$/, 'be a major or minor version of Aurora PostgreSQL from 13 on', "use '17' or '17.7'");
  if (pauses && isBefore(version, FIRST_PAUSING_MINOR)) {
    const [major] = version.split('.').map(Number);
    throw invalid('database.engineVersion', `be ${major}.${FIRST_PAUSING_MINOR[major]} or later to pause at database.minCapacity 0`, version,
      'raise it, or set database.minCapacity to 0.5');
  }
}

function requireLogin(username: string, options: OkyDatabaseOptions): void {
  requireKnown('database.passwordVersion', options.passwordVersion, 'as each generation is a secret of its own', 'give the number itself');
  requireInteger('database.passwordVersion', options.passwordVersion, 1, 1000, 'count the generations of the password up from 1');
  const { applicationUsername, login } = options;
  if (applicationUsername !== undefined) {
    requireName('database.applicationUsername', applicationUsername, 63);
    if (isKnown(applicationUsername) && isKnown(username) && applicationUsername.toLowerCase() === username.toLowerCase()) {
      throw invalid('database.applicationUsername', 'differ from database.username, the master user', applicationUsername, "use one such as 'oky'");
    }
  } else if (login === OkyDatabaseLogin.APPLICATION) {
    throw conflict('database.login APPLICATION', 'no database.applicationUsername', 'name the role that the services log in as, after it was created');
  }
}

function requireName(prop: string, name: string, length: number, exceptions: string[] = []): void {
  requirePattern(prop, name, new RegExp(`^[A-Za-z][A-Za-z0-9_]{0,${length - 1}}$`),
    `be 1 to ${length} letters, digits and underscores, beginning with a letter`, "use one such as 'periodtracker'");
  if (isKnown(name) && (RESERVED_NAMES.has(name.toLowerCase()) || /^(pg|rds)_/i.test(name)) && !exceptions.includes(name)) {
    throw invalid(prop, 'not be a reserved word', name, "use one such as 'periodtracker'");
  }
}
