import { mkdtemp, readFile, rm } from 'fs/promises';
import { tmpdir } from 'os';
import * as path from 'path';
import { environmentFileFaults } from '../../../service/environment-file-rules';
import type { Aws } from '../aws';
import type { Check, Context } from '../check';
import { forEach } from '../check';
import type { Service } from '../deployment';
import { finding, type Finding } from '../findings';
import { at, listAt } from '../template';

export const environmentFiles: Check = {
  name: 'environment files',
  run: async context => forEach(context.deployment.services.filter(({ runs }) => runs), async service => {
    const files = listAt(service.taskDefinition.Properties, 'ContainerDefinitions', 0, 'EnvironmentFiles');
    return forEach(files, async file => look(context, service, at(file, 'Value')));
  }),
};

async function look({ aws, deployment }: Context, { name, taskDefinition }: Service, value: unknown): Promise<Finding[]> {
  const { region } = deployment.place;
  const [, bucket, key] = /^arn:[\w-]+:s3:::([^/]+)\/(.+)$/.exec(deployment.textOf(deployment.main, value) ?? '') ?? [];
  if (bucket === undefined) {
    return [finding('environment-file', `the ${name} names an environment file, and the deployment is only to make its bucket`, deployment.deployCommand,
      `leave ${name}.environmentFileKey out of the first deployment; upload the file after it, and deploy again with the key`)];
  }
  const upload = aws.command(['s3', 'cp', path.basename(key), `s3://${bucket}/${key}`], region);
  const content = await download(aws, bucket, key, region);
  if (!content) {
    return [finding('environment-file', `the ${name} names ${key}, which is not in ${bucket}`, upload, `upload it, or leave ${name}.environmentFileKey out: no file is needed by default`)];
  }
  const container = at(taskDefinition.Properties, 'ContainerDefinitions', 0);
  const set = new Set([...listAt(container, 'Environment'), ...listAt(container, 'Secrets')].map(each => String(at(each, 'Name'))));
  const faults = environmentFileFaults(content, { service: name, set });
  return faults.length === 0 ? [] : [finding('environment-file-line', faults.map(({ line, must, got }) => line === undefined ? `${key} must ${must}` : `${key}, line ${line}, must ${must}, got: ${got}`).join('; '),
    upload, `${[...new Set(faults.map(({ fix }) => fix))].join('; ')}; then this uploads it again`)];
}

/** The content of an object, undefined if it is not there; it is in a file that only this user can read, for as long as that takes. */
async function download(aws: Aws, bucket: string, key: string, region: string): Promise<Buffer | undefined> {
  const folder = await mkdtemp(path.join(tmpdir(), 'oky-doctor-'));
  try {
    const file = path.join(folder, 'file.env');
    const found = await aws.find<unknown>(/^(NoSuchKey|NoSuchBucket|404)$/, 's3api', 'get-object', ['--bucket', bucket, '--key', key, file], region);
    return found === undefined ? undefined : await readFile(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
