import * as resolver from 'aws-cdk-lib/aws-route53resolver';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

export interface DnsFirewallProps {
  readonly vpcId: string;
  /** Names that can be looked up besides AWS's own, with `*.` for all below. */
  readonly allowedDomains: string[];
}

/**
 * Answers only for names on a list. The resolver of a VPC asks any name server in the world, whatever routes and security
 * groups say: a name such as `stolen-data.attacker.example` carries data out.
 *
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall.html
 */
export class DnsFirewall extends Construct {
  constructor(scope: Construct, id: string, { vpcId, allowedDomains }: DnsFirewallProps) {
    super(scope, id);
    const { region } = Stack.of(this);
    const allowed = new resolver.CfnFirewallDomainList(this, 'Allowed', {
      domains: [
        // The endpoints, the buckets and the database, of which nobody else runs a name server; in us-east-1 buckets have no region.
        `*.${region}.amazonaws.com`, `*.${region}.rds.amazonaws.com`, '*.s3.amazonaws.com', '*.compute.internal', '*.ec2.internal',
        ...allowedDomains,
      ],
    });
    const all = new resolver.CfnFirewallDomainList(this, 'All', { domains: ['*'] });
    const rules = new resolver.CfnFirewallRuleGroup(this, 'Rules', {
      firewallRules: [
        // What an allowed name points at is for its owner to say.
        { priority: 100, action: 'ALLOW', firewallDomainListId: allowed.attrId, firewallDomainRedirectionAction: 'TRUST_REDIRECTION_DOMAIN' },
        { priority: 200, action: 'BLOCK', blockResponse: 'NXDOMAIN', firewallDomainListId: all.attrId },
      ],
    });
    // The least priority that AWS leaves to customers.
    new resolver.CfnFirewallRuleGroupAssociation(this, 'Association', { vpcId, firewallRuleGroupId: rules.attrId, priority: 101 });
  }
}
