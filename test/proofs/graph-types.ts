import type { Value } from '../../scripts/template/template';

export interface TaskDefinition {
  readonly ContainerDefinitions?: {
    readonly Name?: string;
    readonly PortMappings?: { readonly ContainerPort?: number }[];
    readonly Secrets?: { readonly Name?: string; readonly ValueFrom?: Value }[];
    readonly Environment?: { readonly Name?: string; readonly Value?: Value }[];
    readonly EnvironmentFiles?: { readonly Value?: Value }[];
    readonly LogConfiguration?: { readonly LogDriver?: string; readonly Options?: Record<string, Value> };
  }[];
  readonly ExecutionRoleArn?: Value;
  readonly NetworkMode?: string;
}

export const TASK_DEFINITION = 'AWS::ECS::TaskDefinition';

export interface DatabaseCluster {
  readonly Port?: Value;
  readonly DatabaseName?: Value;
  readonly DBSubnetGroupName?: Value;
  readonly EnableCloudwatchLogsExports?: string[];
  readonly ServerlessV2ScalingConfiguration?: { readonly MinCapacity?: Value; readonly MaxCapacity?: Value; readonly SecondsUntilAutoPause?: Value };
}

export interface DatabaseInstance {
  readonly DBClusterIdentifier?: Value;
  readonly DBInstanceClass?: string;
  readonly AvailabilityZone?: Value;
}

export const CLUSTER = 'AWS::RDS::DBCluster';
