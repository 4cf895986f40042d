import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledge } from '../private/acknowledge';
import { ManagedPolicyRole } from '../private/managed-policy-role';

const LOGIN = 'ecr:GetAuthorizationToken';

/** To log in to ECR, the one thing that an execution role needs on no resource in particular. */
export class EcrLogin extends Construct {
  public readonly policy: iam.ManagedPolicy;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.policy = new iam.ManagedPolicy(this, 'Policy', {
      statements: [new iam.PolicyStatement({ actions: [LOGIN], resources: ['*'] })],
    });
    acknowledge(this.policy, {
      'AwsSolutions-IAM5[Resource::*]': 'ecr:GetAuthorizationToken, all that this policy allows, has no resource-level permission',
    });
  }
}

/** What ECS starts tasks with. Every grant of an image repeats the login; both services' roles have it from one policy. */
export class ExecutionRole extends ManagedPolicyRole {
  constructor(scope: Construct, id: string, roleName: string, private readonly login: EcrLogin) {
    super(scope, id, {
      roleName,
      assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com'),
      managedPolicies: [login.policy],
    });
  }

  public override addToPrincipalPolicy(statement: iam.PolicyStatement): iam.AddToPrincipalPolicyResult {
    return statement.actions.every(action => action === LOGIN)
      ? { statementAdded: true, policyDependable: this.login.policy }
      : super.addToPrincipalPolicy(statement);
  }
}
