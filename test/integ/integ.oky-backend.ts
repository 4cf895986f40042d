import { ExpectedResult, IntegTest } from '@aws-cdk/integ-tests-alpha';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { App, Stack } from 'aws-cdk-lib/core';
import { OkyBackend } from '../../src';

/*
 * A whole deployment in a real account, by `npx projen integ deploy --all`: docs/testing.md says how, and what it costs.
 * Without an account the templates are compared with the snapshot, which is made with the values that stand here.
 */
const {
  OKY_INTEG_ACCOUNT: account = '111122223333',
  OKY_INTEG_REGION: region = 'eu-west-2',
  OKY_INTEG_DOMAIN: domainName = 'oky.example.org',
  OKY_INTEG_ZONE_ID: hostedZoneId = 'Z0123456789EXAMPLE01',
  OKY_INTEG_PREFIX_LIST: cloudFrontPrefixListId = 'pl-93a247fa',
} = process.env;

export const app = new App();
const stack = new Stack(app, 'OkyInteg', { env: { account, region } });
const backend = new OkyBackend(stack, 'Oky', {
  domainName,
  namePrefix: 'oky-integ',
  hostedZone: route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId, zoneName: domainName }),
  // A test takes down what it made.
  deletionProtection: false,
  highAvailability: process.env.OKY_INTEG_HIGH_AVAILABILITY === 'true',
  scaling: process.env.OKY_INTEG_SCALING === 'true' ? {} : undefined,
  waf: process.env.OKY_INTEG_WAF === 'true' ? {} : undefined,
  network: { cloudFrontPrefixListId },
});

const integ = new IntegTest(app, 'OkyBackend', {
  testCases: [stack],
  regions: [region],
  diffAssets: true,
});

// Without images there is no task: 503 is the load balancer's answer, and it gives that only to its own distribution.
for (const host of ['api', 'cms']) {
  integ.assertions.httpApiCall(`https://${host}.${domainName}/`).expect(ExpectedResult.objectLike({ status: 503 }));
}
// Who comes past CloudFront is not answered at all: the security group lets nobody else in.
integ.assertions.awsApiCall('ECS', 'describeServices', {
  cluster: backend.cluster.clusterName,
  services: [backend.api.service.serviceName, backend.cms.service.serviceName],
}).expect(ExpectedResult.objectLike({ services: [{ status: 'ACTIVE', desiredCount: 0 }, { status: 'ACTIVE', desiredCount: 0 }] }));
