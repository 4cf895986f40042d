import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { CfnParameter, Duration, Fn, Lazy, RemovalPolicy } from 'aws-cdk-lib/core';
import { OkyDatabaseLogin, type OkyDatabaseOptions } from '../../src';
import { followsMinorVersions, resolveDatabase } from '../../src/database/database-settings';
import { deploy, makeStack, messageOf, templateOf, warnings } from '../helpers';

const PROVISIONED = ec2.InstanceType.of(ec2.InstanceClass.R6G, ec2.InstanceSize.LARGE);
const BURSTABLE = ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.MEDIUM);

function resolve(database: OkyDatabaseOptions = {}, region?: string) {
  return resolveDatabase(makeStack({ region }), database);
}

function messageFor(database: OkyDatabaseOptions): string {
  return messageOf(() => deploy({ database }));
}

test('by default it pauses, is as small as can be, and is kept', () => {
  expect(resolve()).toMatchObject({
    minCapacity: 0,
    maxCapacity: 1,
    autoPause: Duration.minutes(5),
    backupRetention: Duration.days(7),
    engineVersion: '17',
    databaseName: 'periodtracker',
    username: 'periodtracker',
    schema: 'periodtracker',
    dataApi: true,
    removalPolicy: RemovalPolicy.SNAPSHOT,
    passwordVersion: 1,
    applicationUsername: undefined,
    login: OkyDatabaseLogin.MASTER,
    sqlTask: false,
    backupPlan: undefined,
  });
});

describe('capacities', () => {
  test.each([[0, 1], [0.5, 1], [1, 1], [0, 1.5], [256, 256], [255.5, 256]])('may go from %d to %d', (minCapacity, maxCapacity) => {
    expect(resolve({ minCapacity, maxCapacity })).toMatchObject({ minCapacity, maxCapacity });
  });

  test.each([-0.5, 0.25, 0.6, 256.5, NaN, -Infinity])('may not begin at %d', minCapacity => {
    expect(messageFor({ minCapacity, maxCapacity: 256 }))
      .toBe(`database.minCapacity must be from 0 to 256 capacity units in steps of 0.5, got: ${minCapacity}; use one such as 0`);
  });

  test.each([-1, 0, 0.5, 1.25, 256.5, NaN, Infinity])('may not end at %d', maxCapacity => {
    expect(messageFor({ maxCapacity }))
      .toBe(`database.maxCapacity must be from 1 to 256 capacity units in steps of 0.5, got: ${maxCapacity}; use one such as 1`);
  });

  test.each([[1.5, undefined, 1], [4, 2, 2]])('may not go from %d to %s', (minCapacity, maxCapacity, most) => {
    expect(messageFor({ minCapacity, maxCapacity }))
      .toBe(`database.minCapacity must not be above database.maxCapacity (${most}), got: ${minCapacity}; lower the first or raise the second`);
  });
});

describe('instanceType', () => {
  test.each([
    ['minCapacity', { minCapacity: 0 }],
    ['maxCapacity', { maxCapacity: 4 }],
    ['autoPause', { autoPause: Duration.hours(1) }],
  ])('does not go together with %s', (prop, options) => {
    expect(messageFor({ instanceType: PROVISIONED, ...options }))
      .toBe(`database.${prop} can't be combined with database.instanceType; a provisioned instance has one size and never pauses: leave one of the two out`);
  });

  test('is written without what RDS puts before it', () => {
    expect(messageFor({ instanceType: new ec2.InstanceType('db.r6g.large') }))
      .toBe("database.instanceType must be an instance type without the db. of RDS, got: 'db.r6g.large'; use 'r6g.large'");
    expect(resolve({ instanceType: new ec2.InstanceType('r6g.large') }).instanceType).toBeDefined();
  });
});

describe('dataApi', () => {
  test.each([
    ['serverless', {}, undefined, true],
    ['provisioned', { instanceType: PROVISIONED }, undefined, true],
    ['a T instance', { instanceType: BURSTABLE }, undefined, false],
    ['an older T instance', { instanceType: ec2.InstanceType.of(ec2.InstanceClass.T3, ec2.InstanceSize.LARGE) }, undefined, false],
    ['a region without it', {}, 'ap-southeast-4', false],
    ['a version before it', { engineVersion: '16.0', minCapacity: 0.5 }, undefined, false],
    ['the first version with it', { engineVersion: '16.1', minCapacity: 0.5 }, undefined, true],
    ['a version that is known at deployment', { engineVersion: Fn.ref('Version'), minCapacity: 0.5 }, undefined, true],
    ['one that wants none', { dataApi: false }, undefined, false],
    ['a region where it is asked for all the same', { dataApi: true }, 'ap-southeast-4', true],
  ])('of %s is by default as the instance has it', (_, options, region, expected) => {
    expect(resolve(options, region).dataApi).toBe(expected);
  });

  test('may not be true on a T instance', () => {
    expect(messageFor({ instanceType: BURSTABLE, dataApi: true }))
      .toBe("database.dataApi must not be true on a T instance, which has none, got: 't4g.medium'; leave it out or take another instance class");
  });
});

describe('autoPause', () => {
  test.each([Duration.minutes(5), Duration.seconds(301), Duration.minutes(5.5), Duration.hours(24), Duration.days(1)])('may be %s', autoPause => {
    expect(resolve({ autoPause }).autoPause).toBe(autoPause);
  });

  test.each([
    [Duration.seconds(299), '4 minutes 59 seconds'],
    [Duration.seconds(0), '0 seconds'],
    [Duration.seconds(86401), '1 day 1 second'],
    [Duration.millis(300500), '5 minutes 500 millis'],
    [Duration.minutes(5.01), '5 minutes 600 millis'],
  ])('may not be %s', (autoPause, shown) => {
    expect(messageFor({ autoPause })).toBe(`database.autoPause must be from 5 minutes to 1 day in whole seconds, got: '${shown}'; use one such as 5 minutes`);
  });

  test('is in seconds if it is a token', () => {
    const amount = Lazy.number({ produce: () => 600 });
    expect(() => deploy({ database: { autoPause: Duration.seconds(amount) } })).not.toThrow();
    expect(messageFor({ autoPause: Duration.minutes(amount) }))
      .toBe("database.autoPause must be in seconds if it is a token, which can't be converted, got: 'minutes'; use Duration.seconds");
  });
});

describe('backupRetention', () => {
  test.each([Duration.days(1), Duration.hours(48), Duration.days(35)])('may be %s', backupRetention => {
    expect(resolve({ backupRetention }).backupRetention).toBe(backupRetention);
  });

  test.each([
    [Duration.days(0), '0'],
    [Duration.hours(36), '1.5'],
    [Duration.hours(23), String(23 / 24)],
    [Duration.days(36), '36'],
  ])('may not be %s', (backupRetention, shown) => {
    expect(messageFor({ backupRetention }))
      .toBe(`database.backupRetention (in days) must be a whole number from 1 to 35, got: ${shown}; give whole days, such as Duration.days(7)`);
  });

  test('is in days if it is a token', () => {
    const amount = Lazy.number({ produce: () => 14 });
    expect(() => deploy({ database: { backupRetention: Duration.days(amount) } })).not.toThrow();
    expect(messageFor({ backupRetention: Duration.hours(amount) }))
      .toBe("database.backupRetention must be in days if it is a token, which can't be converted, got: 'hours'; use Duration.days");
  });
});

describe('engineVersion', () => {
  test.each(['13', '14', '15', '16', '17', '18', '19', '20', '21.3', '13.15', '14.12', '15.7', '16.3', '17.4', '17.10'])('may be %s', engineVersion => {
    expect(resolve({ engineVersion }).engineVersion).toBe(engineVersion);
  });

  test.each(['', '12', '12.9', '2', '100', '9.6', '17.', '17.4.1', '17.123', 'v17', '17-R1', 'aurora-postgresql17', ' 17'])('may not be %j', engineVersion => {
    expect(messageFor({ engineVersion }))
      .toBe(`database.engineVersion must be a major or minor version of Aurora PostgreSQL from 13 on, got: '${engineVersion}'; use '17' or '17.7'`);
  });

  test.each([['13.14', '13.15'], ['14.11', '14.12'], ['15.6', '15.7'], ['16.2', '16.3']])('%s is too old to pause', (engineVersion, first) => {
    expect(messageFor({ engineVersion })).toBe(
      `database.engineVersion must be ${first} or later to pause at database.minCapacity 0, got: '${engineVersion}'; raise it, or set database.minCapacity to 0.5`);
    expect(() => deploy({ database: { engineVersion, minCapacity: 0.5 } })).not.toThrow();
    expect(() => deploy({ database: { engineVersion, instanceType: PROVISIONED } })).not.toThrow();
  });

  test.each([['17', true], ['17.7', false]])('%s is upgraded by AWS: %s', (version, follows) => {
    expect(followsMinorVersions(version)).toBe(follows);
  });
});

describe.each([['username', 16], ['databaseName', 63], ['schema', 63]] as const)('%s', (prop, length) => {
  test.each(['a', 'Oky', 'oky_2', 'postgres', 'users', 'x'.repeat(length)])('may be %j', name => {
    expect(resolve({ [prop]: name })[prop]).toBe(name);
  });

  test.each(['', '1oky', '_oky', 'oky-kenya', 'oky kenya', 'öky', 'o"ky', 'x'.repeat(length + 1)])('may not be %j', name => {
    expect(messageFor({ [prop]: name }))
      .toBe(`database.${prop} must be 1 to ${length} letters, digits and underscores, beginning with a letter, got: '${name}'; use one such as 'periodtracker'`);
  });

  test.each(['admin', 'ADMIN', 'rdsadmin', 'rdsproxyadmin', 'rds_superuser', 'pg_monitor', 'PG_x', 'user', 'table', 'template1', 'fetch', 'window', 'left', 'Public'])(
    'may not be %j, which is reserved', name => {
      expect(messageFor({ [prop]: name })).toBe(`database.${prop} must not be a reserved word, got: '${name}'; use one such as 'periodtracker'`);
    });
});

test('only the schema may be public', () => {
  expect(resolve({ schema: 'public' }).schema).toBe('public');
  expect(messageFor({ username: 'public' })).toBe("database.username must not be a reserved word, got: 'public'; use one such as 'periodtracker'");
  expect(messageFor({ databaseName: 'public' })).toBe("database.databaseName must not be a reserved word, got: 'public'; use one such as 'periodtracker'");
});

describe('applicationUsername', () => {
  test.each(['a', 'Oky', 'oky_app', 'x'.repeat(63)])('may be %j', applicationUsername => {
    expect(resolve({ applicationUsername }).applicationUsername).toBe(applicationUsername);
  });

  test.each(['', '1oky', 'oky-app', 'o"ky', 'x'.repeat(64)])('may not be %j', applicationUsername => {
    expect(messageFor({ applicationUsername })).toBe('database.applicationUsername must be 1 to 63 letters, digits and underscores, '
      + `beginning with a letter, got: '${applicationUsername}'; use one such as 'periodtracker'`);
  });

  test.each([['periodtracker', undefined], ['OKY', 'oky']])('may not be the master user: %j', (applicationUsername, username) => {
    expect(messageFor({ applicationUsername, username })).toBe('database.applicationUsername must differ from database.username, the master user, '
      + `got: '${applicationUsername}'; use one such as 'oky'`);
  });
});

describe('passwordVersion', () => {
  test.each([0, -1, 1.5, NaN, 1001])('may not be %d', passwordVersion => {
    expect(messageFor({ passwordVersion })).toBe(
      `database.passwordVersion must be a whole number from 1 to 1000, got: ${passwordVersion}; count the generations of the password up from 1`);
  });

  test('may not be a token, as it is part of the id of a secret', () => {
    expect(messageFor({ passwordVersion: Lazy.number({ produce: () => 2 }) })).toBe('database.passwordVersion must be known at synthesis, '
      + 'as each generation is a secret of its own, got: a token; give the number itself');
  });
});

describe('snapshotIdentifier', () => {
  test.each([
    'before-migration',
    'rds:oky-2025-05-01-03-10',
    'awsbackup:job-11112222-3333',
    'arn:aws:rds:eu-west-2:111122223333:cluster-snapshot:before-migration',
    'arn:aws:rds:eu-west-2:111122223333:cluster-snapshot:rds:oky-2025-05-01-03-10',
    'arn:aws-us-gov:rds:us-gov-west-1:111122223333:cluster-snapshot:awsbackup:job-11112222-3333',
  ])('may be %j', snapshotIdentifier => {
    expect(resolve({ snapshotIdentifier }).snapshotIdentifier).toBe(snapshotIdentifier);
  });

  test.each([
    '', '1st', 'before_migration', 'before migration', 'oky:before',
    'arn:aws:rds:eu-west-2:111122223333:snapshot:of-an-instance',
    'arn:aws:rds:eu-west-2:111122223333:cluster:oky',
  ])('may not be %j', snapshotIdentifier => {
    expect(messageFor({ snapshotIdentifier })).toBe(`database.snapshotIdentifier must be the name or ARN of a cluster snapshot, got: '${snapshotIdentifier}'; `
      + 'find it with: aws rds describe-db-cluster-snapshots');
  });
});

describe('warnings', () => {
  const idsOf = (database: OkyDatabaseOptions, region?: string) => {
    const stack = makeStack({ region });
    resolveDatabase(stack, database);
    return warnings(stack);
  };

  test('autoPause has no effect on what never pauses', () => {
    expect(idsOf({ minCapacity: 0.5, autoPause: Duration.minutes(10) })).toEqual({
      'cdk-oky-backend:neverPauses':
        'database.autoPause has no effect at database.minCapacity 0.5: the database never pauses; set it to 0 to let it',
    });
    expect(idsOf({ minCapacity: 0.5 })).toEqual({});
    expect(idsOf({ autoPause: Duration.minutes(10) })).toEqual({});
  });

  test('a snapshot must stay', () => {
    const stays = 'database.snapshotIdentifier is set, and must stay as it is for as long as this database lives: a deployment without it, or with another one, '
      + 'makes another database; database.username must be the user of the snapshot';
    expect(idsOf({ snapshotIdentifier: 'before-the-move', engineVersion: '17.7' })).toEqual({ 'cdk-oky-backend:snapshotMustStay': stays });
    expect(idsOf({ snapshotIdentifier: 'before-the-move' })).toEqual({
      'cdk-oky-backend:snapshotMustStay': `${stays}. A restore with database.engineVersion '17' asks for AWS's default minor version, and RDS refuses one that is older than `
        + 'the snapshot\'s: before a restore, set it to what this prints: aws rds describe-db-cluster-snapshots --db-cluster-snapshot-identifier before-the-move '
        + "--query 'DBClusterSnapshots[0].EngineVersion' --output text",
    });
    expect(idsOf({})).toEqual({});
  });

  test.each([
    ['ap-south-2', '17'], ['ap-southeast-4', '17'], ['ap-southeast-6', '17'], ['ap-east-2', '17'], ['ca-west-1', '17'], ['eu-central-2', '17'], ['il-central-1', '17'],
    ['mx-central-1', '17'], ['eu-west-2', '15.2'],
  ])('%s has no Data API for version %s', (region, engineVersion) => {
    expect(idsOf({ dataApi: true, engineVersion, minCapacity: 0.5 }, region)).toEqual({
      'cdk-oky-backend:noDataApi': `database.dataApi is true, but AWS's documents do not list the Data API for version ${engineVersion} in ${region}; `
        + 'if the deployment fails on EnableHttpEndpoint, leave it out',
    });
    expect(idsOf({ engineVersion, minCapacity: 0.5 }, region)).toEqual({});
    expect(idsOf({ dataApi: true }, 'eu-west-2')).toEqual({});
  });
});

describe('tokens', () => {
  test('pass, from parameters', () => {
    const template = templateOf(stack => {
      const text = (id: string) => new CfnParameter(stack, id).valueAsString;
      const number = (id: string) => new CfnParameter(stack, id, { type: 'Number' }).valueAsNumber;
      return {
        database: {
          minCapacity: number('Least'),
          maxCapacity: number('Most'),
          autoPause: Duration.seconds(number('Pause')),
          backupRetention: Duration.days(number('Backup')),
          username: text('User'),
          databaseName: text('Database'),
          schema: text('Schema'),
          engineVersion: text('Version'),
        },
      };
    });
    template.hasResourceProperties('AWS::RDS::DBClusterParameterGroup', {
      Family: { 'Fn::Join': ['', ['aurora-postgresql', { 'Fn::Select': [0, { 'Fn::Split': ['.', { Ref: 'Version' }] }] }]] },
    });
    template.hasResourceProperties('AWS::RDS::DBCluster', {
      ServerlessV2ScalingConfiguration: { MinCapacity: { Ref: 'Least' }, MaxCapacity: { Ref: 'Most' } },
      BackupRetentionPeriod: { Ref: 'Backup' },
      DatabaseName: { Ref: 'Database' },
    });
  });

  test('pass where what they name is looked up, or one of two values is known', () => {
    const token = Fn.ref('Text');
    expect(resolve({ snapshotIdentifier: token, engineVersion: token }).engineVersion).toBe(token);
    const most = Lazy.number({ produce: () => 8 });
    expect(resolve({ minCapacity: 4, maxCapacity: most }).maxCapacity).toBe(most);
    const { instanceType, dataApi } = resolve({ instanceType: new ec2.InstanceType(token) });
    expect([instanceType?.toString(), dataApi]).toEqual([token, true]);
  });
});
