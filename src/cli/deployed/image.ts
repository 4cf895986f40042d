import type { Aws } from '../doctor/aws';
import { at, listAt } from '../doctor/template';

/** An image in ECR, by its tag or its digest. */
export interface ImageName {
  readonly repository: string;
  readonly region?: string;
  /** Of another account. */
  readonly registry?: string;
  readonly id: { readonly imageTag: string } | { readonly imageDigest: string };
}

/** How an image was built. */
export interface Build {
  /** What no later push can change. */
  readonly digest: string;
  /** As Docker names processors, such as `amd64` and `arm64`. */
  readonly architectures: readonly string[];
  /** Whether it is Oky's for development: `docker-compose build` makes that, and its app is elsewhere. */
  readonly isForDevelopment: boolean;
}

/** The processors of Fargate, as Docker names them. */
export const DOCKER_ARCHITECTURES: Readonly<Record<string, string>> = { X86_64: 'amd64', ARM64: 'arm64' };

const MEDIA_TYPES = [
  'application/vnd.docker.distribution.manifest.v2+json', 'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json', 'application/vnd.oci.image.index.v1+json',
];

/**
 * Reads how an image was built from its configuration, which ECR keeps as a layer; undefined if there is no such image.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetDownloadUrlForLayer.html
 * @see https://github.com/opencontainers/image-spec/blob/main/config.md
 */
export async function readBuild(aws: Aws, image: ImageName): Promise<Build | undefined> {
  const found = await find(aws, image);
  if (found === undefined) {
    return undefined;
  }
  const manifest: unknown = JSON.parse(found.imageManifest);
  const digest = found.imageId.imageDigest;
  // An image for several processors has a manifest for each, and some for signatures, which are of no processor.
  const parts = listAt(manifest, 'manifests').filter(part => at(part, 'platform', 'architecture') !== 'unknown');
  if (parts.length > 0) {
    const one = await readBuild(aws, { ...image, id: { imageDigest: String(at(parts[0], 'digest')) } });
    return { digest, architectures: parts.map(part => String(at(part, 'platform', 'architecture'))), isForDevelopment: one?.isForDevelopment ?? false };
  }
  const { repository, region } = image;
  const { downloadUrl } = await aws.call<{ readonly downloadUrl: string }>('ecr', 'get-download-url-for-layer',
    ['--repository-name', repository, '--layer-digest', String(at(manifest, 'config', 'digest')), ...registryOf(image)], region);
  const answer = await fetch(downloadUrl);
  if (!answer.ok) {
    throw new Error(`ECR answers ${answer.status} for the configuration of the image`);
  }
  const configuration: unknown = await answer.json();
  return {
    digest,
    architectures: [String(at(configuration, 'architecture'))],
    isForDevelopment: listAt(configuration, 'config', 'Env').includes('NODE_ENV=development'),
  };
}

interface Found {
  readonly imageId: { readonly imageDigest: string };
  readonly imageManifest: string;
}

async function find(aws: Aws, image: ImageName): Promise<Found | undefined> {
  const [[key, value]] = Object.entries(image.id);
  const { images: [found] } = await aws.call<{ readonly images: Found[] }>('ecr', 'batch-get-image',
    ['--repository-name', image.repository, '--image-ids', `${key}=${value}`, '--accepted-media-types', ...MEDIA_TYPES, ...registryOf(image)], image.region);
  return found;
}

function registryOf({ registry }: ImageName): string[] {
  return registry === undefined ? [] : ['--registry-id', registry];
}

/** Why no task can run an image. */
export interface BuildFault {
  readonly what: string;
  readonly fix: string;
}

/** What is wrong with the image for a task of this processor, and the command that builds it again; undefined if nothing is. */
export function faultOfBuild({ architectures, isForDevelopment }: Omit<Build, 'digest'>, cpuArchitecture: string): BuildFault | undefined {
  const wanted = DOCKER_ARCHITECTURES[cpuArchitecture];
  const build = `docker build --platform linux/${wanted} --target production`;
  if (!architectures.includes(wanted)) {
    return { what: `was built for ${architectures.join(', ')}, and the task runs on ${wanted}`, fix: `build it again with ${build}` };
  }
  return isForDevelopment ? { what: 'was built for development', fix: `build it again with ${build}` } : undefined;
}
