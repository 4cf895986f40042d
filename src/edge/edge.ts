import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import { CfnDeletionPolicy, type Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { type CertificateOptions, makeCertificate } from './certificates';
import type { WafSettings } from './edge-settings';
import { UsEast1Stack, type UsEast1StackOptions } from './us-east-1-stack';
import type { Hosts } from '../private/domains';
import type { PhysicalNames } from '../private/names';
import { isInUsEast1 } from '../private/regions';

export interface EdgeProps {
  readonly names: PhysicalNames;
  readonly hosts: Hosts;
  readonly additionalHosts: string[];
  readonly waf?: WafSettings;
  readonly usEast1Stack: UsEast1StackOptions;
  /** Checked before: what is not given can be made in the hosted zone, or is not needed. */
  readonly certificates: CertificateOptions;
}

/** What the load balancer and the distribution need before they are made: certificates and, if wanted, the web ACL. */
export class Edge extends Construct {
  /** Of the load balancer, in the deployment's region. */
  public readonly certificate: acm.ICertificate;
  /** Of the distribution, in us-east-1. */
  public readonly edgeCertificate: acm.ICertificate;
  public readonly webAclArn?: string;
  /** Whether the web ACL is one made here. */
  public readonly makesWebAcl: boolean;
  /** The stack in us-east-1, where one was needed. */
  public readonly stack?: Stack;

  constructor(scope: Construct, id: string, { names, hosts, additionalHosts, waf, usEast1Stack: options, certificates }: EdgeProps) {
    super(scope, id);
    const allHosts = [hosts.api, hosts.cms, ...additionalHosts];
    const zone = certificates.hostedZone;
    this.certificate = certificates.certificate ?? makeCertificate(this, 'Certificate', allHosts, zone!);
    // In us-east-1 itself one certificate serves both.
    const given = certificates.edgeCertificate ?? (isInUsEast1(this) ? this.certificate : undefined);
    this.webAclArn = waf?.webAclArn;
    this.makesWebAcl = waf !== undefined && this.webAclArn === undefined;
    const usEast1 = this.makesWebAcl || !given ? new UsEast1Stack(this, 'UsEast1', {
      ...options,
      stackName: names.edgeStack,
      description: `${names.prefix}: what CloudFront needs in us-east-1 before the Oky backend is deployed`,
    }) : undefined;
    this.stack = usEast1?.stack;
    if (usEast1 && this.makesWebAcl) {
      // Not loaded where it is not wanted, like src/lazy-modules.ts.
      const { WebAcl } = require('./web-acl') as typeof import('./web-acl'); // eslint-disable-line @typescript-eslint/no-require-imports
      const webAcl = new WebAcl(usEast1.home, 'WebAcl', { names, settings: waf!, cmsHost: hosts.cms });
      this.webAclArn = usEast1.toMain('WebAclArn', webAcl.arn);
    }
    if (usEast1 && !given) {
      const certificate = makeCertificate(usEast1.home, 'Certificate', allHosts, zone!);
      // Other names make another certificate. The stack is updated before the distribution, which still uses the former one then.
      const { cfnOptions } = certificate.node.defaultChild as acm.CfnCertificate;
      cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
      cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
      this.edgeCertificate = acm.Certificate.fromCertificateArn(this, 'EdgeCertificate', usEast1.toMain('CertificateArn', certificate.certificateArn));
    } else {
      this.edgeCertificate = given!;
    }
  }
}
