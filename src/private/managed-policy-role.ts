import * as iam from 'aws-cdk-lib/aws-iam';

/**
 * A role whose grants go to one customer-managed policy rather than to inline ones: it can be read, versioned and
 * reviewed by itself. Whatever grants to the role, a consumer's `bucket.grantRead(taskRole)` too, arrives here.
 */
export class ManagedPolicyRole extends iam.Role {
  private policy?: iam.ManagedPolicy;

  public override addToPrincipalPolicy(statement: iam.PolicyStatement): iam.AddToPrincipalPolicyResult {
    // Made with the first statement, as an empty policy is refused. The policy names the role and not the other
    // way round, so that a grant on something that itself needs the role makes no cycle.
    this.policy ??= new iam.ManagedPolicy(this, 'Policy', { roles: [this], document: new iam.PolicyDocument({ minimize: true }) });
    this.policy.addStatements(statement);
    return { statementAdded: true, policyDependable: this.policy };
  }
}
