import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { EndpointPolicies, type EndpointPolicy } from './endpoint-policies';
import type { Network } from './network';
import { factsOf } from '../private/region-facts';
import { isKnown } from '../private/validation';

export interface EndpointsProps {
  readonly network: Network;
  /** The number of the network's zones that have interface endpoints: none where tasks reach AWS through public addresses. */
  readonly zones: number;
  /** The repositories that the images of the services come from, besides those of the account. */
  readonly repositoryArns: string[];
  /** Whether a service has ECS Exec on. */
  readonly enableExecuteCommand: boolean;
  /** Whether a service has a secret from the Parameter Store. */
  readonly usesParameterStore: boolean;
}

/** The ways from the private subnets to AWS: one for each feature in use, and no other. */
export class Endpoints extends Construct {
  /** Of the interface endpoints; undefined where there are none. */
  private readonly securityGroup?: ec2.SecurityGroup;

  constructor(scope: Construct, id: string, props: EndpointsProps) {
    super(scope, id);
    const { vpc, privateSubnets } = props.network;
    const policies = new EndpointPolicies(this, props.repositoryArns);
    this.addS3(props.network, policies.storage);
    if (props.zones === 0) {
      return;
    }
    this.securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: 'Interface endpoints: HTTPS from the API and the CMS',
      allowAllOutbound: false,
    });
    const { InterfaceVpcEndpointAwsService: services } = ec2;
    const { region } = Stack.of(this);
    const wanted: Record<string, { readonly service: ec2.InterfaceVpcEndpointAwsService; readonly policy: EndpointPolicy }> = {
      EcrApi: { service: services.ECR, policy: policies.registry },
      EcrDocker: { service: services.ECR_DOCKER, policy: policies.images },
      Logs: { service: services.CLOUDWATCH_LOGS, policy: policies.ownAccount },
      SecretsManager: { service: services.SECRETS_MANAGER, policy: policies.ownAccount },
    };
    if (props.usesParameterStore) {
      wanted.Ssm = { service: services.SSM, policy: policies.ownAccount };
    }
    if (props.enableExecuteCommand) {
      wanted.SsmMessages = { service: services.SSM_MESSAGES, policy: policies.ownAccount };
    }
    if (isKnown(region) && factsOf(region).needsEcsEndpoints) {
      Object.assign(wanted, {
        Ecs: { service: services.ECS, policy: policies.tasks },
        EcsAgent: { service: services.ECS_AGENT, policy: policies.tasks },
        EcsTelemetry: { service: services.ECS_TELEMETRY, policy: policies.tasks },
      });
    }
    for (const [name, { service, policy }] of Object.entries(wanted)) {
      const endpoint = new ec2.InterfaceVpcEndpoint(this, name, {
        vpc,
        service,
        subnets: { subnets: privateSubnets.subnets!.slice(0, props.zones) },
        securityGroups: [this.securityGroup],
        open: false,
      });
      policy.forEach(statement => endpoint.addToPolicy(statement));
    }
  }

  /** Opens the endpoints to a service. */
  public allowFrom(peer: ec2.ISecurityGroup): void {
    this.securityGroup?.addIngressRule(peer, ec2.Port.HTTPS);
  }

  private addS3({ vpc, privateSubnets, apiSubnets, cmsSubnets }: Network, policy: EndpointPolicy): void {
    const endpoint = new ec2.GatewayVpcEndpoint(this, 'S3', {
      vpc,
      service: ec2.GatewayVpcEndpointAwsService.S3,
      subnets: [...new Set([privateSubnets, apiSubnets, cmsSubnets])],
    });
    policy.forEach(statement => endpoint.addToPolicy(statement));
  }
}
