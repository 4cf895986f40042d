import * as sns from 'aws-cdk-lib/aws-sns';
import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { acknowledge, inPacks } from '../private/acknowledge';
import type { PhysicalNames } from '../private/names';
import { serviceStatement } from '../private/service-statement';

export interface AlarmTopicProps {
  readonly names: PhysicalNames;
  readonly alarmEmail?: string;
  /** Whether a budget publishes to it too. */
  readonly hearsBudget: boolean;
}

/**
 * The topic that alarms notify. It is not under the key of the deployment: a key that is disabled or deleted stops the database,
 * and would silence the alarms about it at the same time.
 *
 * CloudWatch publishes to it for the alarms of this region, and so does AWS Budgets. EventBridge publishes with a role.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 * @see https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html
 */
export class AlarmTopic extends Construct {
  public readonly topic: sns.Topic;

  constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    super(scope, id);
    const stack = Stack.of(this);
    this.topic = new sns.Topic(this, 'Resource', {
      topicName: props.names.alarmTopic,
      displayName: `Oky ${props.names.prefix}`,
      enforceSSL: true,
    });
    const alarms = stack.formatArn({ service: 'cloudwatch', resource: 'alarm', resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME });
    const budgets = stack.formatArn({ service: 'budgets', region: '', resource: '*', arnFormat: ArnFormat.NO_RESOURCE_NAME });
    const publishers = [
      { principal: 'cloudwatch.amazonaws.com', sourceArn: alarms },
      ...(props.hearsBudget ? [{ principal: 'budgets.amazonaws.com', sourceArn: budgets }] : []),
    ];
    for (const publisher of publishers) {
      this.topic.addToResourcePolicy(serviceStatement(stack, publisher, ['sns:Publish'], this.topic.topicArn));
    }
    if (props.alarmEmail !== undefined) {
      // Not by the L2, which makes the subscription a child whose id is the address.
      new sns.Subscription(this, 'Email', { topic: this.topic, protocol: sns.SubscriptionProtocol.EMAIL, endpoint: props.alarmEmail });
    }
    const plain = 'names, thresholds and values of alarms pass through it, and what the account costs: no data of users. SNS keeps them on encrypted disks. '
      + 'Under the key of the deployment it would be silent when that key is disabled, which is when it is needed';
    acknowledge(this.topic, { ...inPacks('SNSEncryptedKMS', plain) });
  }
}
