import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { DatabaseSettings } from './database-settings';
import { acknowledge, inPacks } from '../private/acknowledge';
import type { EncryptionKeys } from '../storage/encryption-keys';
import { ReadableSecret } from '../storage/readable-secret';

/** Of the master user: a secret for each password version, so that the resources that read it change with it. */
export function makeMasterSecret(
  scope: Construct, { username, passwordVersion }: DatabaseSettings, encryption: EncryptionKeys,
): secretsmanager.Secret {
  // The first has no number: its id is older than the others.
  return makeSecret(scope, passwordVersion === 1 ? 'Secret' : `Secret${passwordVersion}`, {
    description: 'User and password of the Oky database',
    username,
    encryption,
    rotation: 'tasks get the password when they start, so a schedule would lock running ones out; it is rotated together with the services, by hand',
  });
}

/** Of the role for the services, for whoever creates it. */
export function makeApplicationSecret(scope: Construct, username: string, encryption: EncryptionKeys): secretsmanager.Secret {
  return makeSecret(scope, 'ApplicationSecret', {
    description: 'User and password of the services in the Oky database',
    username,
    encryption,
    rotation: 'the password is in the database too, where a person sets it: one that a schedule changed here alone would lock the services out',
  });
}

interface SecretProps {
  readonly description: string;
  readonly username: string;
  readonly encryption: EncryptionKeys;
  /** Why it is not rotated by a schedule. */
  readonly rotation: string;
}

function makeSecret(scope: Construct, id: string, { description, username, encryption, rotation }: SecretProps): secretsmanager.Secret {
  const secret = new ReadableSecret(scope, id, {
    description,
    encryption,
    // Letters and digits only, so that no shell, URL or environment file stumbles over it.
    generateSecretString: {
      secretStringTemplate: Stack.of(scope).toJsonString({ username }),
      generateStringKey: 'password',
      passwordLength: 32,
      excludePunctuation: true,
    },
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  acknowledge(secret, {
    'AwsSolutions-SMG4': rotation,
    ...inPacks('SecretsManagerRotationEnabled', rotation, ['NIST', 'HIPAA']),
  });
  return secret;
}
