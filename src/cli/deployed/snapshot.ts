import type { Session } from '../database/sql-task';

interface Snapshots {
  readonly DBClusterSnapshots: { readonly Status: string }[];
}

/** Milliseconds between two looks at a snapshot. */
const LOOK = 10_000;

/**
 * Makes a snapshot of the database and waits until it can be restored. It stays until a person deletes it.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_CreateSnapshotCluster.html
 */
export async function takeSnapshot({ aws, region, stack, wait, tell }: Session): Promise<string> {
  const cluster = stack.get('DatabaseClusterArn').replace(/^.*:cluster:/, '');
  // Letters, digits and single hyphens are allowed.
  const snapshot = `${cluster}-before-release-${new Date().toISOString().slice(0, 19).replace(/\W/g, '').toLowerCase()}`;
  const named = ['--db-cluster-snapshot-identifier', snapshot];
  tell(`snapshot ${snapshot}`);
  await aws.send('rds', 'create-db-cluster-snapshot', ['--db-cluster-identifier', cluster, ...named], region);
  for (;;) {
    const { DBClusterSnapshots: [{ Status: status }] } = await aws.send<Snapshots>('rds', 'describe-db-cluster-snapshots', named, region);
    if (status === 'available') {
      return snapshot;
    }
    if (status !== 'creating') {
      throw new Error(`the snapshot ${snapshot} is ${status}: look at it in RDS, then run this again. Nothing was changed`);
    }
    await wait(LOOK);
  }
}
