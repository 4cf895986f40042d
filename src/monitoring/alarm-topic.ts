import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { acknowledge, inPacks } from '../private/acknowledge';
import type { PhysicalNames } from '../private/names';
import { type ServiceCaller, serviceStatement } from '../private/service-statement';

export interface AlarmTopicProps {
  readonly names: PhysicalNames;
  /** Of the deployment, in its region; undefined elsewhere. */
  readonly encryptionKey?: kms.IKey;
  readonly alarmEmail?: string;
  /** Whether a budget publishes here too. */
  readonly hearsBudget: boolean;
}

/**
 * Who publishes to the topic itself: CloudWatch for the alarms of this region, and AWS Budgets. EventBridge does it with a role.
 *
 * @see https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html
 */
export function publishers(stack: Stack, options: { readonly hearsBudget: boolean }): ServiceCaller[] {
  const alarms = stack.formatArn({ service: 'cloudwatch', resource: 'alarm', resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  const budgets = stack.formatArn({ service: 'budgets', region: '', resource: '*', arnFormat: ArnFormat.NO_RESOURCE_NAME });
  return [
    { principal: 'cloudwatch.amazonaws.com', sourceArn: alarms },
    ...(options.hearsBudget ? [{ principal: 'budgets.amazonaws.com', sourceArn: budgets }] : []),
  ];
}

/** Where alarms are sent to. */
export class AlarmTopic extends Construct {
  public readonly topic: sns.Topic;

  constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    super(scope, id);
    const stack = Stack.of(this);
    this.topic = new sns.Topic(this, 'Resource', {
      topicName: props.names.alarmTopic,
      displayName: `Oky ${props.names.prefix}`,
      masterKey: props.encryptionKey,
      enforceSSL: true,
    });
    for (const publisher of publishers(stack, props)) {
      this.topic.addToResourcePolicy(serviceStatement(stack, publisher, ['sns:Publish'], this.topic.topicArn));
    }
    if (props.alarmEmail !== undefined) {
      // Not by the L2, which makes the subscription a child whose id is the address.
      new sns.Subscription(this, 'Email', { topic: this.topic, protocol: sns.SubscriptionProtocol.EMAIL, endpoint: props.alarmEmail });
    }
    if (!props.encryptionKey) {
      // CloudWatch can't use the key that AWS manages for SNS, and one more of our own would cost more than all of its alarms.
      const plain = 'names, thresholds and values of CloudFront\'s and the firewall\'s alarms pass through it, and what the account costs: no data of users; '
        + 'SNS keeps them on encrypted disks, and the deployment\'s key is in another region';
      acknowledge(this.topic, { ...inPacks('SNSEncryptedKMS', plain) });
    }
  }
}
