import { parseArgs } from 'util';
import { readAssembly, UnusableCall } from './assembly';
import { Aws, runAws } from './aws';
import { regionOf } from './checks/credentials';
import { dnsOf } from './dns';
import { progressLine, reportOf, textOf } from './report';
import { diagnose } from './run';

const USAGE = `Usage: npx cdk synth --quiet && npx cdk-oky-backend doctor [options]

Looks for what would keep the deployment in the cloud assembly from being made, or from working: in the account, and in
the domain name system. It reads only, with the AWS command line, and changes nothing.

  --app <folder>         the cloud assembly that cdk synth wrote (default: cdk.out)
  --stack <name>         the stack with the backend, if there are several
  --region <region>      where an app that leaves it open is deployed
  --profile <profile>    the profile of the AWS command line
  --dns-server <address> the name server to ask, such as 1.1.1.1 (default: the system's)
  --json                 print the findings as JSON
  --help                 print this

Exit code: 0 without findings, 1 with findings, 2 if the call can't be answered. What could not be looked at is not a finding.`;

const OPTIONS = {
  'app': { type: 'string', default: 'cdk.out' },
  'stack': { type: 'string' },
  'region': { type: 'string' },
  'profile': { type: 'string' },
  'dns-server': { type: 'string' },
  'json': { type: 'boolean', default: false },
  'help': { type: 'boolean', default: false },
} as const;

/** The command `doctor`; gives the exit code. */
export async function doctor(args: readonly string[]): Promise<number> {
  try {
    const { values } = parse(args);
    if (values.help) {
      console.log(USAGE);
      return 0;
    }
    const assembled = readAssembly(values.app, values.stack);
    const region = regionOf(assembled, values.region, process.env);
    const patient = { assembled, region, aws: new Aws(runAws(process.env), values.profile), dns: nameServer(values['dns-server']) };
    // What a person waits for is beside what a program reads.
    console.error(`${assembled.main.path} in ${region}, from ${values.app}`);
    const report = reportOf(await diagnose(patient, outcome => console.error(progressLine(outcome))));
    console.log(values.json ? JSON.stringify(report, undefined, 2) : `\n${textOf(report)}`);
    return report.findings.length === 0 && report.stoppedAfter === undefined ? 0 : 1;
  } catch (error) {
    if (!(error instanceof UnusableCall)) {
      throw error;
    }
    console.error(`doctor: ${error.message}`);
    return 2;
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS });
  } catch (error) {
    throw new UnusableCall(`${(error as Error).message}\n\n${USAGE}`);
  }
}

function nameServer(address: string | undefined) {
  try {
    return dnsOf(address);
  } catch {
    throw new UnusableCall(`--dns-server must be the IP address of a name server, got: ${address}`);
  }
}
