import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Annotations, Stack } from 'aws-cdk-lib/core';
import type { Construct, IConstruct } from 'constructs';
import type { ServiceSettings } from './service-settings';
import { principal } from '../private/given-resources';
import { textOf } from '../private/resolved-text';
import { invalid, isKnown } from '../private/validation';

/** A secret that is given, as ECS reads it: from Secrets Manager, or from the Parameter Store. */
interface GivenSecret {
  readonly prop: string;
  readonly arn: string;
}

function givenSecrets(scope: Construct, { name, signingSecret, googleCredentials, secrets }: ServiceSettings): GivenSecret[] {
  const given: [prop: string, arn: string | undefined][] = [
    ['signingSecret', signingSecret?.secretArn],
    ['googleCredentials', googleCredentials?.secretArn],
    ...Object.entries(secrets).map(([variable, { arn }]) => [`secrets.${variable}`, arn] as [string, string]),
  ];
  return given.flatMap(([prop, arn]) => arn === undefined ? [] : [{ prop: `${name}.${prop}`, arn: textOf(scope, arn) }]);
}

/** What an ARN says, undefined where it is a reference. */
function partsOf(arn: string): { readonly service?: string; readonly region?: string; readonly account?: string } {
  const [, , service, region, account] = arn.replace(/<[^>]*>/g, '').split(':').map(part => part || undefined);
  return { service, region, account };
}

/** Whether ECS reads one of them from the Parameter Store, for which it needs another endpoint than for Secrets Manager. */
export function usesParameterStore(scope: Construct, settings: ServiceSettings): boolean {
  return givenSecrets(scope, settings).some(({ arn }) => partsOf(arn).service === 'ssm');
}

/** Refuses secrets that ECS can't reach, and says what is missing where that can't be seen. */
export function requireReachableSecrets(scope: Construct, settings: ServiceSettings, hasInternetAccess: boolean): void {
  const stack = Stack.of(scope);
  for (const { prop, arn } of givenSecrets(scope, settings)) {
    const { service, region, account } = partsOf(arn);
    const isElsewhere = (theirs: string | undefined, ours: string) => isKnown(ours) && theirs !== undefined && theirs !== ours;
    if (isElsewhere(region, stack.region) && !hasInternetAccess) {
      throw invalid(prop, `be in the region of the stack (${stack.region}), as the tasks have no internet access`, arn,
        `replicate it there: aws secretsmanager replicate-secret-to-regions --add-replica-regions Region=${stack.region}`);
    }
    if (isElsewhere(account, stack.account) && service === 'ssm') {
      throw invalid(prop, `be in the account of the stack (${stack.account}), as ECS reads no parameter of another`, arn, 'copy it, or keep it in Secrets Manager');
    }
    if (isElsewhere(account, stack.account)) {
      const statement = { Effect: 'Allow', Principal: { AWS: principal(stack.account) }, Action: 'secretsmanager:GetSecretValue', Resource: '*' };
      Annotations.of(scope).addWarningV2(`cdk-oky-backend:otherAccount:${prop}`, `${prop} is in account ${account}: before the deployment, add this statement to its resource `
        + `policy: ${JSON.stringify(statement)}; encrypt it with a key whose policy lets ${principal(stack.account)} call kms:Decrypt, and import it with that encryptionKey`);
    }
  }
}

/**
 * The keys of the secrets that a container reads. A grant of CDK leaves out a key that is imported, and an `ecs.Secret` does not
 * show what it was made from: so the secrets are found in the app by their ARNs.
 *
 * @see https://github.com/aws/aws-cdk/issues/17156
 */
export function keysOfSecrets(container: ecs.ContainerDefinition, settings: ServiceSettings): kms.IKey[] {
  const registry = container.renderContainerDefinition().repositoryCredentials;
  const login = registry && 'credentialsParameter' in registry ? registry.credentialsParameter : undefined;
  const arns = [...givenSecrets(container, settings).map(({ arn }) => arn), ...login === undefined ? [] : [textOf(container, login)]];
  if (arns.length === 0) {
    return [];
  }
  return container.node.root.node.findAll().filter(isSecret)
    // Followed by nothing, or by the JSON key and the version that an `ecs.Secret` can ask for.
    .filter(secret => arns.some(arn => `${arn}:`.startsWith(`${textOf(container, secret.secretArn)}:`)))
    .flatMap(({ encryptionKey }) => encryptionKey ?? []);
}

function isSecret(construct: IConstruct): construct is ISecret {
  return 'secretArn' in construct && 'grantRead' in construct;
}

