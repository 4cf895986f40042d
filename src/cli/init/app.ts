import { called, type Choice, importsIn, type Language, propsIn, PYTHON, TYPESCRIPT } from './code';
import { PROFILES } from './profiles';
import type { Answers } from './questions';
import { githubSubjects } from '../../operators/operators-settings';
import { documentsOf } from '../../private/documents';
import { manifest } from '../package';

interface Way {
  readonly language: Language;
  readonly imports: Record<string, readonly string[]>;
  readonly needs: string;
  readonly setUp: string;
  readonly test: string;
  readonly doctor: string;
  readonly upgrade: string;
}

/** What differs between the languages besides the code. */
const WAYS: Record<string, Way> = {
  typescript: {
    language: TYPESCRIPT,
    imports: { 'aws-cdk-lib': ['App', 'Stack'], 'cdk-oky-backend': ['OkyBackend'] },
    needs: 'Node.js 20.16 or later',
    setUp: 'npm install',
    test: 'npm test',
    doctor: 'npx cdk-oky-backend doctor',
    upgrade: '`npm install cdk-oky-backend@latest`',
  },
  python: {
    language: PYTHON,
    imports: { 'aws-cdk-lib': ['App', 'Environment', 'Stack'], 'cdk-oky-backend': ['OkyBackend'] },
    needs: 'Python 3.10 or later, Node.js 20.16 or later',
    setUp: 'python3 -m venv .venv\n. .venv/bin/activate\npip install -r requirements.txt\nnpm install',
    test: 'pytest',
    // It came with the package from PyPI.
    doctor: 'cdk-oky-backend doctor',
    upgrade: 'raise its number in `requirements.txt`, and install',
  },
};

/** What takes the places in the templates. */
export function valuesOf(answers: Answers): Record<string, string> {
  const { language: name, domain, region, account, zones } = answers as Required<Answers>;
  const { language, imports, needs, setUp, test, doctor, upgrade } = WAYS[name];
  const choices = choicesOf(answers);
  const { version, repository, devDependencies } = manifest();
  return {
    DOMAIN: domain,
    REGION: region,
    // Without one the template has none either: it is the same whoever makes it, and is deployed to the account of who deploys.
    ACCOUNT: account === undefined ? '' : `${language.field('account', language.literal(account))}, `,
    IMPORTS: importsIn(language, choices, imports).join('\n'),
    PROPS: propsIn(language, choices).join('\n'),
    ZONES_KEY: account === undefined ? 'aws:cdk:availability-zones:fallback' : `availability-zones:account=${account}:region=${region}`,
    ZONES: zones.split(',').map(zone => `"${zone}"`).join(',\n'),
    BOOTSTRAP: bootstrap(region, account),
    PROFILE: answers.profile!,
    NAME_PREFIX: answers['name-prefix'] ?? 'project-oky',
    NEEDS: needs,
    SET_UP: setUp,
    TEST: test,
    DOCTOR: doctor,
    UPGRADE: upgrade,
    APP: name === 'python' ? 'app.py' : 'app.ts',
    GITHUB_REPOSITORY: answers['github-repository'] ?? '',
    GITHUB_SUBJECTS: githubSubjectsOf(answers).map(subject => `- ${subject}`).join('\n'),
    REPOSITORY: repository.url,
    DOCS: documentsOf({ version, repository }),
    VERSION: version,
    ...versionsOf(devDependencies),
    CDK_NAG_EXACT: devDependencies['cdk-nag'].replace('^', ''),
  };
}

/** The versions that this package is tested with, each by its name in capitals. */
function versionsOf(tested: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(tested).map(([name, range]) => [name.replace(/\W+/g, '_').replace(/^_/, '').toUpperCase(), range]));
}

function bootstrap(region: string, account: string | undefined): string {
  const regions = [...new Set([region, 'us-east-1'])];
  return account === undefined
    ? `account=$(aws sts get-caller-identity --query Account --output text)\nnpx cdk bootstrap ${regions.map(each => `"aws://$account/${each}"`).join(' ')}`
    : `npx cdk bootstrap ${regions.map(each => `aws://${account}/${each}`).join(' ')}`;
}

/** What GitHub's tokens say for a job of the environment that templates/init/…/deploy.yml deploys in. */
function githubSubjectsOf(answers: Answers): string[] {
  const { 'github-repository': repository, 'github-owner-id': githubOwnerId, 'github-repository-id': githubRepositoryId } = answers;
  return repository === undefined ? [] : githubSubjects(repository, { githubOwnerId, githubRepositoryId, githubEnvironment: 'production' });
}

/** The props, those that every deployment must think of first. */
function choicesOf(answers: Answers): Choice[] {
  const zone = answers['hosted-zone-id'];
  const certificate = (prop: string, id: string, arn: string | undefined): Choice[] => arn === undefined ? []
    : [{ prop, value: called('aws-cdk-lib/aws-certificatemanager', 'Certificate', 'fromCertificateArn', { id, value: arn }) }];
  return [
    { prop: 'domainName', value: answers.domain! },
    { prop: 'namePrefix', value: answers['name-prefix']!, why: 'Every name begins with it. It can\'t be changed later.' },
    ...zone === undefined ? [] : [{
      prop: 'hostedZone',
      value: called('aws-cdk-lib/aws-route53', 'HostedZone', 'fromHostedZoneAttributes', {
        id: 'Zone', properties: { hostedZoneId: zone, zoneName: answers['hosted-zone-name']! },
      }),
      why: 'Certificates and DNS records are made in it.',
    }],
    ...certificate('certificate', 'Certificate', answers['certificate-arn']),
    ...certificate('edgeCertificate', 'EdgeCertificate', answers['edge-certificate-arn']),
    ...PROFILES[answers.profile!].choices,
    {
      prop: 'network.cloudFrontPrefixListId',
      value: answers['prefix-list-id']!,
      why: 'CloudFront\'s addresses in this region, from which alone requests are let in. Written here, it needs no look-up.',
    },
    ...answers['alarm-email'] === undefined ? [] : [{ prop: 'monitoring.alarmEmail', value: answers['alarm-email'], why: 'Who hears of alarms. AWS asks this address to confirm.' }],
    ...answers['github-repository'] === undefined ? [] : [{
      prop: 'operators.githubRepository', value: answers['github-repository'], why: 'Its workflows may push images and release them, without a stored key.',
    }, {
      prop: 'operators.githubOwnerId', value: answers['github-owner-id']!, why: 'The ids that GitHub\'s tokens have in them: of the owner, and of the repository.',
    }, {
      prop: 'operators.githubRepositoryId', value: answers['github-repository-id']!,
    }],
  ];
}
