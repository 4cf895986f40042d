import * as budgets from 'aws-cdk-lib/aws-budgets';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/** In per cent of the budget: what was spent, and what the month is forecast to come to. */
const NOTIFICATIONS = [['ACTUAL', 80], ['ACTUAL', 100], ['FORECASTED', 100]] as const;

/**
 * A budget for the whole account, made in us-east-1 whatever the deployment's region: CloudFormation does not know budgets
 * in all the others.
 *
 * @see https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2177
 * @see https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/365
 */
export function makeBudget(scope: Construct, monthlyBudgetUsd: number, topic: sns.ITopic): void {
  const budget = new budgets.CfnBudget(scope, 'Budget', {
    budget: {
      // Without a name: other notifications replace the budget, and the new one is made while the old one exists.
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      budgetLimit: { amount: monthlyBudgetUsd, unit: 'USD' },
    },
    notificationsWithSubscribers: NOTIFICATIONS.map(([notificationType, threshold]) => ({
      notification: { notificationType, threshold, thresholdType: 'PERCENTAGE', comparisonOperator: 'GREATER_THAN' },
      subscribers: [{ subscriptionType: 'SNS', address: topic.topicArn }],
    })),
  });
  // AWS Budgets must be allowed to, before; an own topic has a policy already.
  const policy = topic.node.tryFindChild('Policy');
  if (policy) {
    budget.node.addDependency(policy);
  }
}
