import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { App, Stack, Stage, type StageProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { OkyBackend } from '../../src';
import { readAssembly } from '../../src/cli/doctor/assembly';
import { regionOf } from '../../src/cli/doctor/checks/credentials';
import { Deployment } from '../../src/cli/doctor/deployment';
import { doctor } from '../../src/cli/doctor/doctor';
import { KINDS } from '../../src/cli/doctor/findings';
import { progressLine, textOf } from '../../src/cli/doctor/report';
import { CHECKS } from '../../src/cli/doctor/run';
import { messageOf } from '../helpers';

const PREFIX_LIST = 'pl-93a247fa';

/** A stack with a backend that leaves its region open. */
function backend(scope: Construct, id: string, namePrefix?: string, backends = ['Oky']): Stack {
  const stack = new Stack(scope, id);
  const hostedZone = HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z0123456789EXAMPLE01', zoneName: 'okyapp.info' });
  backends.forEach((each, index) => new OkyBackend(stack, each, {
    domainName: 'okyapp.info', hostedZone, namePrefix: index === 0 ? namePrefix : `oky-${index}`, network: { cloudFrontPrefixListId: PREFIX_LIST },
  }));
  return stack;
}

describe('of the cloud assembly', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'oky-doctor-'));
  afterAll(() => fs.rmSync(folder, { recursive: true }));

  function assembly(name: string, fill: (app: App) => void): string {
    const app = new App({ outdir: path.join(folder, name) });
    fill(app);
    return app.synth().directory;
  }

  class Production extends Stage {
    constructor(scope: Construct, id: string, props?: StageProps) {
      super(scope, id, props);
      backend(this, 'OkyBackend', 'oky-production');
    }
  }

  const several = assembly('several', app => {
    backend(app, 'OkyBackend');
    new Production(app, 'Production');
    new Stack(app, 'Other');
  });

  test('the deployment is found, with its stacks in us-east-1', () => {
    const { main, companions, outputPrefix } = readAssembly(several, 'OkyBackend');
    expect([main.path, outputPrefix, main.account, main.region]).toEqual(['OkyBackend', 'Oky', undefined, undefined]);
    expect(companions.map(({ name, region }) => [name, region])).toEqual([['project-oky-edge', 'us-east-1']]);
    expect(main.bootstrap).toEqual({ parameter: '/cdk-bootstrap/hnb659fds/version', version: 6 });
  });

  test('one in a stage is named by its path or by its name', () => {
    const { main, companions } = readAssembly(several, 'Production/OkyBackend');
    expect([main.name, ...companions.map(({ name }) => name)]).toEqual(['Production-OkyBackend', 'oky-production-edge']);
    expect(readAssembly(several, 'Production-OkyBackend').main.path).toBe('Production/OkyBackend');
  });

  test('one of several must be named', () => {
    expect(messageOf(() => readAssembly(several))).toBe(`name one of the deployments in ${several} with --stack: OkyBackend, Production/OkyBackend`);
    expect(messageOf(() => readAssembly(several, 'Other')))
      .toBe(`--stack must be one of the deployments in ${several}, OkyBackend, Production/OkyBackend, got: Other`);
  });

  test('two in a stack are refused', () => {
    const two = assembly('two', app => backend(app, 'OkyBackend', undefined, ['Oky', 'Second']));
    expect(messageOf(() => readAssembly(two))).toBe('OkyBackend has more than one OkyBackend in it (Oky, Second): give each a stack of its own');
  });

  test('one that is not there, or without a backend, or without what it looks up, is refused', () => {
    expect(messageOf(() => readAssembly(path.join(folder, 'none')))).toMatch(/^there is no cloud assembly in .*: run npx cdk synth --quiet first/);
    const other = assembly('other', app => new Stack(app, 'Other'));
    expect(messageOf(() => readAssembly(other))).toBe(`no stack in ${other} has an OkyBackend in it: it has Other`);
    fs.writeFileSync(path.join(other, 'manifest.json'), JSON.stringify({ missing: [{ key: 'availability-zones:x' }] }));
    expect(messageOf(() => readAssembly(other))).toMatch(/was made without what it looks up in the account \(availability-zones:x\)/);
  });

  test('the region is that of the app, or what is asked for, or the one of the terminal', () => {
    const open = readAssembly(several, 'OkyBackend');
    expect(regionOf(open, 'eu-west-1', {})).toBe('eu-west-1');
    expect(regionOf(open, undefined, { AWS_DEFAULT_REGION: 'eu-west-3' })).toBe('eu-west-3');
    expect(messageOf(() => regionOf(open, undefined, {}))).toBe('OkyBackend leaves its region open: name it with --region');
    const fixed = { ...open, main: { ...open.main, region: 'eu-west-2' } };
    expect(regionOf(fixed, undefined, { AWS_REGION: 'eu-west-3' })).toBe('eu-west-2');
    expect(messageOf(() => regionOf(fixed, 'eu-west-1', {}))).toBe('--region must be the region of OkyBackend, eu-west-2, or left out, got: eu-west-1');
  });

  test('what is not deployed has no ids, and what is known before has its names', () => {
    const deployment = new Deployment(readAssembly(several, 'OkyBackend'), { account: '111122223333', region: 'eu-west-2', partition: 'aws' }, new Map());
    expect(deployment.hosts).toEqual(['api.okyapp.info', 'cms.okyapp.info']);
    expect(deployment.output('DnsTarget')).toBeUndefined();
    expect(deployment.output('ApiRepositoryUri')).toBe('111122223333.dkr.ecr.eu-west-2.amazonaws.com/project-oky/api');
    expect(deployment.services.map(({ name, runs }) => [name, runs])).toEqual([['api', false], ['cms', false]]);
    expect(deployment.toBeMade('AWS::EC2::VPC')).toHaveLength(1);
  });

  describe('the exit code', () => {
    const call = async (...args: string[]) => {
      const said: string[] = [];
      const { error, log } = console;
      console.error = console.log = text => { said.push(String(text)); };
      try {
        return [await doctor(args), said.join('\n')];
      } finally {
        Object.assign(console, { error, log });
      }
    };

    test('is 2 for a call that can\'t be answered', async () => {
      expect(await call('--app', path.join(folder, 'none'))).toEqual([2, expect.stringMatching(/^doctor: there is no cloud assembly in /)]);
      expect(await call('--quick')).toEqual([2, expect.stringMatching(/^doctor: Unknown option '--quick'.*Usage: npx cdk synth/s)]);
      expect(await call('--app', several, '--stack', 'OkyBackend', '--region', 'eu-west-2', '--dns-server', 'one.one'))
        .toEqual([2, 'doctor: --dns-server must be the IP address of a name server, got: one.one']);
    });

    test('is 0 for a call for help', async () => {
      expect(await call('--help')).toEqual([0, expect.stringContaining('Exit code: 0 without findings')]);
    });
  });
});

describe('the report', () => {
  test('counts what could not be looked at apart, with the permission that it needs', () => {
    const unseen = [{ check: 'GuardDuty', reason: 'no', permission: 'guardduty:ListDetectors' }, { check: 'images', reason: 'no answer within 120 seconds' }];
    expect(textOf({ findings: [], notLookedAt: unseen, inOrder: ['zones'] })).toBe(`? GuardDuty: could not look: it needs the permission guardduty:ListDetectors

? images: could not look: no answer within 120 seconds

0 findings, 1 check in order, 2 could not look`);
    expect(progressLine({ check: 'GuardDuty', findings: [], unseen: unseen[0] })).toBe('? GuardDuty: could not look');
  });

  test('says where it stopped', () => {
    expect(textOf({ findings: [], notLookedAt: [], inOrder: [], stoppedAfter: 'credentials' }))
      .toBe('0 findings, 0 checks in order, 0 could not look\nNothing was looked at after "credentials": mend it, and call again.');
  });
});

describe('the guide', () => {
  const guide = fs.readFileSync(path.join(__dirname, '../../docs/guides/doctor.md'), 'utf8');

  test('has all findings, as the code has them', () => {
    const rows = Object.entries(KINDS).map(([id, { about, why }]) => `| \`${id}\` | ${about} | ${why} |`);
    expect(guide.split('\n').filter(line => /^\| `\w/.test(line))).toEqual(rows);
  });

  test('names each check once', () => {
    const names = CHECKS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
