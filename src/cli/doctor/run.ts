import type { Assembled, Stack } from './assembly';
import { type Aws, AwsError } from './aws';
import type { Check, Context } from './check';
import { defaultVpc, guardDuty, rootUser } from './checks/account';
import { alarmEmail } from './checks/alarms';
import { certificateAuthorities } from './checks/certificate-authorities';
import { certificates } from './checks/certificates';
import { checkCredentials, checkRegion, copyRegions } from './checks/credentials';
import { database } from './checks/database';
import { databaseSupport } from './checks/database-support';
import { hostedZone, hostRecords } from './checks/domain-names';
import { environmentFiles } from './checks/environment-files';
import { githubSubject } from './checks/github';
import { images, repositories } from './checks/images';
import { keys } from './checks/keys';
import { addresses, rules, vcpus, vpcs } from './checks/quotas';
import { serviceLinkedRoles } from './checks/service-linked-roles';
import { bootstrap, readLive, states } from './checks/stacks';
import { endpoints, vpcOrigin, zones } from './checks/zones';
import { Deployment, type Live } from './deployment';
import type { Dns } from './dns';
import type { Finding } from './findings';

/** What is looked at once it is clear who asks, and where. */
export const CHECKS: readonly Check[] = [
  copyRegions, bootstrap, serviceLinkedRoles, states, vpcs, addresses, vcpus, rules, zones, endpoints, vpcOrigin, database, databaseSupport,
  certificates, certificateAuthorities, hostedZone, hostRecords, repositories, images,
  environmentFiles, githubSubject, alarmEmail, keys, rootUser, guardDuty, defaultVpc,
];

/** A check that could not look. */
export interface Unseen {
  readonly check: string;
  readonly reason: string;
  /** The permission that it needs, where that is why. */
  readonly permission?: string;
}

/** How a check ended. */
export interface Outcome {
  readonly check: string;
  readonly findings: readonly Finding[];
  readonly unseen?: Unseen;
}

/** All that was looked at, in the order of the checks. */
export interface Diagnosis {
  readonly outcomes: readonly Outcome[];
  /** Why nothing more was looked at. */
  readonly stoppedAfter?: string;
}

export interface Patient {
  readonly assembled: Assembled;
  readonly region: string;
  readonly aws: Aws;
  readonly dns: Dns;
}

/** Looks at everything, and tells of each check when it has ended. */
export async function diagnose({ assembled, region, aws, dns }: Patient, tell: (outcome: Outcome) => void): Promise<Diagnosis> {
  const look = async (check: string, run: () => Promise<readonly Finding[]>): Promise<Outcome> => {
    const outcome = await outcomeOf(check, run);
    tell(outcome);
    return outcome;
  };
  // Each of these would have all that come after it fail, or say what is not so.
  const place = await checkCredentials(aws, assembled, region);
  const first = [await look('credentials', async () => 'id' in place ? [place] : [])];
  if ('id' in place) {
    return { outcomes: first, stoppedAfter: 'credentials' };
  }
  first.push(await look('region', async () => checkRegion(aws, region)));
  if (first.at(-1)!.findings.length > 0) {
    return { outcomes: first, stoppedAfter: 'region' };
  }
  let live: ReadonlyMap<Stack, Live | undefined> = new Map();
  first.push(await look('what is deployed', async () => {
    live = await readLive(aws, assembled, region);
    return [];
  }));
  if (first.at(-1)!.unseen) {
    return { outcomes: first, stoppedAfter: 'what is deployed' };
  }
  const context: Context = { aws, dns, deployment: new Deployment(assembled, place, live) };
  return { outcomes: [...first, ...await Promise.all(CHECKS.map(async ({ name, run }) => look(name, async () => run(context))))] };
}

async function outcomeOf(check: string, run: () => Promise<readonly Finding[]>): Promise<Outcome> {
  try {
    return { check, findings: await run() };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const permission = error instanceof AwsError ? error.permission : undefined;
    return { check, findings: [], unseen: { check, reason, ...(permission === undefined ? {} : { permission }) } };
  }
}
