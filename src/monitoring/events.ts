import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { runbook } from './alarms';
import { ManagedPolicyRole } from '../private/managed-policy-role';
import type { PhysicalNames } from '../private/names';
import type { IOkyService } from '../service/service-options';

export interface EventsProps {
  readonly names: PhysicalNames;
  readonly cluster: ecs.ICluster;
  readonly services: IOkyService[];
  readonly topic: sns.ITopic;
  /** Of the topic. */
  readonly topicKey?: kms.IKey;
  /** Whether the topic is read by Slack too, which takes messages of its own form only. */
  readonly isReadBySlack: boolean;
}

interface Message {
  readonly title: string;
  readonly text: string;
  readonly next: string;
}

/**
 * What happens once and has no metric. EventBridge publishes with a role: its requests to KMS carry none of the keys that
 * a key's policy would tell this account's events by.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
 */
export class Events extends Construct {
  private readonly role: iam.Role;

  constructor(scope: Construct, id: string, private readonly props: EventsProps) {
    super(scope, id);
    this.role = new ManagedPolicyRole(this, 'Role', { assumedBy: new iam.ServicePrincipal('events.amazonaws.com') });
    iam.Grant.addToPrincipal({ grantee: this.role, actions: ['sns:Publish'], resourceArns: [props.topic.topicArn] });
    if (props.topicKey) {
      iam.Grant.addToPrincipal({ grantee: this.role, actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resourceArns: [props.topicKey.keyArn] });
    }
    this.addTaskRule();
    this.addScanRule();
  }

  /**
   * A container that ends by itself. An image of Oky with its own command ends with exit code 0 when it can't reach the database,
   * so none counts as success; what deployments and scaling stop has another stop code.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html
   */
  private addTaskRule(): void {
    // Not the reason in words, whose quotes would break the message.
    const detail = (path: string) => events.EventField.fromPath(`$.detail.${path}`);
    this.add('TaskStopped', `${this.props.names.prefix}: a task stopped by itself, or did not start`, {
      source: ['aws.ecs'],
      detailType: ['ECS Task State Change'],
      detail: {
        clusterArn: [this.props.cluster.clusterArn],
        lastStatus: ['STOPPED'],
        stopCode: ['EssentialContainerExited', 'TaskFailedToStart'],
      },
    }, {
      title: `Oky ${this.props.names.prefix}: a task stopped`,
      text: `A task of ${detail('group')} stopped by itself (${detail('stopCode')}), with exit code ${detail('containers[0].exitCode')}; 0 means failure too. `
        + `ECS starts another one. Task: ${detail('taskArn')}`,
      next: `If it happens again, see why: ${runbook('tasks-stop-or-do-not-start')}`,
    });
  }

  /** @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html */
  private addScanRule(): void {
    const detail = (path: string) => events.EventField.fromPath(`$.detail.${path}`);
    this.add('ImageScanned', `${this.props.names.prefix}: an image has flaws of high or critical severity`, {
      source: ['aws.ecr'],
      detailType: ['ECR Image Scan'],
      detail: {
        'scan-status': ['COMPLETE'],
        'repository-name': this.props.services.map(({ repository }) => repository.repositoryName),
        'finding-severity-counts': { $or: ['CRITICAL', 'HIGH'].map(severity => ({ [severity]: [{ numeric: ['>', 0] }] })) },
      },
    }, {
      title: `Oky ${this.props.names.prefix}: an image has known flaws`,
      text: `The image ${detail('image-tags[0]')} (${detail('image-digest')}) in ${detail('repository-name')} has known flaws. `
        + `Critical: ${detail('finding-severity-counts.CRITICAL')}, high: ${detail('finding-severity-counts.HIGH')}; where no number is shown, there are none.`,
      next: `Before it is released, see which: ${runbook('an-image-has-known-flaws')}`,
    });
  }

  private add(id: string, description: string, eventPattern: events.EventPattern, message: Message): void {
    new events.Rule(this, id, {
      description,
      eventPattern,
      targets: [{ bind: () => ({ arn: this.props.topic.topicArn, role: this.role, input: this.input(message) }) }],
    });
  }

  /** @see https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html */
  private input({ title, text, next }: Message): events.RuleTargetInput {
    return this.props.isReadBySlack
      ? events.RuleTargetInput.fromObject({
        version: '1.0',
        source: 'custom',
        content: { textType: 'client-markdown', title, description: text, nextSteps: [next] },
      })
      : events.RuleTargetInput.fromText(`${title}. ${text} ${next}`);
  }
}
