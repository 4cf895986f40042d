import * as ec2 from 'aws-cdk-lib/aws-ec2';

/** How the CMS reaches the internet. Only its subnets are routed; nothing can come in this way. */
export abstract class OkyEgress {
  /** No way out: push messages and voice-over uploads of the CMS fail, the first of them in silence. */
  public static none(): OkyEgress {
    return new NoEgress();
  }

  /** A NAT gateway, or one a zone with `highAvailability`: about 36 USD a month each, and 0.05 USD a GB. */
  public static natGateway(): OkyEgress {
    return new NatGatewayEgress();
  }

  /**
   * A small virtual machine that does the same for about 7 USD a month, its address included. It is replaced, with
   * some minutes without egress, when a deployment finds a newer machine image.
   *
   * @param instanceType the machine; an ARM one.
   */
  public static natInstance(instanceType?: ec2.InstanceType): OkyEgress {
    return new NatInstanceEgress(instanceType ?? ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.NANO));
  }

  /**
   * What the VPC needs for it; undefined where there is no way out.
   *
   * @internal
   */
  public abstract _natProvider(): ec2.NatProvider | undefined;
}

class NoEgress extends OkyEgress {
  public _natProvider(): undefined {
    return undefined;
  }
}

class NatGatewayEgress extends OkyEgress {
  public _natProvider(): ec2.NatProvider {
    return ec2.NatProvider.gateway();
  }
}

class NatInstanceEgress extends OkyEgress {
  constructor(private readonly instanceType: ec2.InstanceType) {
    super();
  }

  public _natProvider(): ec2.NatProvider {
    return ec2.NatProvider.instanceV2({
      instanceType: this.instanceType,
      // The public subnets give no address by themselves.
      associatePublicIpAddress: true,
      machineImage: ec2.MachineImage.latestAmazonLinux2023({ cpuType: ec2.AmazonLinuxCpuType.ARM_64 }),
      defaultAllowedTraffic: ec2.NatTrafficDirection.OUTBOUND_ONLY,
    });
  }
}
