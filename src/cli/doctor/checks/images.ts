import type { Check, Context } from '../check';
import { forEach } from '../check';
import type { Service } from '../deployment';
import { finding, type Finding } from '../findings';
import { at } from '../template';

export const repositories: Check = {
  name: 'names of the repositories',
  run: async ({ aws, deployment }) => forEach(deployment.toBeMade('AWS::ECR::Repository'), async ({ Properties }) => {
    const name = String(at(Properties, 'RepositoryName'));
    const { region } = deployment.place;
    const found = await aws.find<unknown>(/^RepositoryNotFoundException$/, 'ecr', 'describe-repositories', ['--repository-names', name], region);
    return found ? [finding('repository-taken', `${name} is there already`, aws.command(['ecr', 'delete-repository', '--repository-name', name], region),
      'this deletes it, but only if no image is in it; one with images is given to the app: repository in the options of the service')] : [];
  }),
};

export const images: Check = {
  name: 'images',
  run: async context => forEach(context.deployment.services.filter(({ runs }) => runs), async service => look(context, service)),
};

async function look(context: Context, service: Service): Promise<Finding[]> {
  const { aws, deployment } = context;
  const { region, account } = deployment.place;
  const image = at(service.taskDefinition.Properties, 'ContainerDefinitions', 0, 'Image');
  const parameter = deployment.parameterIn(image);
  const held = parameter && await aws.find<{ readonly Parameter: { readonly Value: string } }>(
    /^ParameterNotFound$/, 'ssm', 'get-parameter', ['--name', parameter.name], region);
  if (parameter && !held) {
    return [finding('image-parameter', `${region} has no parameter ${parameter.name}, which holds the tag of the image of the ${service.name}`,
      aws.command(['ssm', 'put-parameter', '--name', parameter.name, '--type', 'String', '--value', 'TAG_OF_THE_IMAGE'], region), 'with the tag of an image that is pushed')];
  }
  const text = deployment.textOf(deployment.main, image, parameter && held ? { [parameter.id]: held.Parameter.Value } : {});
  const [, registry, home, repository, tag, digest] = /^(\d{12})\.dkr\.ecr\.([\w-]+)\.amazonaws\.com(?:\.cn)?\/([^:@]+)(?::([^@]+)|@(.+))$/.exec(text ?? '') ?? [];
  if (text === undefined || repository === undefined) {
    // Elsewhere than in ECR, or not known yet.
    return [];
  }
  const args = ['--repository-name', repository, '--image-ids', tag === undefined ? `imageDigest=${digest}` : `imageTag=${tag}`, ...(registry === account ? [] : ['--registry-id', registry])];
  const found = await aws.find<unknown>(/^(RepositoryNotFoundException|ImageNotFoundException)$/, 'ecr', 'describe-images', args, home);
  if (found) {
    return [];
  }
  const hasRepository = await aws.find<unknown>(/^RepositoryNotFoundException$/, 'ecr', 'describe-repositories',
    ['--repository-names', repository, ...(registry === account ? [] : ['--registry-id', registry])], home);
  if (hasRepository) {
    return [finding('image', `the ${service.name} runs ${repository}:${tag ?? digest}, which is not in the repository`, `docker push ${text}`,
      `push it, or set ${service.name}.imageTag to one that is there`)];
  }
  const isMadeHere = deployment.toBeMade('AWS::ECR::Repository').some(({ Properties }) => at(Properties, 'RepositoryName') === repository);
  return [isMadeHere
    ? finding('repository', `the ${service.name} runs ${repository}:${tag ?? digest}, and the deployment is only to make that repository`, deployment.deployCommand,
      `leave ${service.name}.imageTag out of the first deployment, which then starts no task; push the image after it, and deploy again with the tag`)
    : finding('repository', `the ${service.name} runs ${repository}:${tag ?? digest}, and there is no such repository in ${home}`,
      aws.command(['ecr', 'create-repository', '--repository-name', repository, '--image-tag-mutability', 'IMMUTABLE'], home), 'then push the image')];
}
