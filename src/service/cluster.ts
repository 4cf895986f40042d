import * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Network } from '../network/network';
import { acknowledge } from '../private/acknowledge';
import type { PhysicalNames } from '../private/names';

export interface ClusterProps {
  readonly names: PhysicalNames;
  readonly network: Network;
  readonly containerInsights: boolean;
  readonly encryptionKey: kms.IKey;
}

/** The ECS cluster, with Container Insights or without. */
export class Cluster extends Construct {
  public readonly cluster: ecs.Cluster;

  constructor(scope: Construct, id: string, props: ClusterProps) {
    super(scope, id);
    this.cluster = new ecs.Cluster(this, 'Resource', {
      clusterName: props.names.cluster,
      vpc: props.network.vpc,
      containerInsightsV2: props.containerInsights ? ecs.ContainerInsights.ENABLED : ecs.ContainerInsights.DISABLED,
    });
    const cluster = this.cluster.node.defaultChild as ecs.CfnCluster;
    // On the cluster itself rather than in an association of its own, which services would have to wait for; both, as a
    // service that began with a launch type could never change to a capacity provider without being replaced.
    cluster.capacityProviders = ['FARGATE', 'FARGATE_SPOT'];
    // Made before Container Insights makes it, which would keep it for ever; and there without it, as its last figures come
    // late and would make the group again.
    cluster.node.addDependency(new logs.LogGroup(this, 'Insights', {
      logGroupName: props.names.insightsLogGroup,
      retention: logs.RetentionDays.ONE_DAY,
      encryptionKey: props.encryptionKey,
      removalPolicy: RemovalPolicy.DESTROY,
    }));
    if (!props.containerInsights) {
      acknowledge(this.cluster, {
        'AwsSolutions-ECS4': 'containerInsights is off, a choice with a price: CPU, memory and the number of tasks of each service are measured without it, and have alarms',
      });
    }
  }
}
