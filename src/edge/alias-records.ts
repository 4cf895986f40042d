import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';

/** Alias records in the hosted zone for one host, IPv4 and IPv6. */
export class AliasRecords extends Construct {
  constructor(scope: Construct, id: string, zone: route53.IHostedZone, host: string, distribution: IDistribution) {
    super(scope, id);
    const target = route53.RecordTarget.fromAlias(new CloudFrontTarget(distribution));
    // The trailing dot says that the name is whole, also where the zone's name is known at deployment only.
    new route53.ARecord(this, 'A', { zone, recordName: `${host}.`, target });
    new route53.AaaaRecord(this, 'Aaaa', { zone, recordName: `${host}.`, target });
  }
}
