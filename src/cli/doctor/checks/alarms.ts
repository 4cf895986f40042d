import type { Check } from '../check';
import { forEach } from '../check';
import { finding } from '../findings';
import { at } from '../template';

interface Subscriptions {
  readonly Subscriptions?: { readonly SubscriptionArn: string; readonly Protocol: string; readonly Endpoint: string }[];
}

/** AWS sends to an address only after whoever reads its mail has agreed. */
export const alarmEmail: Check = {
  name: 'addresses of the alarms',
  run: async ({ aws, deployment }) => forEach(deployment.resources('AWS::SNS::Subscription'), async ({ stack, Properties }) => {
    const [protocol, address, topic] = ['Protocol', 'Endpoint', 'TopicArn'].map(name => deployment.textOf(stack, at(Properties, name)));
    // Without a topic the stack is not deployed yet.
    if (protocol !== 'email' || address === undefined || topic === undefined) {
      return [];
    }
    const region = deployment.regionOf(stack);
    const { Subscriptions = [] } = await aws.call<Subscriptions>('sns', 'list-subscriptions-by-topic', ['--topic-arn', topic], region);
    const own = Subscriptions.filter(({ Protocol, Endpoint }) => Protocol === protocol && Endpoint === address);
    if (own.some(({ SubscriptionArn }) => SubscriptionArn.startsWith('arn:'))) {
      return [];
    }
    return [finding('alarm-email', `${address} ${own.length > 0 ? 'has not confirmed that it wants' : 'does not get'} the alarms of ${region}`,
      aws.command(['sns', 'subscribe', '--topic-arn', topic, '--protocol', 'email', '--notification-endpoint', address], region),
      'follow the link in the mail "AWS Notification - Subscription Confirmation"; this sends it again')];
  }),
};
