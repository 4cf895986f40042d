import { zoneOf } from './zones';
import type { Check, Context } from '../check';
import { finding } from '../findings';
import { at } from '../template';

const ENGINE = 'aurora-postgresql';

interface Versions {
  readonly DBEngineVersions?: { readonly EngineVersion: string; readonly ServerlessV2FeaturesSupport?: { readonly MinCapacity?: number } }[];
}

interface Options {
  readonly OrderableDBInstanceOptions?: { readonly AvailabilityZones?: { readonly Name: string }[] }[];
}

interface Snapshots {
  readonly DBClusterSnapshots?: { readonly DBClusterSnapshotIdentifier: string; readonly EngineVersion: string }[];
}

/** The snapshot that the database is restored from, if it is found. */
async function snapshotOf({ aws, deployment }: Context, identifier: unknown) {
  const name = deployment.textOf(deployment.main, identifier);
  if (name === undefined) {
    return undefined;
  }
  const found = await aws.find<Snapshots>(/DBClusterSnapshotNotFound/, 'rds', 'describe-db-cluster-snapshots', ['--db-cluster-snapshot-identifier', name], deployment.place.region);
  return found?.DBClusterSnapshots?.[0];
}

/** By the numbers of major and minor version: 17.10 is later than 17.9. */
function isOlder(version: string, other: string): boolean {
  const [[major, minor], [otherMajor, otherMinor]] = [version, other].map(each => each.split('.').map(Number));
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}

export const database: Check = {
  name: 'database',
  run: async context => {
    const { aws, deployment } = context;
    const { region } = deployment.place;
    // One that is there keeps its version.
    const [cluster] = deployment.toBeMade('AWS::RDS::DBCluster');
    if (!cluster) {
      return [];
    }
    const wanted = deployment.textOf(deployment.main, at(cluster.Properties, 'EngineVersion'))!;
    const engine = ['--engine', ENGINE];
    // RDS takes the default of a major version.
    const { DBEngineVersions: [version] = [] } = await aws.call<Versions>(
      'rds', 'describe-db-engine-versions', [...engine, '--engine-version', wanted, ...(/^\d+$/.test(wanted) ? ['--default-only'] : [])], region);
    const list = aws.command(['rds', 'describe-db-engine-versions', ...engine, '--query', 'DBEngineVersions[].[EngineVersion,ServerlessV2FeaturesSupport.MinCapacity]'], region);
    if (!version) {
      return [finding('database-version', `${region} has no version ${wanted} of ${ENGINE}`, list, 'set database.engineVersion to one of those that this prints')];
    }
    const snapshot = await snapshotOf(context, at(cluster.Properties, 'SnapshotIdentifier'));
    if (snapshot && isOlder(version.EngineVersion, snapshot.EngineVersion)) {
      return [finding('database-version', `${snapshot.DBClusterSnapshotIdentifier} is a snapshot of version ${snapshot.EngineVersion}, and version ${wanted} is ${version.EngineVersion}`,
        aws.command(['rds', 'describe-db-cluster-snapshots', '--db-cluster-snapshot-identifier', snapshot.DBClusterSnapshotIdentifier], region),
        `set database.engineVersion to '${snapshot.EngineVersion}': RDS restores no older one`)];
    }
    const least = version.ServerlessV2FeaturesSupport?.MinCapacity;
    if (at(cluster.Properties, 'ServerlessV2ScalingConfiguration', 'MinCapacity') === 0 && least !== undefined && least > 0) {
      return [finding('database-pause', `version ${version.EngineVersion} has a least capacity of ${least}`, list,
        `set database.engineVersion to one with 0, which this prints beside each, or database.minCapacity to ${least}`)];
    }
    const instances = deployment.resources('AWS::RDS::DBInstance', [deployment.main]);
    const instanceClass = String(at(instances[0]?.Properties, 'DBInstanceClass'));
    const offer = [...engine, '--engine-version', version.EngineVersion, '--db-instance-class', instanceClass];
    const { OrderableDBInstanceOptions = [] } = await aws.call<Options>('rds', 'describe-orderable-db-instance-options', offer, region);
    const offered = OrderableDBInstanceOptions.flatMap(({ AvailabilityZones = [] }) => AvailabilityZones.map(({ Name }) => Name));
    const zones = await Promise.all(instances.map(async ({ Properties }) => zoneOf(context, at(Properties, 'AvailabilityZone'))));
    const lacking = zones.filter(zone => zone !== undefined && !offered.includes(zone));
    if (offered.length > 0 && lacking.length === 0) {
      return [];
    }
    return [finding('database-class', `${instanceClass} with version ${version.EngineVersion} is not offered in ${[...new Set(lacking)].join(', ') || region}`,
      aws.command(['rds', 'describe-orderable-db-instance-options', ...offer, '--query', 'OrderableDBInstanceOptions[].AvailabilityZones[].Name'], region),
      'have the stack use zones that this prints, or choose another database.instanceType or database.engineVersion')];
  },
};
