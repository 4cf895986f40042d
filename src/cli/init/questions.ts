import { requireFree } from './files';
import { priceOf, PROFILES, PROFILES_EXPLAINED } from './profiles';
import { REGIONS, usualZones } from './regions';
import { FALLBACK_REGION } from '../../cost/prices';
import { requireCertificateArn } from '../../edge/certificates';
import { requireAlarmEmail } from '../../monitoring/monitoring-settings';
import { requirePrefixListId } from '../../network/network-settings';
import { githubIdsCommand, requireOperators } from '../../operators/operators-settings';
import { resolveHosts } from '../../private/domains';
import { PhysicalNames } from '../../private/names';
import { REGION_FACTS } from '../../private/region-facts';
import { requireRegion } from '../../private/regions';
import { requirePattern } from '../../private/validation';

/** What is asked, or given by a flag of the same name, in this order: a later question may depend on an earlier answer. */
export const FLAGS = [
  'language', 'folder', 'domain', 'region', 'zones', 'prefix-list-id', 'account', 'hosted-zone-id', 'hosted-zone-name', 'certificate-arn',
  'edge-certificate-arn', 'profile', 'name-prefix', 'alarm-email', 'github-repository', 'github-owner-id', 'github-repository-id',
] as const;
export type Flag = typeof FLAGS[number];
export type Answers = Partial<Record<Flag, string>>;

export interface Question {
  /** As it is asked, and as `--help` has it. */
  readonly text: string;
  readonly example: string;
  /** The closed set of answers, each with what it means. */
  readonly choices?: (answers: Answers) => Record<string, string>;
  /** What to know before choosing. */
  readonly explanation?: string;
  /** What it means to leave it out, where that is an answer. */
  readonly without?: string;
  readonly otherwise?: (answers: Answers) => string | undefined;
  /** Why there is no way without it. */
  readonly needed?: (answers: Answers) => string | undefined;
  /** Whether it is worth asking; given by a flag it counts anyway. @default - always */
  readonly isAsked?: (answers: Answers) => boolean;
  /** Throws what is wrong with an answer: where there is a prop for it, in the words of the library. */
  readonly check?: (answer: string, answers: Answers) => void;
}

/** In the region where it is known already; `--help` comes before any answer. */
function priceText(profile: string, region: string | undefined): string {
  const local = region === undefined ? undefined : priceOf(profile, region);
  return local === undefined ? `about ${priceOf(profile, FALLBACK_REGION)} USD a month in ${FALLBACK_REGION}` : `about ${local} USD a month`;
}

const isInTheTable = (region: string | undefined) => region !== undefined && REGIONS.includes(region);
const hasNoZone = (answers: Answers) => !answers['hosted-zone-id'];
const hasGithubRepository = (answers: Answers) => answers['github-repository'] !== undefined;
const whyGithubIds = (answers: Answers) => hasGithubRepository(answers)
  ? `GitHub's tokens have the ids of the owner and of the repository in them, so look: ${githubIdsCommand(answers['github-repository'])}` : undefined;
const ARN_EXAMPLE = 'certificate/11111111-2222-3333-4444-555555555555';

export const QUESTIONS: Record<Flag, Question> = {
  'language': {
    text: 'Language of the app',
    example: 'python',
    choices: () => ({ typescript: 'checked by its compiler', python: 'the same deployment' }),
    otherwise: () => 'typescript',
  },
  'folder': {
    text: 'Folder to write it to',
    example: 'oky-kenya',
    otherwise: () => '.',
    // Before the other questions, so that nobody answers them in vain.
    check: (folder, { language }) => requireFree(folder, language),
  },
  'domain': {
    text: 'Domain; the hosts are api.<domain> and cms.<domain>',
    example: 'oky.example.org',
    needed: () => 'the hosts are named after it',
    check: domainName => resolveHosts({ domainName }),
  },
  'region': {
    text: 'AWS region',
    example: 'eu-west-2',
    needed: () => 'the data stays there',
    check: region => requireRegion('--region', region),
  },
  'zones': {
    text: 'Two or three of the region\'s availability zones',
    example: 'eu-west-2a,eu-west-2b',
    otherwise: ({ region }) => region && usualZones(region),
    needed: ({ region }) => region && `accounts have different zones there, so look: aws ec2 describe-availability-zones --region ${region}`,
    isAsked: ({ region }) => !isInTheTable(region) || !usualZones(region!),
    check: (zones, { region = '[a-z0-9-]+' }) => {
      requirePattern('--zones', zones, new RegExp(`^${region}[a-z](,${region}[a-z]){1,2}$`), `be two or three zones of ${region}, with commas between them`,
        `use some that this prints: aws ec2 describe-availability-zones --region ${region}`);
      if (new Set(zones.split(',')).size < zones.split(',').length) {
        throw new Error(`--zones must name each zone once, got: '${zones}'; name two or three different ones`);
      }
    },
  },
  'prefix-list-id': {
    text: 'Id of CloudFront\'s prefix list in that region',
    example: 'pl-93a247fa',
    otherwise: ({ region }) => region && REGION_FACTS[region]?.prefixListId,
    needed: ({ region }) => region && 'only CloudFront may reach the load balancer, so look: aws ec2 describe-managed-prefix-lists '
      + `--filters Name=prefix-list-name,Values=com.amazonaws.global.cloudfront.origin-facing --region ${region}`,
    isAsked: ({ region }) => !isInTheTable(region),
    check: requirePrefixListId,
  },
  'account': {
    text: 'AWS account',
    example: '111122223333',
    without: 'that of whoever deploys',
    check: account => requirePattern('--account', account, /^\d{12}$/, 'be the 12 digits of an AWS account', 'find them with: aws sts get-caller-identity'),
  },
  'hosted-zone-id': {
    text: 'Id of the public hosted zone in Route 53, in which certificates and records are made',
    example: 'Z0123456789EXAMPLE01',
    without: 'DNS is elsewhere',
    check: id => requirePattern('--hosted-zone-id', id, /^Z[A-Z0-9]{1,31}$/, 'be the id of a hosted zone, Z and then capital letters and digits',
      'find it with: aws route53 list-hosted-zones'),
  },
  'hosted-zone-name': {
    text: 'Name of that zone: the domain, or one above it',
    example: 'example.org',
    otherwise: answers => hasNoZone(answers) ? undefined : answers.domain,
    isAsked: answers => !hasNoZone(answers),
    check: (name, { domain }) => {
      if (domain !== undefined && domain !== name && !domain.endsWith(`.${name}`)) {
        throw new Error(`--hosted-zone-name must be ${domain} or a domain above it, got: '${name}'; give the name of the zone that holds the domain's records`);
      }
    },
  },
  'certificate-arn': {
    text: 'ARN of a certificate for both hosts in that region, for the load balancer',
    example: `arn:aws:acm:eu-west-2:111122223333:${ARN_EXAMPLE}`,
    needed: answers => hasNoZone(answers) ? 'there is no --hosted-zone-id, in which it would be made' : undefined,
    isAsked: hasNoZone,
    check: (arn, { region = '[a-z0-9-]+' }) => requireCertificateArn('certificate', arn, region),
  },
  'edge-certificate-arn': {
    text: 'ARN of a certificate for both hosts in us-east-1, for CloudFront',
    example: `arn:aws:acm:us-east-1:111122223333:${ARN_EXAMPLE}`,
    needed: answers => hasNoZone(answers) && answers.region !== 'us-east-1' ? 'there is no --hosted-zone-id, in which it would be made' : undefined,
    isAsked: answers => hasNoZone(answers) && answers.region !== 'us-east-1',
    check: arn => requireCertificateArn('edgeCertificate', arn, 'us-east-1'),
  },
  'profile': {
    text: 'Profile: which choices go together',
    example: 'small',
    explanation: PROFILES_EXPLAINED,
    choices: ({ region }) => Object.fromEntries(Object.entries(PROFILES).map(([name, { summary }]) => [name, `${summary} (${priceText(name, region)})`])),
    otherwise: () => 'closed',
  },
  'name-prefix': {
    text: 'Prefix of all names; unique in the account, and it can\'t be changed later',
    example: 'oky-kenya',
    otherwise: () => 'project-oky',
    check: prefix => void new PhysicalNames(prefix),
  },
  'alarm-email': { text: 'E-mail address for alarms; turns monitoring on', example: 'ops@example.org', without: 'nobody hears of them', check: requireAlarmEmail },
  'github-repository': {
    text: 'GitHub repository of this app, for its workflow',
    example: 'oky-kenya/deployment',
    without: 'no workflow',
    check: githubRepository => requireOperators({ githubRepository }),
  },
  'github-owner-id': {
    text: 'Id of the owner of that repository at GitHub',
    example: '1234567',
    needed: whyGithubIds,
    isAsked: hasGithubRepository,
    check: (githubOwnerId, answers) => requireOperators({ githubRepository: answers['github-repository'], githubOwnerId, githubRepositoryId: '1' }),
  },
  'github-repository-id': {
    text: 'Id of that repository at GitHub',
    example: '123456789',
    needed: whyGithubIds,
    isAsked: hasGithubRepository,
    check: (githubRepositoryId, answers) => requireOperators({ githubRepository: answers['github-repository'], githubOwnerId: '1', githubRepositoryId }),
  },
};
