import { execFileSync } from 'child_process';
import * as fs from 'fs';
import { createRequire } from 'module';
import * as os from 'os';
import * as path from 'path';
import { HostedZone, type IHostedZone } from 'aws-cdk-lib/aws-route53';
import { App, Stack, Stage } from 'aws-cdk-lib/core';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import * as ts from 'typescript';
import * as library from '../../src';
import { deploy, REGION } from '../helpers';
import { RECOMMENDED_FLAGS } from '../nag/packs';
import { Validation } from '../proofs/validation';

const ROOT = path.join(__dirname, '..', '..');
/** Made by the build, from the docstrings. */
const GENERATED = ['API.md'];

interface Block {
  /** File and line. */
  readonly at: string;
  readonly language: string;
  readonly code: string;
  /** The paragraph before it. */
  readonly before: string;
}

interface Page {
  readonly file: string;
  /** Without the code. */
  readonly prose: string;
  readonly blocks: Block[];
}

interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
}

interface TemplateJson {
  readonly Resources: Record<string, Resource>;
  readonly Outputs?: Record<string, unknown>;
}

function read(file: string): Page {
  const lines = fs.readFileSync(path.join(ROOT, file), 'utf8').split('\n');
  const prose: string[] = [];
  const blocks: Block[] = [];
  for (let index = 0; index < lines.length; index++) {
    const [, language] = /^```(\w*)$/.exec(lines[index]) ?? [];
    if (language === undefined) {
      prose.push(lines[index]);
      continue;
    }
    const end = lines.indexOf('```', index + 1);
    if (end < 0) {
      throw new Error(`${file}:${index + 1}: the block has no end`);
    }
    const before = prose.join('\n').trimEnd().split(/\n\s*\n/).at(-1)!.replace(/\s+/g, ' ');
    blocks.push({ at: `${file}:${index + 1}`, language, code: lines.slice(index + 1, end).join('\n'), before });
    index = end;
  }
  return { file, prose: prose.join('\n'), blocks };
}

function markdownIn(folder: string): string[] {
  const found = fs.readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' });
  return found.filter(file => file.endsWith('.md') && !file.includes('node_modules')).map(file => path.join(folder, file));
}

const FILES = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CODE_OF_CONDUCT.md', 'SECURITY.md', ...markdownIn('docs'), ...markdownIn('examples')];
const PAGES = FILES.map(read);

function blocksIn(...languages: string[]): Block[] {
  return PAGES.flatMap(({ blocks }) => blocks).filter(({ language }) => languages.includes(language));
}

function pageOf(file: string): Page {
  return PAGES.find(page => page.file === file)!;
}

/** As GitHub makes them of headings. */
function anchors(page: Page): string[] {
  return [...page.prose.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replace(/ /g, '-'));
}

const ALL_LINKS = PAGES.flatMap(page => [...page.prose.matchAll(/\[[^\]]*\]\(([^)]*)\)/g)].map(([, target]) => ({ page, target })));
const LINKS = ALL_LINKS.filter(({ target }) => !target.includes(':'));

test.each(LINKS.map(({ page, target }) => [`${page.file} → ${target}`, page, target] as const))('the link %s leads somewhere', (_, page, target) => {
  const [file, anchor] = target.split('#');
  const linked = file === '' ? page.file : path.join(path.dirname(page.file), file);
  if (GENERATED.includes(linked)) {
    return;
  }
  expect(fs.existsSync(path.join(ROOT, linked))).toBe(true);
  if (anchor !== undefined) {
    expect(anchors(read(linked))).toContain(anchor);
  }
});

/** Whether what is linked is still there can only be seen with a network: docs/testing.md. */
test('links to elsewhere are well formed, and encrypted', () => {
  const sources = fs.readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts'));
  const sees = sources.flatMap(file => [...fs.readFileSync(path.join(ROOT, 'src', file), 'utf8').matchAll(/@see (.*?)(?: \*\/)?$/gm)].map(([, target]) => target));
  const targets = [...ALL_LINKS.map(({ target }) => target).filter(target => target.includes(':')), ...sees];
  expect(targets.length).toBeGreaterThan(100);
  const isGood = (target: string) => /^https:\/\/[a-z0-9.-]+\.[a-z]+(\/[\w\-.~/%?=&+:,*#]*)?$/.test(target) && URL.canParse(target);
  expect(targets.filter(target => !isGood(target))).toEqual([]);
  expect(PAGES.filter(({ prose }) => /http:\/\/|\]\[|^\[[^\]]+\]: /m.test(prose.replace(/`[^`]*`/g, ''))).map(({ file }) => file)).toEqual([]);
});

const TABLES = PAGES.flatMap(({ file, prose }) => prose.split(/\n(?!\|)/)
  .map(text => [file, text.split('\n').filter(line => line.startsWith('|'))] as const)
  .filter(([, rows]) => rows.length > 0));

test.each(TABLES)('a table in %s has as many cells in each row as in its head', (_, rows) => {
  const cells = rows.map(row => row.replace(/`[^`]*`|\\\|/g, '').split('|').length);
  expect(rows.filter((_row, index) => cells[index] !== cells[0])).toEqual([]);
});

test('every page is linked from another one', () => {
  // A link to a folder leads to its README.
  const linked = LINKS.map(({ page, target }) => path.join(path.dirname(page.file), target.split('#')[0]))
    .map(target => fs.statSync(path.join(ROOT, target)).isDirectory() ? path.join(target, 'README.md') : target);
  expect(FILES.filter(file => file !== 'README.md' && !linked.includes(file))).toEqual([]);
});

test('nothing names an account but the sample one, or the host of a registry', () => {
  const texts = PAGES.map(({ file }) => fs.readFileSync(path.join(ROOT, file), 'utf8')).join('\n');
  expect([...texts.matchAll(/(?<![\w-])\d{12}(?![\w-])/g)].map(([account]) => account).filter(account => account !== '111122223333')).toEqual([]);
  expect(texts).not.toMatch(/\.dkr\.ecr\./);
});

/** Blocks that nothing here runs, by their language, with the reason. */
const EXCUSED: Record<string, string> = {
  sql: 'it takes a database with Oky\'s tables',
  text: 'it is what a program writes, and not for anyone to type',
};

test('the count of blocks in docs/testing.md is that of today', () => {
  const count = (...languages: string[]) => blocksIn(...languages).length;
  const known = ['ts', 'python', 'json', 'bash', 'sh', ...Object.keys(EXCUSED)];
  expect(PAGES.flatMap(({ blocks }) => blocks).filter(({ language }) => !known.includes(language)).map(({ at }) => at)).toEqual([]);
  const { prose } = pageOf('docs/testing.md');
  const rows = [
    `| TypeScript | ${count('ts')} | ${count('ts')} | ${count('ts')} | |`,
    // How many are run is counted where they are: test/python/test_docs.py.
    `| Python | ${count('python')} | ${count('python')} | `,
    `| JSON | ${count('json')} | ${count('json')} | ${count('json')} | |`,
    ...Object.entries(EXCUSED).map(([language, reason]) =>
      `| ${language === 'sql' ? 'SQL' : language} | ${count(language)} | | 0 | ${count(language)}: ${reason} |`),
  ];
  expect(rows.filter(row => !prose.includes(row))).toEqual([]);
});

describe('the TypeScript', () => {
  const blocks = blocksIn('ts');
  const isApp = ({ code }: Block) => code.includes('new App(');
  /** What a fragment takes for granted. */
  const given = 'declare const stack: import(\'aws-cdk-lib\').Stack;\ndeclare const hostedZone: import(\'aws-cdk-lib/aws-route53\').IHostedZone;\n';

  test('compiles against the library', () => {
    const files = new Map(blocks.map((block, index) => [path.join(ROOT, 'docs', `block-${index}.ts`), block]));
    const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile(path.join(ROOT, 'tsconfig.dev.json'), ts.sys.readFile).config, ts.sys, ROOT);
    Object.assign(options, { paths: { 'cdk-oky-backend': [path.join(ROOT, 'src', 'index.ts')] }, types: ['node'], noUnusedLocals: false });
    const host = ts.createCompilerHost(options);
    const { fileExists, readFile } = host;
    const textOf = (name: string) => {
      const block = files.get(path.normalize(name));
      return block && `${block.code}\n${isApp(block) ? '' : given}`;
    };
    host.fileExists = name => files.has(path.normalize(name)) || fileExists(name);
    host.readFile = name => textOf(name) ?? readFile(name);
    const program = ts.createProgram([...files.keys()], options, host);
    const errors = [...files].flatMap(([name, { at }]) => ts.getPreEmitDiagnostics(program, program.getSourceFile(name))
      .map(({ messageText }) => `${at}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`));
    expect(errors).toEqual([]);
  });

  /** Runs a block, with what it takes for granted if it is a fragment, and gives what it exports. */
  function evaluate(block: Block, stack: Stack): Record<string, unknown> {
    const exports = {};
    const { outputText } = ts.transpileModule(block.code, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } });
    const load = (name: string): unknown => name === 'cdk-oky-backend' ? library : createRequire(__filename)(name);
    type Script = (load: (name: string) => unknown, exports: object, stack: Stack, hostedZone: IHostedZone) => void;
    const names = isApp(block) ? [] : ['stack', 'hostedZone'];
    const hostedZone = HostedZone.fromHostedZoneAttributes(stack, 'GivenZone', { hostedZoneId: 'Z0123456789EXAMPLE01', zoneName: 'okyapp.info' });
    (new Function('require', 'exports', ...names, outputText) as Script)(load, exports, stack, hostedZone);
    return exports;
  }

  /** Runs a block and gives what it synthesises: a whole app by itself, a fragment in a stack of ours. */
  function run(block: Block, context: Record<string, unknown> = {}): CloudAssembly {
    const synth = jest.spyOn(Stage.prototype, 'synth');
    // As the command line hands it over, to a whole app too.
    process.env.CDK_CONTEXT_JSON = JSON.stringify(context);
    const stack = new Stack(new App(), 'OkyBackend', { env: { account: '111122223333', region: REGION } });
    evaluate(block, stack);
    if (!isApp(block)) {
      App.of(stack)!.synth();
    }
    const assembly: CloudAssembly = synth.mock.results.at(-1)!.value;
    synth.mockRestore();
    delete process.env.CDK_CONTEXT_JSON;
    return assembly;
  }

  const synthesised = new Map<Block, Record<string, TemplateJson>>();

  function templates(block: Block): Record<string, TemplateJson> {
    const known = synthesised.get(block)
      ?? Object.fromEntries(run(block).stacksRecursively.map(({ stackName, template }) => [stackName, template as TemplateJson]));
    synthesised.set(block, known);
    return known;
  }

  function distributionOf({ Resources }: TemplateJson): { readonly WebACLId?: unknown } {
    const [{ Properties }] = Object.values(Resources).filter(({ Type }) => Type === 'AWS::CloudFront::Distribution');
    return Properties.DistributionConfig as { readonly WebACLId?: unknown };
  }

  const helper = blocks.find(({ code }) => code.includes('assertStackKeepsState'))!;
  const deployments = blocks.filter(block => block !== helper);

  test.each(deployments.map(block => [block.at, block] as const))('at %s is a deployment', (_, block) => {
    const types = Object.values(templates(block)).map(({ Resources }) => Object.values(Resources).map(({ Type }) => Type));
    // The account of the copies has a vault and no backend.
    expect(types.filter(each => each.includes('AWS::CloudFront::Distribution') || each.includes('AWS::Backup::BackupVault'))).not.toEqual([]);
  });

  test('is found free of faults by CDK\'s validation, with each set of feature flags', () => {
    const validation = new Validation();
    for (const context of [{}, RECOMMENDED_FLAGS]) {
      deployments.forEach(block => validation.add(run(block, context)));
    }
    expect(validation.findings()).toEqual([]);
    expect(validation.counts.templates).toBeGreaterThanOrEqual(2 * deployments.length);
  });

  test('of an upgrade refuses one that would lose the database', () => {
    const { stack } = deploy();
    const { checkUpgrade } = evaluate(helper, stack) as { checkUpgrade: (stack: Stack) => void };
    const [, file] = /'([^']*\.json)'/.exec(helper.code)!;
    const repository = fs.mkdtempSync(path.join(os.tmpdir(), 'oky-docs-'));
    fs.mkdirSync(path.dirname(path.join(repository, file)), { recursive: true });
    const cwd = process.cwd();
    process.chdir(repository);
    const template = App.of(stack)!.synth().getStackByName(stack.stackName).template as TemplateJson;
    fs.writeFileSync(path.join(repository, file), JSON.stringify(template));
    expect(() => checkUpgrade(stack)).not.toThrow();
    const Resources = Object.fromEntries(Object.entries(template.Resources).map(([id, resource]) => [resource.Type === 'AWS::RDS::DBCluster' ? 'Other' : id, resource]));
    fs.writeFileSync(path.join(repository, file), JSON.stringify({ ...template, Resources }));
    expect(() => checkUpgrade(stack)).toThrow('AWS::RDS::DBCluster');
    process.chdir(cwd);
    fs.rmSync(repository, { recursive: true });
  });

  test('of the firewall\'s end lets go of the web ACL before it is deleted', () => {
    const { OkyBackend: before, 'project-oky-edge': edge } = templates(blocks.find(({ code }) => code.includes('waf: { mode:'))!);
    const [removed, detached] = pageOf('docs/runbooks/turn-waf-off.md').blocks.filter(({ language }) => language === 'ts').map(templates);
    expect(distributionOf(before).WebACLId).toBeDefined();
    // The main stack alone: it reads nothing that the stack in us-east-1, as it was deployed before, does not have.
    expect(distributionOf(removed.OkyBackend).WebACLId).toBeUndefined();
    const reads = [...JSON.stringify(removed.OkyBackend).matchAll(/"OutputName":"(\w+)"/g)].map(([, name]) => name);
    expect(reads).toEqual(['CertificateArn']);
    expect(Object.keys(edge.Outputs!)).toEqual(expect.arrayContaining(reads));
    // In a pipeline: all that was there stays, but for what ties them.
    expect(distributionOf(detached.OkyBackend).WebACLId).toBeUndefined();
    expect(Object.keys(detached['project-oky-edge'].Resources)).toEqual(Object.keys(edge.Resources));
    expect(Object.keys(removed['project-oky-edge'].Resources)).not.toEqual(Object.keys(edge.Resources));
  });

  test('of a metric of one\'s own scales on what the containers write', () => {
    const [line, ...others] = blocksIn('json');
    expect(others).toEqual([]);
    interface Embedded { readonly _aws: { CloudWatchMetrics: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[] } }
    const written = JSON.parse(line.code) as Embedded & Record<string, unknown>;
    const [{ Namespace, Dimensions: [[dimension]], Metrics: [{ Name: MetricName }] }] = written._aws.CloudWatchMetrics;
    expect(written[MetricName]).toEqual(expect.any(Number));
    const metric = { Namespace, MetricName, Statistic: 'Average' };
    const resources = Object.values(templates(blocks.find(({ code }) => code.includes('scaleToTrackCustomMetric'))!).OkyBackend.Resources);
    const tracking = resources.filter(({ Type }) => Type === 'AWS::ApplicationAutoScaling::ScalingPolicy')
      .map(({ Properties }) => Properties.TargetTrackingScalingPolicyConfiguration as { CustomizedMetricSpecification?: unknown } | undefined);
    const specifications = tracking.flatMap(each => each?.CustomizedMetricSpecification ?? []);
    expect(specifications).toEqual([{ ...metric, Dimensions: [{ Name: dimension, Value: written[dimension] }] }]);
    const alarms = resources.filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm');
    expect(alarms.map(({ Properties }) => Properties)).toEqual(Array(2).fill(
      expect.objectContaining({ ...metric, Dimensions: [{ Name: dimension, Value: 'cms' }] })));
  });

  test('of a job leaves the entry point of the API in place, in whose network it is', () => {
    interface Target { readonly Input: string; readonly EcsParameters?: { readonly NetworkConfiguration: { readonly AwsVpcConfiguration: object } } }
    const resources = Object.values(templates(blocks.find(({ code }) => code.includes('new EcsTask('))!).OkyBackend.Resources);
    const [target] = resources.filter(({ Type }) => Type === 'AWS::Events::Rule').flatMap(({ Properties }) => Properties.Targets as Target[]).filter(({ EcsParameters }) => EcsParameters);
    const input = JSON.parse(target.Input) as { containerOverrides: { name: string; command: string[] }[] };
    const [{ name, command, ...others }] = input.containerOverrides;
    expect([name, command.slice(0, 2), others]).toEqual(['api', ['node', '-e'], {}]);
    expect(() => new Function('require', 'process', command[2])).not.toThrow();
    const definition = resources.find(({ Properties }) => Properties?.Family === 'project-oky-ecs-api-task')!;
    expect((definition.Properties.ContainerDefinitions as { EntryPoint: string[] }[])[0].EntryPoint.join('\n')).toContain('database.pem');
    const [service] = resources.filter(({ Type, Properties }) => Type === 'AWS::ECS::Service' && JSON.stringify(Properties).includes('api-task-service'));
    const { AwsvpcConfiguration } = service.Properties.NetworkConfiguration as { AwsvpcConfiguration: object };
    expect(target.EcsParameters!.NetworkConfiguration.AwsVpcConfiguration).toEqual(AwsvpcConfiguration);
  });

  test('of a later deployment lets tasks read the secrets that stayed', () => {
    const block = blocks.find(({ code }) => code.includes('oldKey'))!;
    const [, oldKey] = /'(arn:aws:kms:[^']*)'/.exec(block.code)!;
    const policies = Object.values(templates(block).OkyBackend.Resources).filter(({ Type }) => Type === 'AWS::IAM::ManagedPolicy')
      .map(({ Properties }) => Properties.PolicyDocument as { readonly Statement: unknown[] });
    const statements = policies.flatMap(({ Statement }) => Statement.map(statement => JSON.stringify(statement)));
    expect(statements.filter(statement => statement.includes('"kms:Decrypt"') && statement.includes(oldKey))).toHaveLength(2);
  });
});

describe('the Python', () => {
  test('parses', () => {
    const program = 'import ast, json, sys\nfor at, code in json.load(sys.stdin): ast.parse(code, at)';
    const blocks = blocksIn('python').map(({ at, code }) => [at, code]);
    expect(blocks).not.toEqual([]);
    expect(() => execFileSync('python3', ['-c', program], { input: JSON.stringify(blocks), stdio: 'pipe' })).not.toThrow();
  });
});

describe('the shell', () => {
  const blocks = blocksIn('bash', 'sh');
  const outputsOf = (stack: Stack) => Object.keys((App.of(stack)!.synth().getStackByName(stack.stackName).template as TemplateJson).Outputs!);
  const full = deploy({
    waf: {},
    edge: { accessLogs: true },
    operators: { githubRepository: 'oky-kenya/deployment' },
    monitoring: { alarmEmail: 'ops@okyapp.info', monthlyBudgetUsd: 200 },
    api: { environmentFileKey: 'api.env', imageTagParameter: '/oky/api/image-tag' },
    cms: { environmentFileKey: 'cms.env', imageTagParameter: '/oky/cms/image-tag' },
    database: { applicationUsername: 'oky', sqlTask: true, maxCapacity: 4 },
  });

  test.each(blocks.map(block => [block.at, block] as const))('at %s is bash', (_, { code }) => {
    expect(() => execFileSync('bash', ['-n'], { input: code, stdio: 'pipe' })).not.toThrow();
  });

  test.each(blocks.map(block => [block.at, block] as const))('at %s runs on macOS too, for a stack of more than 100 resources, and deploys no other stack of the app', (_, { code }) => {
    // What only GNU's programs know, what returns 100 resources at most, and what takes all stacks.
    const portable = code.split('\n').filter(line => !line.includes('projen integ'));
    expect(portable.filter(line => /date (-u )?-d|sed -i |readlink -f|grep -P|xargs -r|stat -c|base64 -w|describe-stack-resources |cdk \w+ --all/.test(line))).toEqual([]);
  });

  const calls = blocks.filter(({ code }) => /(^|[\s$(])(aws|docker|curl|output|sql) |cdk (bootstrap|deploy|destroy|diff)/.test(code));
  test.each(calls.map(block => [block.at, block] as const))('at %s says that it needs an account', (_, { before }) => {
    expect(before).toMatch(/needs? an AWS account/);
  });

  test('asks for outputs that there are, and the README has them all', () => {
    const outputs = outputsOf(full.stack).filter(name => name.startsWith('Oky'));
    const asked = blocks.flatMap(({ code }) => [...code.matchAll(/(?<!-)\boutput (\w+)/g)].map(([, name]) => name));
    expect(asked.filter(name => !outputs.includes(name))).toEqual([]);
    const [, section] = /^## Outputs$(.*?)^## /ms.exec(pageOf('README.md').prose)!;
    const listed = [...section.matchAll(/`(Oky\w+)`/g)].map(([, name]) => name);
    expect(listed.sort()).toEqual(outputs.sort());
  });

  test('names what there is', () => {
    const assembly = App.of(full.stack)!.synth();
    const there = assembly.stacksRecursively.map(({ stackName, template }) => stackName + JSON.stringify(template)).join('\n');
    const names = [...PAGES.map(({ prose }) => prose), ...blocks.map(({ code }) => code)]
      .flatMap(text => [...text.matchAll(/[\w/-]*project-oky[\w/-]*/g)].map(([name]) => name));
    expect(names.filter(name => !there.includes(name))).toEqual([]);
  });
});
