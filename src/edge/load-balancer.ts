import { createHash } from 'crypto';
import type * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Duration, Stack, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { ORIGIN_HEADER, type OriginSecret } from './origin-secret';
import type { Network } from '../network/network';
import { acknowledge, inPacks, UNPROTECTED } from '../private/acknowledge';
import { invalid } from '../private/validation';
import type { IOkyService } from '../service/service-options';
import type { LogBucket } from '../storage/log-bucket';

/** The rules of further hosts come after those of the API and the CMS. */
const FIRST_OF_HOSTS = 1_000;

const PREFIX_LIST = 'com.amazonaws.global.cloudfront.origin-facing';

/** The highest number, for the rule that is evaluated last. @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html */
const LAST_PRIORITY = 50_000;

/** A host name and the service that answers to it. */
export interface HostedService {
  readonly host: string;
  readonly service: IOkyService;
}

/** Why the load balancer may write no log. */
const UNLOGGED = 'edge.loadBalancerLogs is false: the log would hold names and ids of users in paths and query strings, which load balancers can\'t leave out';

export interface LoadBalancerProps {
  readonly network: Network;
  /** Internal, for a CloudFront VPC origin. */
  readonly isInternal: boolean;
  readonly cloudFrontPrefixListId?: string;
  readonly certificate: acm.ICertificate;
  /** By priority; the first also gets the requests that have no known host. */
  readonly hosts: HostedService[];
  /** The hosts that can be added. */
  readonly additionalHosts: string[];
  /** Absent where the origin isn't verified. */
  readonly originSecret?: OriginSecret;
  readonly logBucket: LogBucket;
  readonly accessLogs: boolean;
  readonly deletionProtection: boolean;
}

/** The load balancer, which only CloudFront can reach, and only this deployment's distribution gets an answer from. */
export class LoadBalancer extends Construct {
  public readonly loadBalancer: elbv2.ApplicationLoadBalancer;
  public readonly listener: elbv2.ApplicationListener;
  /** The further hosts that were added, with the priorities of their rules. */
  private readonly added = new Map<string, number>();

  constructor(scope: Construct, id: string, private readonly props: LoadBalancerProps) {
    super(scope, id);
    const { network } = props;
    const securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc: network.vpc,
      description: 'Load balancer: HTTPS from CloudFront',
      allowAllOutbound: false,
    });
    // The list counts as 55 of the 60 rules that a group may have: it fits once, for one port.
    const prefixListId = props.cloudFrontPrefixListId ?? this.lookUpPrefixList();
    securityGroup.addIngressRule(ec2.Peer.prefixList(prefixListId), ec2.Port.HTTPS, 'HTTPS from CloudFront');
    this.loadBalancer = new elbv2.ApplicationLoadBalancer(this, 'Resource', {
      vpc: network.vpc,
      vpcSubnets: network.entrySubnets,
      internetFacing: !props.isInternal,
      securityGroup,
      deletionProtection: props.deletionProtection,
      dropInvalidHeaderFields: true,
      desyncMitigationMode: elbv2.DesyncMitigationMode.DEFENSIVE,
      idleTimeout: Duration.minutes(1),
    });
    if (props.accessLogs) {
      this.logAccess(props.logBucket);
    }
    this.listener = this.loadBalancer.addListener('Https', {
      port: 443,
      protocol: elbv2.ApplicationProtocol.HTTPS,
      certificates: [props.certificate],
      sslPolicy: elbv2.SslPolicy.TLS13_12_RES_PQ,
      // The security group says who may come in.
      open: false,
      defaultAction: props.originSecret
        ? elbv2.ListenerAction.fixedResponse(403, { contentType: 'text/plain', messageBody: 'Forbidden' })
        : elbv2.ListenerAction.forward([props.hosts[0].service.targetGroup]),
    });
    const verified = props.originSecret ? [elbv2.ListenerCondition.httpHeader(ORIGIN_HEADER, props.originSecret.accepted)] : [];
    props.hosts.forEach(({ host, service }, index) => this.listener.addAction(service.node.id, {
      priority: (index + 1) * 10,
      conditions: [elbv2.ListenerCondition.hostHeaders([host]), ...verified],
      action: elbv2.ListenerAction.forward([service.targetGroup]),
    }));
    if (verified.length > 0) {
      // After all rules for hosts. Without verification the default action does the same.
      this.listener.addAction('OtherHosts', {
        priority: LAST_PRIORITY,
        conditions: verified,
        action: elbv2.ListenerAction.forward([props.hosts[0].service.targetGroup]),
      });
    }
    const atCloudFront = 'every request comes through CloudFront, which is where the waf option puts the web ACL; one here would inspect the same requests again';
    acknowledge(this.loadBalancer, {
      ...inPacks('ALBWAFEnabled', atCloudFront, ['NIST', 'PCI']),
      ...(!props.accessLogs && {
        'AwsSolutions-ELB2': UNLOGGED,
        ...inPacks('ELBLoggingEnabled', UNLOGGED),
      }),
      ...(!props.deletionProtection && {
        ...inPacks('ELBDeletionProtectionEnabled', UNPROTECTED, ['NIST', 'HIPAA']),
      }),
    });
  }

  /** Sends a further host to a target group; verified like the others. */
  public addHost(host: string, targetGroup: elbv2.IApplicationTargetGroup): void {
    const { additionalHosts, network, originSecret } = this.props;
    if (!additionalHosts.includes(host)) {
      throw invalid('hostName', 'be one of edge.additionalHosts', host, `these are [${additionalHosts.join(', ')}]: add it there, so that it gets a certificate and an alias`);
    }
    if (this.added.has(host)) {
      throw invalid('hostName', 'be added once', host, 'remove one of the calls of addHost');
    }
    this.requireFitting(targetGroup, network);
    // By its name, not by its place: the priorities of two rules can't be exchanged in one deployment.
    const priority = FIRST_OF_HOSTS + parseInt(createHash('sha256').update(host).digest('hex').slice(0, 8), 16) % 10_000;
    if ([...this.added.values()].includes(priority)) {
      throw invalid('hostName', `not share its rule's priority, ${priority}, with another host`, host, 'use another name for one of them');
    }
    this.added.set(host, priority);
    this.listener.addAction(host, {
      priority,
      conditions: [
        elbv2.ListenerCondition.hostHeaders([host]),
        ...(originSecret ? [elbv2.ListenerCondition.httpHeader(ORIGIN_HEADER, originSecret.accepted)] : []),
      ],
      action: elbv2.ListenerAction.forward([targetGroup]),
    });
  }

  /** A group belongs to one load balancer, and is in its VPC. What is imported can't be looked into. */
  private requireFitting(targetGroup: elbv2.IApplicationTargetGroup, { vpc }: Network): void {
    const resource = targetGroup.node.defaultChild;
    if (!(resource instanceof elbv2.CfnTargetGroup)) {
      return;
    }
    const [own, its] = [vpc.vpcId, resource.vpcId].map(id => JSON.stringify(Stack.of(this).resolve(id)));
    if (resource.targetType !== elbv2.TargetType.LAMBDA && its !== own) {
      throw invalid('targetGroup', 'be in the VPC of the backend', targetGroup.node.path, 'create it with vpc: backend.vpc');
    }
    const other = loadBalancerOf(targetGroup);
    if (other !== undefined && other !== this.loadBalancer.loadBalancerFullName) {
      throw invalid('targetGroup', 'belong to no other load balancer', targetGroup.node.path, 'create a target group for this host');
    }
  }

  private lookUpPrefixList(): string {
    if (Token.isUnresolved(Stack.of(this).region) || Token.isUnresolved(Stack.of(this).account)) {
      throw invalid('network.cloudFrontPrefixListId', 'be given in an env-agnostic stack, where it can\'t be looked up', undefined,
        `give the stack an env with account and region, or the id that this prints: aws ec2 describe-managed-prefix-lists --filters Name=prefix-list-name,Values=${PREFIX_LIST}`);
    }
    return ec2.PrefixList.fromLookup(this, 'CloudFront', { prefixListName: PREFIX_LIST }).prefixListId;
  }

  /**
   * By attributes and a policy of our own: the L2's way needs to know the region. When the attributes are set, the load balancer
   * writes a test file, and the deployment fails if it may not. So the statement is the one that AWS documents, without conditions:
   * it is not documented that the load balancer says on whose behalf it comes.
   *
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html#attach-bucket-policy
   */
  private logAccess(logBucket: LogBucket): void {
    const prefix = 'load-balancer';
    const policy = logBucket.allowDelivery({
      principal: 'logdelivery.elasticloadbalancing.amazonaws.com',
      path: `${prefix}/AWSLogs/${Stack.of(this).account}`,
    });
    this.loadBalancer.setAttribute('access_logs.s3.enabled', 'true');
    this.loadBalancer.setAttribute('access_logs.s3.bucket', logBucket.bucket.bucketName);
    this.loadBalancer.setAttribute('access_logs.s3.prefix', prefix);
    this.loadBalancer.node.defaultChild!.node.addDependency(policy);
  }
}

/** The full name of the load balancer that a target group has listeners of; undefined where it has none yet. */
function loadBalancerOf(targetGroup: elbv2.IApplicationTargetGroup): string | undefined {
  try {
    return (targetGroup as elbv2.ApplicationTargetGroup).firstLoadBalancerFullName;
  } catch {
    return undefined;
  }
}
