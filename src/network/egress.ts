import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Fn } from 'aws-cdk-lib/core';
import { acknowledge, inPacks } from '../private/acknowledge';

/** How the services reach the internet. No choice accepts connections from the internet: they come through the load balancer only. */
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
   * An EC2 instance that does the same for about 8 USD a month, with its disk and its address. A deployment that finds a newer
   * machine image replaces it: the route changes when the new instance works. If the new instance can't be set up within 15
   * minutes, the deployment fails and is rolled back.
   *
   * @param instanceType the machine; a t4g.nano if it is not given.
   */
  public static natInstance(instanceType?: ec2.InstanceType): OkyEgress {
    return new NatInstanceEgress(instanceType ?? ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.NANO));
  }

  /**
   * Public IPv4 addresses for the tasks of both services, at 3.65 USD a month for each task. The tasks move to the public subnets.
   * They need no NAT and no interface endpoints, so this is the cheapest way to send push messages: a deployment costs about
   * 57 USD a month less than with endpoints in two zones. Only the load balancer can connect to the tasks, as before.
   *
   * You give up one layer of protection: the API, too, can open connections to any address on port 443, so stolen code could
   * send data out. AWS Security Hub reports it as ECS.2. You can switch it on and off at any time; nothing is replaced.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html
   * @see https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-2
   */
  public static publicIp(): OkyEgress {
    return new PublicIpEgress();
  }

  /**
   * The resources that give internet access; undefined where there is none.
   *
   * @internal
   */
  public abstract _bind(): EgressConfig | undefined;
}

/** Internet access, for one VPC. */
export interface EgressConfig {
  /** The NAT that the CMS's subnets are routed to. */
  readonly nat?: {
    readonly provider: ec2.NatProvider;
    /** To be called when the VPC exists, with the subnets that are routed to it. */
    readonly finish: (subnets: ec2.ISubnet[]) => void;
  };
  /** Whether the tasks are in the public subnets, with public addresses. */
  readonly assignPublicIp: boolean;
}

class NoEgress extends OkyEgress {
  public _bind(): undefined {
    return undefined;
  }
}

class PublicIpEgress extends OkyEgress {
  public _bind(): EgressConfig {
    return { assignPublicIp: true };
  }
}

class NatGatewayEgress extends OkyEgress {
  public _bind(): EgressConfig {
    return { nat: { provider: ec2.NatProvider.gateway(), finish: () => undefined }, assignPublicIp: false };
  }
}

/** How often and how long, in seconds, an instance waits for what else uses the package manager at boot. */
const INSTALL_ATTEMPTS = 20;
const INSTALL_PAUSE = 15;

class NatInstanceEgress extends OkyEgress {
  constructor(private readonly instanceType: ec2.InstanceType) {
    super();
  }

  public _bind(): EgressConfig {
    const provider = ec2.NatProvider.instanceV2({
      instanceType: this.instanceType,
      // The public subnets assign no address.
      associatePublicIpAddress: true,
      machineImage: ec2.MachineImage.latestAmazonLinux2023({ cpuType: this.cpuType() }),
      defaultAllowedTraffic: ec2.NatTrafficDirection.OUTBOUND_ONLY,
    });
    const finish = (subnets: ec2.ISubnet[]) => {
      // A NAT instance must accept what it forwards: https://docs.aws.amazon.com/vpc/latest/userguide/work-with-nat-instances.html
      subnets.forEach(({ ipv4CidrBlock }) => provider.connections.allowFrom(ec2.Peer.ipv4(ipv4CidrBlock), ec2.Port.HTTPS, 'HTTPS that the CMS sends to the internet'));
      provider.gatewayInstances.forEach(instance => {
        configure(instance);
        harden(instance);
      });
    };
    return { nat: { provider, finish }, assignPublicIp: false };
  }

  private cpuType(): ec2.AmazonLinuxCpuType {
    return this.instanceType.architecture === ec2.InstanceArchitecture.ARM_64 ? ec2.AmazonLinuxCpuType.ARM_64 : ec2.AmazonLinuxCpuType.X86_64;
  }
}

/**
 * Makes a router of the instance. CDK's own script installs a package once: on 512 MiB of memory the installation can be
 * killed, and it can lose a race for the package manager; then nothing is routed, and nobody is told. This one has swap, tries
 * again, and CloudFormation waits for its result: a deployment whose NAT instance does not work fails.
 *
 * @see https://github.com/aws/aws-cdk/issues/36717
 * @see https://github.com/amazonlinux/amazon-linux-2023/issues/404
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-signal.html
 */
function configure(instance: ec2.Instance): void {
  const resource = instance.node.defaultChild as ec2.CfnInstance;
  const userData = ec2.UserData.forLinux();
  userData.addSignalOnExitCommand(instance);
  userData.addCommands(
    'set -euo pipefail',
    'dd if=/dev/zero of=/swapfile bs=1M count=512',
    'chmod 600 /swapfile',
    'mkswap /swapfile',
    'swapon /swapfile',
    'attempts=0',
    'until dnf install -y iptables-services; do',
    '  attempts=$((attempts + 1))',
    `  [ "$attempts" -lt ${INSTALL_ATTEMPTS} ]`,
    `  sleep ${INSTALL_PAUSE}`,
    'done',
    'interface=$(ip route show default | awk \'{ print $5; exit }\')',
    // In files, so that a restart finds both.
    'printf \'*nat\\n-A POSTROUTING -o %s -j MASQUERADE\\nCOMMIT\\n\' "$interface" > /etc/sysconfig/iptables',
    'echo net.ipv4.ip_forward=1 > /etc/sysctl.d/90-nat.conf',
    'sysctl -p /etc/sysctl.d/90-nat.conf',
    'systemctl enable --now iptables',
    'iptables -t nat -C POSTROUTING -o "$interface" -j MASQUERADE',
  );
  resource.userData = Fn.base64(userData.render());
  resource.cfnOptions.creationPolicy = { resourceSignal: { count: 1, timeout: 'PT15M' } };
}

/** What the L2 of a NAT instance has no prop for. */
function harden(instance: ec2.Instance): void {
  const resource = instance.node.defaultChild as ec2.CfnInstance;
  resource.metadataOptions = { httpTokens: 'required' };
  resource.blockDeviceMappings = [{ deviceName: '/dev/xvda', ebs: { encrypted: true, volumeSize: 8, volumeType: 'gp3' } }];
  const address = 'a NAT instance reaches the internet by its public address; its security group accepts HTTPS from the subnets of the CMS and nothing else';
  const inVpc = 'it is in the VPC, by a network interface, which the rule does not look at';
  acknowledge(instance, {
    'AwsSolutions-EC28': 'it holds no state and is watched by the routes that need it; detailed metrics would cost half as much as the machine',
    'AwsSolutions-EC29': 'it holds no state, and is replaced whenever a deployment finds a newer image: protected from that it would grow old',
    'HIPAA.Security-EC2InstanceDetailedMonitoringEnabled': 'it holds no state and no data; detailed metrics would cost half as much as the machine',
    ...inPacks('EC2InstanceNoPublicIp', address),
    ...inPacks('EC2InstancesInVPC', inVpc),
  });
}
