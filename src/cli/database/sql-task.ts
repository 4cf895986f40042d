import { randomBytes } from 'crypto';
import { mkdtemp, rm, writeFile } from 'fs/promises';
import { tmpdir } from 'os';
import * as path from 'path';
import type { Script } from './script';
import type { DeployedStack } from '../deployed/stack';
import { type Sleep, TaskRunner } from '../deployed/task';
import type { Aws } from '../doctor/aws';

/** Seconds that the URL of the SQL is valid: until the task has started. */
const VALID = 900;

/** Where a command works. */
export interface Session {
  readonly aws: Aws;
  readonly region?: string;
  readonly stack: DeployedStack;
  readonly wait: Sleep;
  /** Says what is done at the moment. */
  readonly tell: (line: string) => void;
}

/** Runs SQL in the database, by the SQL task, and gives what the SQL said with RAISE NOTICE. */
export async function runSql(session: Session, script: Script): Promise<string[]> {
  const { aws, region, stack, wait } = session;
  const taskDefinition = stack.get('SqlTaskDefinitionArn', 'set database.sqlTask to true and deploy: SQL is run by that task');
  const bucket = stack.find('SqlBucketName') ?? stack.get('ConfigBucketName');
  const key = `sql/${new Date().toISOString().slice(0, 10)}-${randomBytes(8).toString('hex')}.sql`;
  await upload(session, script.sql, bucket, key);
  try {
    const url = await aws.text('s3', 'presign', [`s3://${bucket}/${key}`, '--expires-in', String(VALID)], region);
    const { exitCode, reason, lines } = await new TaskRunner(aws, region, wait).run({
      cluster: stack.get('ClusterName'),
      taskDefinition,
      service: stack.get('ApiServiceName'),
      override: { environment: [{ name: 'SQL_URL', value: url }] },
    }, line => /^(done: |failed, )/.test(line));
    if (exitCode === 0) {
      return lines.flatMap(line => /^notice: (.*)/s.exec(line)?.[1] ?? []);
    }
    const failed = lines.find(line => line.startsWith('failed, '));
    throw new Error(failed === undefined
      ? `the SQL task ended ${exitCode === undefined ? 'before it started' : `with code ${exitCode}`}: ${reason}${['', ...lines].join('\n  ')}`
      : script.locate(failed.replace(/^failed, .*?COMMIT: /, '')));
  } finally {
    await aws.send('s3api', 'delete-object', ['--bucket', bucket, '--key', key], region);
  }
}

/** The file is readable by this user only, for as long as the upload takes. */
async function upload({ aws, region }: Session, sql: string, bucket: string, key: string): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'oky-sql-'));
  try {
    const file = path.join(folder, 'file.sql');
    await writeFile(file, sql, { mode: 0o600 });
    await aws.send('s3api', 'put-object', ['--bucket', bucket, '--key', key, '--body', file], region);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
