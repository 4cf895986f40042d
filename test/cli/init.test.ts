import * as fs from 'fs';
import * as path from 'path';
import { CERTIFICATE, contentsOf, EDGE_CERTIFICATE, emptyFolder, FakeTerminal, flags, generate, GITHUB, LEAST } from './helpers';
import { init } from '../../src/cli/init/init';
import { type Answers, FLAGS } from '../../src/cli/init/questions';

/** Without a terminal; with what was written, and said. */
async function run(answers: Answers, ...more: string[]): Promise<{ code: number; errors: string; files: Record<string, string> }> {
  const folder = emptyFolder();
  const terminal = new FakeTerminal();
  const code = await init([...flags({ folder, ...answers }), ...more], terminal);
  const files = contentsOf(folder);
  fs.rmSync(folder, { recursive: true });
  expect(terminal.isClosed).toBe(true);
  return { code, errors: terminal.errors, files };
}

describe('what is given', () => {
  test.each<[string, Answers, string, string]>([
    ['the domain', {}, 'app.ts', "  domainName: 'oky.example.org',"],
    ['the region', { region: 'af-south-1' }, 'app.ts', "region: 'af-south-1' }"],
    ['the prefix list of the region', { region: 'af-south-1' }, 'app.ts', "cloudFrontPrefixListId: 'pl-c0aa4fa9'"],
    ['a prefix list', { 'prefix-list-id': 'pl-0123456789abcdef0' }, 'app.ts', "cloudFrontPrefixListId: 'pl-0123456789abcdef0'"],
    ['zones', { zones: 'eu-west-2b,eu-west-2c' }, 'cdk.context.json', '"eu-west-2b",\n    "eu-west-2c"\n'],
    ['zones by default', { region: 'ap-northeast-1' }, 'cdk.context.json', '"ap-northeast-1a",\n    "ap-northeast-1c"\n'],
    ['an account', { account: '111122223333' }, 'app.ts', "env: { account: '111122223333', region"],
    ['an account, for its zones', { account: '111122223333' }, 'cdk.context.json', '"availability-zones:account=111122223333:region=eu-west-2": ['],
    ['no account', {}, 'app.ts', "env: { region: 'eu-west-2' }"],
    ['no account, in Python', { language: 'python' }, 'app.py', 'Environment(region="eu-west-2")'],
    ['no account, for the zones of any', {}, 'cdk.context.json', '"aws:cdk:availability-zones:fallback": ['],
    ['a zone of the domain itself', {}, 'app.ts', "zoneName: 'oky.example.org' }"],
    ['a zone above the domain', { 'hosted-zone-name': 'example.org' }, 'app.ts', "zoneName: 'example.org' }"],
    ['certificates', { 'certificate-arn': CERTIFICATE }, 'app.ts', `  certificate: Certificate.fromCertificateArn(stack, 'Certificate', '${CERTIFICATE}'),`],
    ['a profile', { profile: 'highly-available' }, 'app.ts', '  highAvailability: true,'],
    ['a prefix of names', { 'name-prefix': 'oky-kenya' }, 'app.ts', "  namePrefix: 'oky-kenya',"],
    ['no prefix of names', {}, 'app.ts', "  namePrefix: 'project-oky',"],
    ['an address for alarms', { 'alarm-email': "o'ops@example.org" }, 'app.ts', "    alarmEmail: 'o\\'ops@example.org',"],
    ['a repository', GITHUB, 'app.ts', "    githubRepository: 'oky-kenya/deployment',"],
    ['the id of a repository', GITHUB, 'app.ts', "    githubRepositoryId: '123456789',"],
    ['the ids of a repository, for its role', GITHUB, 'deploy-role.yml', '- repo:oky-kenya@1234567/deployment@123456789:environment:production\n'],
    ['a repository, for its role', GITHUB, 'deploy-role.yml', 'repo:oky-kenya/deployment:environment:production'],
    ['a repository, for its workflow', GITHUB, '.github/workflows/deploy.yml', 'aws-region: eu-west-2'],
  ])('%s is written', async (_, answers, file, text) => {
    expect((await generate({ ...LEAST, ...answers }))[file]).toContain(text);
  });

  test('certificates do without a zone', async () => {
    const app = (await generate({ ...LEAST, 'hosted-zone-id': undefined, 'certificate-arn': CERTIFICATE, 'edge-certificate-arn': EDGE_CERTIFICATE }))['app.ts'];
    expect(app).toContain(EDGE_CERTIFICATE);
    expect(app).not.toMatch(/zone/i);
  });

  test('one certificate does for both in us-east-1', async () => {
    const app = (await generate({ 'domain': 'oky.example.org', 'region': 'us-east-1', 'certificate-arn': EDGE_CERTIFICATE }))['app.ts'];
    expect(app).not.toContain('edgeCertificate');
  });

  test('no repository has neither workflow nor role', async () => {
    expect(Object.keys(await generate(LEAST))).toEqual([
      '.gitignore', 'README.md', 'app.test.ts', 'app.ts', 'cdk.context.json', 'cdk.json', 'drills/alarm-test.sh', 'drills/region-loss.sh', 'drills/restore.sh',
      'drills/secret-rotation.sh', 'package.json', 'tsconfig.json',
    ]);
  });
});

describe('refused, with exit code 2 and nothing written:', () => {
  test.each<[Answers, string]>([
    [{ language: 'cobol' }, "--language must be one of typescript, python, got: 'cobol'; use one of them"],
    [{ domain: 'https://okyapp.info' }, "--domain: domainName must be a domain in lower case, without scheme, port or path, got: 'https://okyapp.info'"],
    [{ region: 'London' }, "--region must be a region of the partition aws, got: 'London'; use one of af-south-1, ap-east-1,"],
    [{ region: '(' }, '--region must be a region of the partition aws'],
    [{ zones: 'eu-west-2a' }, "--zones must be two or three zones of eu-west-2, with commas between them, got: 'eu-west-2a'; use some that this prints: aws ec2"],
    [{ zones: 'eu-west-2a,eu-west-2a' }, '--zones must name each zone once'],
    [{ 'prefix-list-id': 'pl-1' }, '--prefix-list-id: network.cloudFrontPrefixListId must be the id of a prefix list'],
    [{ account: '1234' }, "--account must be the 12 digits of an AWS account, got: '1234'; find them with: aws sts get-caller-identity"],
    [{ account: '' }, "--account must be the 12 digits of an AWS account, got: ''"],
    [{ 'hosted-zone-id': 'okyapp.info' }, "--hosted-zone-id must be the id of a hosted zone, Z and then capital letters and digits, got: 'okyapp.info'"],
    [{ 'hosted-zone-name': 'ample.org' }, "--hosted-zone-name must be oky.example.org or a domain above it, got: 'ample.org'"],
    [{ 'certificate-arn': EDGE_CERTIFICATE }, '--certificate-arn: certificate must be the ARN of an ACM certificate in eu-west-2'],
    [{ 'edge-certificate-arn': CERTIFICATE }, '--edge-certificate-arn: edgeCertificate must be the ARN of an ACM certificate in us-east-1'],
    [{ profile: 'toString' }, '--profile must be one of closed, small,'],
    [{ 'name-prefix': 'Oky' }, '--name-prefix: namePrefix must be 2 to 30 lower-case letters'],
    [{ 'alarm-email': 'ops' }, "--alarm-email: monitoring.alarmEmail must be one e-mail address, got: 'ops'"],
    [{ 'github-repository': 'deployment' }, '--github-repository: operators.githubRepository must be a GitHub repository as owner/name'],
    [{ ...GITHUB, 'github-owner-id': 'oky-kenya' }, "--github-owner-id: operators.githubOwnerId must be a number, got: 'oky-kenya'; this prints it: gh api repos/oky-kenya/deployment"],
    [{ ...GITHUB, 'github-repository-id': '12a' }, "--github-repository-id: operators.githubRepositoryId must be a number, got: '12a'; this prints it: gh api"],
    [{ 'github-owner-id': '1234567' }, "--github-owner-id: operators.githubOwnerId can't be combined with no operators.githubRepository"],
    [{ ...GITHUB, 'github-owner-id': undefined }, "--github-owner-id must be given: GitHub's tokens have the ids of the owner and of the repository in them, so look: gh api repos/oky-kenya/deployment --jq '.owner.id, .id'; add it"],
  ])('%j', async (answers, message) => {
    const { code, errors, files } = await run({ ...LEAST, ...answers });
    expect({ code, files }).toEqual({ code: 2, files: {} });
    expect(errors).toContain(message);
  });

  test('all that is wrong, at once', async () => {
    const { errors } = await run({ ...LEAST, region: 'London', profile: 'huge', account: 'mine' });
    expect(errors.trim().split('\n').map(line => line.split(' ')[0])).toEqual(['--region', '--account', '--profile']);
  });

  test('all that is missing, at once, with the flag and the fix', async () => {
    const { code, errors } = await run({});
    expect(code).toBe(2);
    const lines = errors.trim().split('\n');
    expect(lines.slice(0, -1).map(line => line.split(' ')[0])).toEqual(['--domain', '--region', '--certificate-arn', '--edge-certificate-arn']);
    expect(lines[0]).toBe('--domain must be given: the hosts are named after it; add it, such as --domain oky.example.org');
    expect(lines.at(-1)).toContain('run this in a terminal');
  });

  test.each([
    ['us-west-1', ['--zones must be given: accounts have different zones there, so look: aws ec2 describe-availability-zones --region us-west-1']],
    ['ap-southeast-7', ['--prefix-list-id must be given: only CloudFront may reach the load balancer, so look: aws ec2 describe-managed-prefix-lists']],
  ])('%s, of which not everything is known', async (region, messages) => {
    const { errors } = await run({ ...LEAST, region });
    expect(errors.trim().split('\n').slice(0, -1)).toEqual(messages.map(message => expect.stringContaining(message)));
  });

  test.each([['--regoin', "Unknown option '--regoin'"], ['kenya', "Unexpected argument 'kenya'"]])('%s, which is no option', async (given, message) => {
    const { code, errors } = await run(LEAST, given);
    expect(code).toBe(2);
    expect(errors).toContain(message);
    expect(errors).toContain('npx cdk-oky-backend init --help');
  });
});

describe('nothing is ever overwritten:', () => {
  async function against(prepare: (folder: string) => void, answers: Answers = {}): Promise<{ code: number; errors: string; folder: string }> {
    const folder = emptyFolder();
    prepare(folder);
    const terminal = new FakeTerminal();
    const code = await init(flags({ ...LEAST, folder, ...answers }), terminal);
    return { code, errors: terminal.errors, folder };
  }

  test('the files in the way are named, and nothing is written', async () => {
    const { code, errors, folder } = await against(it => ['app.ts', 'README.md'].forEach(file => fs.writeFileSync(path.join(it, file), 'mine')));
    expect(code).toBe(2);
    expect(errors).toContain(`got: ${path.join(folder, 'README.md')}, ${path.join(folder, 'app.ts')}; move them away, or give another folder`);
    expect(contentsOf(folder)).toEqual({ 'README.md': 'mine', 'app.ts': 'mine' });
    fs.rmSync(folder, { recursive: true });
  });

  test.each<[string, (folder: string) => void]>([
    ['a workflow', folder => {
      fs.mkdirSync(path.join(folder, '.github/workflows'), { recursive: true });
      fs.writeFileSync(path.join(folder, '.github/workflows/deploy.yml'), 'mine');
    }],
    ['a file where a folder has to be', folder => fs.writeFileSync(path.join(folder, '.github'), 'mine')],
    ['a link that leads nowhere', folder => fs.symlinkSync('/nowhere/at/all', path.join(folder, 'deploy-role.yml'))],
    ['a folder where a file has to be', folder => fs.mkdirSync(path.join(folder, 'deploy-role.yml'))],
  ])('%s is in the way, too', async (_, prepare) => {
    const { code, errors, folder } = await against(prepare, GITHUB);
    expect(code).toBe(1);
    expect(errors).toContain('move them away');
    expect(fs.existsSync(path.join(folder, 'app.ts'))).toBe(false);
    fs.rmSync(folder, { recursive: true });
  });

  test('other files are not in the way, and the folder may not be there yet', async () => {
    const { code, folder } = await against(it => fs.writeFileSync(path.join(it, 'notes.txt'), 'mine'));
    expect(code).toBe(0);
    expect(contentsOf(folder)['notes.txt']).toBe('mine');
    const below = path.join(folder, 'countries', 'kenya');
    expect(await init(flags({ ...LEAST, folder: below }), new FakeTerminal())).toBe(0);
    expect(fs.existsSync(path.join(below, 'app.ts'))).toBe(true);
    fs.rmSync(folder, { recursive: true });
  });
});

describe('in a terminal', () => {
  async function answer(answers: (folder: string) => string[], given: Answers = {}, ...more: string[]) {
    const folder = emptyFolder();
    const terminal = new FakeTerminal(answers(folder));
    const code = await init([...flags(given), ...more], terminal);
    const files = contentsOf(folder);
    fs.rmSync(folder, { recursive: true });
    return { code, files, terminal };
  }

  test('it asks for everything, and makes the same of the answers as of flags', async () => {
    const all: Answers = {
      ...LEAST,
      'language': 'python',
      'account': '111122223333',
      'hosted-zone-name': 'example.org',
      'profile': 'small',
      'name-prefix': 'oky-kenya',
      'alarm-email': 'ops@example.org',
      ...GITHUB,
    };
    const { code, files, terminal } = await answer(folder => [
      '2', folder, 'oky.example.org', 'eu-west-2', '111122223333', 'Z0123456789EXAMPLE01', 'example.org', 'small', 'oky-kenya', 'ops@example.org',
      'oky-kenya/deployment', '1234567', '123456789',
    ]);
    expect(terminal.errors).toBe('');
    expect({ code, left: terminal.left }).toEqual({ code: 0, left: 0 });
    expect(files).toEqual(await generate(all));
  });

  test('enter takes what is proposed, or leaves out what need not be', async () => {
    const { files, terminal } = await answer(folder => ['', folder, 'oky.example.org', 'eu-west-2', '', 'Z0123456789EXAMPLE01', '', '', '', '', '']);
    expect(terminal.left).toBe(0);
    expect(files).toEqual(await generate(LEAST));
  });

  test('without a zone it asks for certificates, and in a region it doesn\'t know for zones and prefix list', async () => {
    const region = 'ap-southeast-7';
    const certificate = CERTIFICATE.replace('eu-west-2', region);
    const { files, terminal } = await answer(folder => [
      '1', folder, 'oky.example.org', region, '', 'pl-0123456789abcdef0', '', '', certificate, EDGE_CERTIFICATE, '1', '', '', '',
    ]);
    expect(terminal.errors).toBe('');
    expect(terminal.left).toBe(0);
    expect(files['app.ts']).toContain(certificate);
    expect(files['cdk.context.json']).toContain('"ap-southeast-7a",\n    "ap-southeast-7b"');
  });

  test('a wrong answer, or none where one is needed, is said to be so and asked for again', async () => {
    const { code, terminal } = await answer(folder => [
      'cobol', 'typescript', folder, '', 'OKY', 'oky.example.org', 'eu-west-2', '', 'Z0123456789EXAMPLE01', '', '', '', '', '',
    ]);
    expect({ code, left: terminal.left }).toEqual({ code: 0, left: 0 });
    expect(terminal.printed).toContain("--language must be one of typescript, python, got: 'cobol'");
    expect(terminal.printed).toContain('the hosts are named after it');
    expect(terminal.printed).toContain("domainName must be a domain in lower case, without scheme, port or path, got: 'OKY'");
  });

  test('it does not ask for what is given', async () => {
    const { code, terminal } = await answer(folder => ['', folder, '', '', '', '', '', ''], LEAST);
    expect({ code, left: terminal.left }).toEqual({ code: 0, left: 0 });
    expect(terminal.printed).not.toContain('AWS region');
  });

  test('a flag that is wrong is not asked for again', async () => {
    const { code, terminal } = await answer(folder => ['', folder], { ...LEAST, domain: 'OKY' });
    expect(code).toBe(2);
    expect(terminal.errors).toContain("--domain: domainName must be a domain in lower case, without scheme, port or path, got: 'OKY'");
  });

  test('with --yes it asks nothing', async () => {
    const { code, terminal } = await answer(() => [], { folder: 'not-there' }, '--yes');
    expect(code).toBe(2);
    expect(terminal.prompts).toEqual([]);
    expect(terminal.errors).toContain('--domain must be given');
  });

  test('files in the way are told before anything else is asked', async () => {
    const taken = emptyFolder();
    fs.writeFileSync(path.join(taken, 'app.ts'), 'mine');
    const { terminal } = await answer(() => ['', taken]);
    expect(terminal.printed).toContain(`got: ${path.join(taken, 'app.ts')}`);
    expect(terminal.prompts).toHaveLength(3);
    fs.rmSync(taken, { recursive: true });
  });
});

test('--help has every option', async () => {
  const terminal = new FakeTerminal();
  expect(await init(['--help'], terminal)).toBe(0);
  for (const flag of [...FLAGS, 'yes', 'help']) {
    expect(terminal.printed).toMatch(new RegExp(`^  --${flag} `, 'm'));
  }
});

test('what comes next is said', async () => {
  const terminal = new FakeTerminal();
  const folder = emptyFolder();
  await init(flags({ ...LEAST, folder, language: 'python' }), terminal);
  expect(terminal.printed).toContain(`  cd ${folder}\n  python3 -m venv .venv\n  . .venv/bin/activate\n  pip install -r requirements.txt\n  npm install\n  pytest\n`);
  fs.rmSync(folder, { recursive: true });
});
