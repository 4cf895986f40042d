import * as logs from 'aws-cdk-lib/aws-logs';
import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { LogBucket } from '../storage/log-bucket';

/**
 * CloudFront's fields but for cookies, which are keys to accounts, and but for what names a person beside her address: the
 * query string (Oky's app sends `user_id` in it), the path (`/account/info/<name>`), and the referrer, which has both of the
 * page before. Those of field-level encryption are always empty here.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html
 */
const FIELDS = [
  'date', 'time', 'x-edge-location', 'sc-bytes', 'c-ip', 'cs-method', 'cs(Host)', 'sc-status', 'cs(User-Agent)',
  'x-edge-result-type', 'x-edge-request-id', 'x-host-header', 'cs-protocol', 'cs-bytes', 'time-taken', 'x-forwarded-for', 'ssl-protocol', 'ssl-cipher',
  'x-edge-response-result-type', 'cs-protocol-version', 'c-port', 'time-to-first-byte', 'x-edge-detailed-result-type', 'sc-content-type', 'sc-content-len',
  'sc-range-start', 'sc-range-end',
];

export interface AccessLogsProps {
  readonly namePrefix: string;
  readonly distributionId: string;
}

/**
 * CloudFront's request log, delivered to a bucket. In us-east-1 only, by way of CloudWatch's deliveries, as the older
 * way needs a bucket with access control lists and fails in newer regions.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html
 */
export class AccessLogs extends Construct {
  constructor(scope: Construct, id: string, props: AccessLogsProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const bucket = new LogBucket(this, 'Bucket', {
      takesBucketLogs: false,
      whyServiceKey: 'the deployment\'s key is in its own region; one more in us-east-1 for a log of requests would be another to keep',
    });
    const policy = bucket.allowDelivery({
      path: 'AWSLogs',
      principal: 'delivery.logs.amazonaws.com',
      sourceArn: stack.formatArn({ service: 'logs', resource: 'delivery-source', resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME }),
      checksBucket: true,
    });
    const source = new logs.CfnDeliverySource(this, 'Source', {
      // A source can't change its distribution, although its schema says that it can: with the distribution in its name,
      // CloudFormation makes another source for another one. https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2513
      name: `${props.namePrefix}-${props.distributionId}`,
      logType: 'ACCESS_LOGS',
      resourceArn: stack.formatArn({ service: 'cloudfront', region: '', resource: 'distribution', resourceName: props.distributionId }),
    });
    const destination = new logs.CfnDeliveryDestination(this, 'Destination', {
      name: `${props.namePrefix}-cloudfront`,
      deliveryDestinationType: 'S3',
      destinationResourceArn: bucket.bucket.bucketArn,
      outputFormat: 'json',
    });
    destination.node.addDependency(policy);
    new logs.CfnDelivery(this, 'Delivery', {
      deliverySourceName: source.ref,
      deliveryDestinationArn: destination.attrArn,
      recordFields: FIELDS,
    });
  }
}
