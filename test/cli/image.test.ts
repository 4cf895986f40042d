import { faultOfBuild, readBuild } from '../../src/cli/deployed/image';
import { Aws } from '../../src/cli/doctor/aws';

type Answers = Record<string, unknown>;

/** ECR with these manifests by tag or digest; configurations are at a URL that holds them. */
function ecr(manifests: Answers, configurations: Answers) {
  const calls: string[] = [];
  const aws = new Aws(async args => {
    calls.push(args.slice(0, args.indexOf('--output')).join(' '));
    const id = args[args.indexOf('--image-ids') + 1].split('=')[1];
    const digest = args[args.indexOf('--layer-digest') + 1];
    const said = args[1] === 'batch-get-image' ? { images: id in manifests ? [{ imageId: { imageDigest: `digest of ${id}` }, imageManifest: JSON.stringify(manifests[id]) }] : [] }
      : { downloadUrl: `data:application/json,${encodeURIComponent(JSON.stringify(configurations[digest]))}` };
    return { code: 0, stdout: JSON.stringify(said), stderr: '' };
  });
  return { aws, calls };
}

describe('how an image was built', () => {
  const production = { architecture: 'amd64', config: { Env: ['PATH=/bin', 'NODE_ENV=production'] } };

  test('is in its configuration', async () => {
    const { aws, calls } = ecr({ 1: { config: { digest: 'sha256:c' } } }, { 'sha256:c': production });
    expect(await readBuild(aws, { repository: 'oky/api', region: 'eu-west-2', registry: '111122223333', id: { imageTag: '1' } }))
      .toEqual({ digest: 'digest of 1', architectures: ['amd64'], isForDevelopment: false });
    expect(calls[1]).toBe('ecr get-download-url-for-layer --repository-name oky/api --layer-digest sha256:c --registry-id 111122223333 --region eu-west-2');
  });

  test('is that of each processor, without signatures', async () => {
    const index = { manifests: [['amd64', 'sha256:a'], ['arm64', 'sha256:b'], ['unknown', 'sha256:s']].map(([architecture, digest]) => ({ digest, platform: { architecture } })) };
    const development = { ...production, config: { Env: ['NODE_ENV=development'] } };
    const { aws } = ecr({ '1': index, 'sha256:a': { config: { digest: 'sha256:c' } } }, { 'sha256:c': development });
    expect(await readBuild(aws, { repository: 'oky/api', id: { imageTag: '1' } })).toEqual({ digest: 'digest of 1', architectures: ['amd64', 'arm64'], isForDevelopment: true });
  });

  test('is not known of an image that does not exist', async () => {
    expect(await readBuild(ecr({}, {}).aws, { repository: 'oky/api', id: { imageTag: '1' } })).toBeUndefined();
  });

  test.each([
    ['X86_64', ['amd64'], false, undefined],
    ['ARM64', ['amd64', 'arm64'], false, undefined],
    ['ARM64', ['amd64'], false, 'was built for amd64, and the task runs on arm64'],
    ['X86_64', ['amd64'], true, 'was built for development'],
  ])('fits %s with %j, development %s: %s', (processor, architectures, isForDevelopment, what) => {
    expect(faultOfBuild({ architectures, isForDevelopment }, processor)?.what).toBe(what);
  });
});
