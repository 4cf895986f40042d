import type { Check } from '../check';
import { finding } from '../findings';
import { at } from '../template';

const ENGINE = 'aurora-postgresql';
const STANDARD_SUPPORT = 'open-source-rds-standard-support';

/** A major upgrade wants a rehearsal, a quiet night and an appointment: half a year is not too early to hear of it. */
const NOTICE_DAYS = 182;

interface MajorVersions {
  readonly DBMajorEngineVersions?: {
    readonly SupportedEngineLifecycles?: { readonly LifecycleSupportName: string; readonly LifecycleSupportEndDate: string }[];
  }[];
}

/**
 * When AWS ends the standard support of the database's major version.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBMajorEngineVersions.html
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/extended-support.html
 */
export const databaseSupport: Check = {
  name: 'support of the database',
  run: async ({ aws, deployment }) => {
    const { region } = deployment.place;
    const [cluster] = deployment.resources('AWS::RDS::DBCluster', [deployment.main]);
    const [major] = (deployment.textOf(deployment.main, at(cluster?.Properties, 'EngineVersion')) ?? '').split('.');
    if (major === '') {
      return [];
    }
    const call = ['--engine', ENGINE, '--major-engine-version', major];
    const { DBMajorEngineVersions: [version] = [] } = await aws.call<MajorVersions>('rds', 'describe-db-major-engine-versions', call, region);
    const end = version?.SupportedEngineLifecycles?.find(({ LifecycleSupportName: name }) => name === STANDARD_SUPPORT)?.LifecycleSupportEndDate;
    if (end === undefined || Date.parse(end) - Date.now() > NOTICE_DAYS * 86_400_000) {
      return [];
    }
    return [finding('database-support', `AWS ends the standard support of ${ENGINE} ${major} on ${end.slice(0, 10)}`,
      aws.command(['rds', 'describe-db-major-engine-versions', ...call], region), 'plan the upgrade that the runbook "A major upgrade of Aurora PostgreSQL" describes')];
  },
};
