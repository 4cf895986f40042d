import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Annotations, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { PhysicalNames } from '../private/names';

export interface EncryptionKeysProps {
  readonly names: PhysicalNames;
  readonly encryptionKey?: kms.IKey;
}

/**
 * The key made here, and which key encrypts what. The keys are handed out by their ARNs: who may use them is said in the
 * policies of the roles, which a key policy that trusts its account lets count. L2 grants would write it into the key
 * policy as well, and so make the key, and all that waits for it, wait for the roles.
 */
export class EncryptionKeys extends Construct {
  /** For everything that can change its key in place. */
  public readonly key: kms.IKey;
  /** Of the database, which can't: the key made here, whatever else is given. */
  public readonly databaseKey: kms.IKey;

  private readonly own: kms.Key;

  constructor(scope: Construct, id: string, props: EncryptionKeysProps) {
    super(scope, id);
    // Made even if another key is given: the database and all that was ever written under this key need it. Retained
    // on deletion, since without it snapshots and backups are unreadable; not retained by a first deployment that fails.
    const own = new kms.Key(this, 'Resource', {
      description: `${props.names.prefix}: database, logs, secrets and configuration of the Oky backend`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    const statement = this.logsStatement();
    own.addToResourcePolicy(statement);
    this.own = own;
    this.databaseKey = kms.Key.fromKeyArn(this, 'Own', own.keyArn);
    this.key = props.encryptionKey ? kms.Key.fromKeyArn(this, 'Given', props.encryptionKey.keyArn) : this.databaseKey;
    const { encryptionKey: given } = props;
    if (given && !given.addToResourcePolicy(statement).statementAdded) {
      Annotations.of(this).addWarningV2('cdk-oky-backend:importedKeyPolicy',
        'encryptionKey is imported, so its policy can\'t be extended from here; before the deployment see that it lets the account\'s '
        + `IAM policies grant its use, as the default policy does, and add this statement to it: ${JSON.stringify(Stack.of(this).resolve(statement.toStatementJson()))}`);
    }
  }

  /** Lets others use the key that the construct creates for the database. */
  public addToDatabaseKeyPolicy(...statements: iam.PolicyStatement[]): void {
    statements.forEach(statement => this.own.addToResourcePolicy(statement));
  }

  /** To read all that was encrypted here, before and after an exchange of the key, and what is under others. */
  public grantDecrypt(grantee: iam.IGrantable, ...others: kms.IKey[]): void {
    iam.Grant.addToPrincipal({
      grantee,
      actions: ['kms:Decrypt'],
      resourceArns: [...new Set([this.key, this.databaseKey, ...others].map(({ keyArn }) => keyArn))],
    });
  }

  /**
   * Lets CloudWatch Logs use the key, for log groups of this account and region only.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
   */
  private logsStatement(): iam.PolicyStatement {
    const stack = Stack.of(this);
    return new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
      actions: ['kms:Decrypt*', 'kms:Describe*', 'kms:Encrypt*', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
      resources: ['*'],
      conditions: {
        ArnLike: { 'kms:EncryptionContext:aws:logs:arn': stack.formatArn({ service: 'logs', resource: '*' }) },
      },
    });
  }
}
