import { Annotations, Stack, Token } from 'aws-cdk-lib/core';
import type { Construct, IConstruct } from 'constructs';
import { invalid, isKnown } from './validation';

interface Deployment {
  readonly scope: Construct;
  readonly prefix: string;
}

/** The backends of each app, across its stages. */
const DEPLOYMENTS = new WeakMap<IConstruct, Deployment[]>();

/**
 * In an account, each backend has a prefix of its own, in whatever region it is: roles are of the whole account, and the stacks in us-east-1
 * are of one region. A second stack of the same name would replace the certificate and the web ACL of the first, without an error.
 *
 * @see https://github.com/aws/aws-cdk/issues/18493
 */
export function requireOwnPrefix(scope: Construct, prefix: string): void {
  const { root } = scope.node;
  const others = (DEPLOYMENTS.get(root) ?? []).filter(other => isKnown(prefix) && other.prefix === prefix);
  const stack = Stack.of(scope);
  for (const { scope: other } of others) {
    const otherStack = Stack.of(other);
    const areKnown = [stack, otherStack].every(({ account }) => !Token.isUnresolved(account));
    if (stack === otherStack || (areKnown && stack.account === otherStack.account)) {
      throw invalid('namePrefix', `differ from that of ${other.node.path}, which is in the same account`, prefix,
        "roles and the stacks in us-east-1 are named after it; give one of the two another, such as 'oky-staging'");
    }
    if (!areKnown) {
      Annotations.of(scope).addWarningV2('cdk-oky-backend:sharedPrefix',
        `${other.node.path} has the namePrefix '${prefix}' too: if both are deployed to one account, one replaces the certificate and the web ACL of the `
        + "other in us-east-1; give one of the two another namePrefix, such as 'oky-staging', or give their stacks an env with different accounts");
    }
  }
  DEPLOYMENTS.set(root, [...DEPLOYMENTS.get(root) ?? [], { scope, prefix }]);
}
