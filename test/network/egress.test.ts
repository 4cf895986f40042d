import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { Match } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { OkyEgress } from '../../src';
import { templateOf } from '../helpers';

const instance = (overrides: Parameters<typeof templateOf>[0] = {}) => templateOf(stack => ({
  ...(typeof overrides === 'function' ? overrides(stack) : overrides), network: { egress: OkyEgress.natInstance() },
}));

/** The script of each instance, by the logical id of the instance. */
const scripts = (template: ReturnType<typeof instance>) => Object.fromEntries(Object.entries(template.findResources('AWS::EC2::Instance'))
  .map(([id, { Properties }]) => [id, Properties.UserData['Fn::Base64'] as string]));

/** Commands of the operating system that only note how they are called. */
const NOTED = ['chmod', 'dd', 'mkswap', 'swapon', 'sleep', 'sysctl', 'systemctl', 'iptables'];

/** Runs a script on this machine, with its files in a folder and with commands that stand in for Amazon Linux's. */
function boot(script: string, failures: number) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'nat-'));
  const calls = path.join(folder, 'calls');
  const command = (file: string, body: string) => fs.writeFileSync(path.join(folder, file), `#!/bin/bash\necho "$(basename "$0") $*" >> ${calls}\n${body}\n`, { mode: 0o755 });
  ['etc/sysconfig', 'etc/sysctl.d', 'opt/aws/bin', 'bin'].forEach(each => fs.mkdirSync(path.join(folder, each), { recursive: true }));
  NOTED.forEach(each => command(`bin/${each}`, ''));
  command('bin/dnf', `[ "$(grep -c '^dnf ' ${calls})" -gt ${failures} ]`);
  command('bin/ip', 'echo "default via 10.0.0.1 dev ens5 proto dhcp src 10.0.0.7 metric 512"');
  command('opt/aws/bin/cfn-signal', '');
  const here = script.replace(/(\/etc\/|\/swapfile|\/opt\/aws\/bin\/)/g, `${folder}$1`);
  const { status } = spawnSync('bash', ['-c', here], { env: { PATH: `${path.join(folder, 'bin')}:${process.env.PATH}` } });
  const read = (file: string) => fs.existsSync(path.join(folder, file)) ? fs.readFileSync(path.join(folder, file), 'utf8') : undefined;
  const found = { status, calls: read('calls')!.trim().split('\n'), rules: read('etc/sysconfig/iptables'), forwarding: read('etc/sysctl.d/90-nat.conf') };
  fs.rmSync(folder, { recursive: true });
  return found;
}

describe('a NAT instance', () => {
  const template = instance();

  test('accepts HTTPS from the subnets of the CMS, which is what it forwards, and nothing else', () => {
    const subnets = Object.values(template.findResources('AWS::EC2::Subnet', { Properties: { Tags: Match.arrayWith([{ Key: 'aws-cdk:subnet-name', Value: 'Cms' }]) } }));
    expect(subnets).toHaveLength(2);
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'Security Group for NAT instances',
      SecurityGroupIngress: subnets.map(({ Properties }) => ({
        CidrIp: Properties.CidrBlock, IpProtocol: 'tcp', FromPort: 443, ToPort: 443, Description: 'HTTPS that the CMS sends to the internet',
      })),
    });
  });

  test('lets the deployment wait until it works', () => {
    template.hasResource('AWS::EC2::Instance', { CreationPolicy: { ResourceSignal: { Count: 1, Timeout: 'PT15M' } } });
  });

  test('tells of itself and of no other, with one in each zone', () => {
    const found = scripts(instance({ highAvailability: true }));
    expect(Object.keys(found)).toHaveLength(2);
    for (const [id, script] of Object.entries(found)) {
      expect([...script.matchAll(/--resource (\w+)/g)].map(([, resource]) => resource)).toEqual([id]);
    }
  });

  test('takes the machine image of its processor', () => {
    const x86 = templateOf({ network: { egress: OkyEgress.natInstance(ec2.InstanceType.of(ec2.InstanceClass.T3, ec2.InstanceSize.NANO)) } });
    expect(JSON.stringify(x86.toJSON().Parameters)).toContain('al2023-ami-kernel-6.1-x86_64');
    expect(JSON.stringify(template.toJSON().Parameters)).toContain('al2023-ami-kernel-6.1-arm64');
  });

  describe('when it boots', () => {
    const [[id, script]] = Object.entries(scripts(template));
    const signal = (code: number) => `cfn-signal --stack Oky --resource ${id} --region eu-west-2 -e ${code}`;

    test.each([[0], [1], [19]])('routes after %d installations that failed, with swap before the first one', failures => {
      const { status, calls, rules, forwarding } = boot(script, failures);
      expect(status).toBe(0);
      expect(calls.filter(call => call.startsWith('dnf'))).toHaveLength(failures + 1);
      expect(calls.findIndex(call => call.startsWith('swapon'))).toBeLessThan(calls.findIndex(call => call.startsWith('dnf')));
      // What iptables-restore reads when the instance starts again.
      expect(rules).toBe('*nat\n-A POSTROUTING -o ens5 -j MASQUERADE\nCOMMIT\n');
      expect(forwarding).toBe('net.ipv4.ip_forward=1\n');
      expect(calls).toContain('systemctl enable --now iptables');
      expect(calls.slice(-2)).toEqual(['iptables -t nat -C POSTROUTING -o ens5 -j MASQUERADE', signal(0)]);
    });

    test('fails the deployment when no installation succeeds', () => {
      const { status, calls } = boot(script, 1000);
      expect(status).not.toBe(0);
      expect(calls.filter(call => call.startsWith('dnf'))).toHaveLength(20);
      expect(calls.at(-1)).toBe(signal(1));
      expect(calls).not.toContain('systemctl enable --now iptables');
    });
  });
});
