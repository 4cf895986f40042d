import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { acknowledge, inPacks } from '../private/acknowledge';

/** How the CMS reaches the internet. Only its subnets are routed; nothing can come in this way. */
export abstract class OkyEgress {
  /** No way out: push messages and voice-over uploads of the CMS fail, the first of them in silence. */
  public static none(): OkyEgress {
    return new NoEgress();
  }

  /** A NAT gateway, or one a zone with `highAvailability`: about 40 USD a month each with its address, and 0.05 USD a GB. */
  public static natGateway(): OkyEgress {
    return new NatGatewayEgress();
  }

  /**
   * A small virtual machine that does the same for about 8 USD a month, its disk and address included. It is replaced, with
   * some minutes without egress, when a deployment finds a newer machine image.
   *
   * @param instanceType the machine; a t4g.nano if it is not given.
   */
  public static natInstance(instanceType?: ec2.InstanceType): OkyEgress {
    return new NatInstanceEgress(instanceType ?? ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.NANO));
  }

  /**
   * What the VPC routes the CMS's subnets to; undefined where there is no way out.
   *
   * @internal
   */
  public abstract _bind(): EgressConfig | undefined;
}

/** A way out, for one VPC. */
export interface EgressConfig {
  readonly provider: ec2.NatProvider;
  /** To be called when the VPC is made. */
  readonly finish: () => void;
}

class NoEgress extends OkyEgress {
  public _bind(): undefined {
    return undefined;
  }
}

class NatGatewayEgress extends OkyEgress {
  public _bind(): EgressConfig {
    return { provider: ec2.NatProvider.gateway(), finish: () => undefined };
  }
}

class NatInstanceEgress extends OkyEgress {
  constructor(private readonly instanceType: ec2.InstanceType) {
    super();
  }

  public _bind(): EgressConfig {
    const provider = ec2.NatProvider.instanceV2({
      instanceType: this.instanceType,
      // The public subnets give no address by themselves.
      associatePublicIpAddress: true,
      machineImage: ec2.MachineImage.latestAmazonLinux2023({ cpuType: this.cpuType() }),
      defaultAllowedTraffic: ec2.NatTrafficDirection.OUTBOUND_ONLY,
    });
    return { provider, finish: () => provider.gatewayInstances.forEach(harden) };
  }

  private cpuType(): ec2.AmazonLinuxCpuType {
    return this.instanceType.architecture === ec2.InstanceArchitecture.ARM_64 ? ec2.AmazonLinuxCpuType.ARM_64 : ec2.AmazonLinuxCpuType.X86_64;
  }
}

/** What the L2 of a NAT instance has no prop for. */
function harden(instance: ec2.Instance): void {
  const resource = instance.node.defaultChild as ec2.CfnInstance;
  resource.metadataOptions = { httpTokens: 'required' };
  resource.blockDeviceMappings = [{ deviceName: '/dev/xvda', ebs: { encrypted: true, volumeSize: 8, volumeType: 'gp3' } }];
  const address = 'a NAT is the way to the internet and needs an address there; it accepts nothing that comes from outside';
  const inVpc = 'it is in the VPC, by a network interface, which the rule does not look at';
  acknowledge(instance, {
    'AwsSolutions-EC28': 'it holds no state and is watched by the routes that need it; detailed metrics would cost half as much as the machine',
    'AwsSolutions-EC29': 'it holds no state, and is replaced whenever a deployment finds a newer image: protected from that it would grow old',
    'HIPAA.Security-EC2InstanceDetailedMonitoringEnabled': 'it holds no state and no data; detailed metrics would cost half as much as the machine',
    ...inPacks('EC2InstanceNoPublicIp', address),
    ...inPacks('EC2InstancesInVPC', inVpc),
  });
}
