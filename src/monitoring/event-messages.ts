import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { runbook, type RunbookSection } from './alarms';
import { ManagedPolicyRole } from '../private/managed-policy-role';
import type { PhysicalNames } from '../private/names';

export interface EventMessagesProps {
  readonly names: PhysicalNames;
  readonly topic: sns.ITopic;
  /** The key of the topic, if it has one. */
  readonly topicKey?: kms.IKey;
  /** Whether Slack reads the topic too, which accepts one form of message only. */
  readonly isReadBySlack: boolean;
}

export interface EventMessage {
  /** What happened, after the name of the deployment. */
  readonly title: string;
  readonly pattern: events.EventPattern;
  /** The event in a sentence, with fields of it. Not the reasons that AWS gives in words: their quotes would break the message. */
  readonly text: string;
  readonly next: string;
  readonly section: RunbookSection;
}

/** A field of the event, in the text of a message. */
export function field(path: string): string {
  return events.EventField.fromPath(`$.${path}`);
}

/**
 * Messages about what happens once and has no metric. EventBridge publishes with a role: its requests to KMS carry none of the keys
 * that a key's policy would tell this account's events by.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
 */
export class EventMessages extends Construct {
  private readonly role: iam.Role;

  constructor(scope: Construct, id: string, private readonly props: EventMessagesProps) {
    super(scope, id);
    this.role = new ManagedPolicyRole(this, 'Role', { assumedBy: new iam.ServicePrincipal('events.amazonaws.com') });
    iam.Grant.addToPrincipal({ grantee: this.role, actions: ['sns:Publish'], resourceArns: [props.topic.topicArn] });
    if (props.topicKey) {
      iam.Grant.addToPrincipal({ grantee: this.role, actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resourceArns: [props.topicKey.keyArn] });
    }
  }

  /** One message for each event. */
  public add(id: string, message: EventMessage): void {
    new events.Rule(this, id, {
      description: `${this.props.names.prefix}: ${message.title}`,
      eventPattern: message.pattern,
      targets: [{ bind: () => ({ arn: this.props.topic.topicArn, role: this.role, input: this.input(message) }) }],
    });
  }

  /** Events that come in hundreds when something is broken: they are counted, and an alarm on the count sends one message. */
  public count(id: string, description: string, eventPattern: events.EventPattern): string {
    return new events.Rule(this, id, { description: `${this.props.names.prefix}: ${description}`, eventPattern }).ruleName;
  }

  /** @see https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html */
  private input({ title, text, next, section }: EventMessage): events.RuleTargetInput {
    const heading = `Oky ${this.props.names.prefix}: ${title}`;
    const step = `${next} ${runbook(section)}`;
    return this.props.isReadBySlack
      ? events.RuleTargetInput.fromObject({
        version: '1.0',
        source: 'custom',
        content: { textType: 'client-markdown', title: heading, description: text, nextSteps: [step] },
      })
      : events.RuleTargetInput.fromText(`${heading}. ${text} ${step}`);
  }
}
