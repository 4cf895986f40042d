import { RemovalPolicy } from 'aws-cdk-lib/core';
import { templateOf } from '../helpers';

test.each([
  [undefined, 'Snapshot', 'Snapshot'],
  [RemovalPolicy.RETAIN, 'Retain', 'Retain'],
  [RemovalPolicy.DESTROY, 'Delete', 'Delete'],
])('database.removalPolicy: %s', (removalPolicy, DeletionPolicy, UpdateReplacePolicy) => {
  templateOf({ database: { removalPolicy } }).hasResource('AWS::RDS::DBCluster', { DeletionPolicy, UpdateReplacePolicy });
});
