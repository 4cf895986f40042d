import type * as iam from 'aws-cdk-lib/aws-iam';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { EncryptionKeys } from './encryption-keys';

interface EncryptedBy {
  readonly encryption: EncryptionKeys;
}

/**
 * A secret whose grant includes its key. CDK asks the key's policy for that, and the keys here are handed out by their ARNs: the
 * grant would be lost without a word, and the reader would be refused by KMS.
 *
 * @see https://github.com/aws/aws-cdk/issues/17156
 */
export class ReadableSecret extends secretsmanager.Secret {
  private readonly encryption: EncryptionKeys;

  constructor(scope: Construct, id: string, { encryption, ...props }: secretsmanager.SecretProps & EncryptedBy) {
    super(scope, id, { ...props, encryptionKey: encryption.key });
    this.encryption = encryption;
  }

  public override grantRead(grantee: iam.IGrantable, versionStages?: string[]): iam.Grant {
    this.encryption.grantDecrypt(grantee);
    return super.grantRead(grantee, versionStages);
  }

  public override attach(target: secretsmanager.ISecretAttachmentTarget): secretsmanager.ISecret {
    return new ReadableAttachment(this, 'Attachment', { secret: this, target, encryption: this.encryption });
  }
}

/** The same secret, once it also holds the address of the database. */
class ReadableAttachment extends secretsmanager.SecretTargetAttachment {
  private readonly encryption: EncryptionKeys;

  constructor(scope: Construct, id: string, { encryption, ...props }: secretsmanager.SecretTargetAttachmentProps & EncryptedBy) {
    super(scope, id, props);
    this.encryption = encryption;
  }

  public override grantRead(grantee: iam.IGrantable, versionStages?: string[]): iam.Grant {
    this.encryption.grantDecrypt(grantee);
    return super.grantRead(grantee, versionStages);
  }
}
