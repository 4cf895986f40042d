import { execFileSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { HostedZone, type IHostedZone } from 'aws-cdk-lib/aws-route53';
import { App, Stack, Stage } from 'aws-cdk-lib/core';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import * as ts from 'typescript';
import { deploy, type Overrides, REGION } from './helpers';
import * as library from '../src';

const ROOT = path.join(__dirname, '..');
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

const FILES = [
  ...['README.md', 'CONTRIBUTING.md', 'CODE_OF_CONDUCT.md', 'SECURITY.md'],
  ...fs.readdirSync(path.join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.md')).map(file => path.join('docs', file)),
];
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

const LINKS = PAGES.flatMap(page => [...page.prose.matchAll(/\[[^\]]*\]\(([^)\s]+)\)/g)]
  .map(([, target]) => ({ page, target })).filter(({ target }) => !/^https:\/\//.test(target)));

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

const TABLES = PAGES.flatMap(({ file, prose }) => prose.split(/\n(?!\|)/)
  .map(text => [file, text.split('\n').filter(line => line.startsWith('|'))] as const)
  .filter(([, rows]) => rows.length > 0));

test.each(TABLES)('a table in %s has as many cells in each row as in its head', (_, rows) => {
  const cells = rows.map(row => row.replace(/`[^`]*`|\\\|/g, '').split('|').length);
  expect(rows.filter((_row, index) => cells[index] !== cells[0])).toEqual([]);
});

test('every page in docs is linked from another one', () => {
  const linked = LINKS.map(({ page, target }) => path.join(path.dirname(page.file), target.split('#')[0]));
  expect(FILES.filter(file => file !== 'README.md' && !linked.includes(file))).toEqual([]);
});

test('nothing names an account but the sample one, or the host of a registry', () => {
  const texts = PAGES.map(({ file }) => fs.readFileSync(path.join(ROOT, file), 'utf8')).join('\n');
  expect([...texts.matchAll(/(?<![\w-])\d{12}(?![\w-])/g)].map(([account]) => account).filter(account => account !== '111122223333')).toEqual([]);
  expect(texts).not.toMatch(/\.dkr\.ecr\./);
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
    const load = (name: string): unknown => name === 'cdk-oky-backend' ? library : jest.requireActual(name);
    type Script = (load: (name: string) => unknown, exports: object, stack: Stack, hostedZone: IHostedZone) => void;
    const names = isApp(block) ? [] : ['stack', 'hostedZone'];
    const hostedZone = HostedZone.fromHostedZoneAttributes(stack, 'GivenZone', { hostedZoneId: 'Z0123456789EXAMPLE01', zoneName: 'okyapp.info' });
    (new Function('require', 'exports', ...names, outputText) as Script)(load, exports, stack, hostedZone);
    return exports;
  }

  /** Runs a block and gives what it synthesises: a whole app by itself, a fragment in a stack of ours. */
  function run(block: Block): CloudAssembly {
    const synth = jest.spyOn(Stage.prototype, 'synth');
    const stack = new Stack(new App(), 'OkyBackend', { env: { account: '111122223333', region: REGION } });
    evaluate(block, stack);
    if (!isApp(block)) {
      App.of(stack)!.synth();
    }
    const assembly: CloudAssembly = synth.mock.results.at(-1)!.value;
    synth.mockRestore();
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
    expect(types.filter(each => each.includes('AWS::CloudFront::Distribution'))).not.toEqual([]);
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
    const [line] = pageOf('docs/monitoring.md').blocks.filter(({ language }) => language === 'json');
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
    database: { applicationUsername: 'oky', sqlTask: true },
  });

  test.each(blocks.map(block => [block.at, block] as const))('at %s is bash', (_, { code }) => {
    expect(() => execFileSync('bash', ['-n'], { input: code, stdio: 'pipe' })).not.toThrow();
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

/** eu-west-2, October 2026, in USD; a month is 730 hours. */
describe('the costs in the README', () => {
  const HOURS = 730;
  const PRICE = {
    endpoint: 0.011,
    balancer: 0.02646,
    address: 0.005,
    cpu: 0.04656,
    memory: 0.00511,
    armCpu: 0.03725,
    armMemory: 0.00409,
    capacity: 0.14,
    key: 1,
    secret: 0.4,
    nat: 0.05,
    webAcl: 5,
    rule: 1,
    /** A t4g.nano with disk and address, about. */
    natInstance: 8,
    alarm: 0.1,
    metric: 0.3,
  };

  function all(overrides: Overrides): Resource[] {
    return App.of(deploy(overrides).stack)!.synth().stacksRecursively.flatMap(({ template }) => Object.values((template as TemplateJson).Resources));
  }

  const byDefault = all({});

  function resources(type: string, deployment = byDefault): Resource['Properties'][] {
    return deployment.filter(({ Type }) => Type === type).map(({ Properties }) => Properties);
  }

  function endpoints(deployment = byDefault): number {
    const zones = resources('AWS::EC2::VPCEndpoint', deployment).map(({ SubnetIds }) => (SubnetIds as unknown[] | undefined)?.length ?? 0);
    return zones.reduce((sum, each) => sum + each, 0) * PRICE.endpoint * HOURS;
  }

  function addresses(deployment = byDefault): number {
    const [{ Scheme, Subnets }] = resources('AWS::ElasticLoadBalancingV2::LoadBalancer', deployment);
    return Scheme === 'internal' ? 0 : (Subnets as unknown[]).length * PRICE.address * HOURS;
  }

  function tasks(cpu: number, memory: number): number[] {
    return resources('AWS::ECS::TaskDefinition').map(({ Cpu, Memory }) => (Number(Cpu) / 1024 * cpu + Number(Memory) / 1024 * memory) * HOURS);
  }

  function rulesOf(waf: library.OkyWafOptions): number {
    return (resources('AWS::WAFv2::WebACL', all({ waf }))[0].Rules as unknown[]).length;
  }

  /** The cells of all tables. */
  function rows(): string[][] {
    return pageOf('README.md').prose.split('\n').filter(line => line.startsWith('| ')).map(line => line.split(' | ').map(cell => cell.replace(/^\| | \|$/g, '')));
  }

  test('are those of what is made', () => {
    const [api, cms] = tasks(PRICE.cpu, PRICE.memory);
    const arm = tasks(PRICE.armCpu, PRICE.armMemory).reduce((sum, each) => sum + each);
    const secrets = resources('AWS::SecretsManager::Secret').length * PRICE.secret;
    const database = 0.5 * PRICE.capacity * HOURS * 8 / 24;
    const idle = endpoints() + PRICE.balancer * HOURS + addresses() + PRICE.key + secrets;
    const nat = (PRICE.nat + PRICE.address) * HOURS;
    const third = all({ network: { maxAzs: 3 } });
    const monitored = all({ monitoring: {} });
    // An alarm costs its price for each metric that it is worked out from.
    const watched = resources('AWS::CloudWatch::Alarm', monitored)
      .flatMap(({ Metrics }) => (Metrics as { MetricStat?: unknown }[] | undefined)?.filter(({ MetricStat: stat }) => stat) ?? [undefined]);
    const expected = {
      'interface endpoints': endpoints(),
      'load balancer': PRICE.balancer * HOURS,
      'its public addresses': addresses(),
      'API task': api,
      'CMS task': cms,
      'database': database,
      'secrets': secrets,
      '**Sum**': idle + api + cms + database,
      '`highAvailability: true`': api + cms + database,
      'the same with `OkyEgress.natGateway()`': api + cms + database + nat,
      '`waf: {}`': PRICE.webAcl + rulesOf({}) * PRICE.rule,
      '`waf.cmsAllowedCidrs`': (rulesOf({ cmsAllowedCidrs: ['203.0.113.0/24', '2001:db8::/32'] }) - rulesOf({})) * PRICE.rule,
      '`monitoring: {}`': watched.length * PRICE.alarm + resources('AWS::Logs::MetricFilter', monitored).length * PRICE.metric,
      '`network.originAccess: VPC_ORIGIN`': addresses(all({ network: { originAccess: library.OkyOriginAccess.VPC_ORIGIN } })) - addresses(),
      '`network.endpoints: ONE_ZONE`': endpoints(all({ network: { endpoints: library.OkyEndpoints.ONE_ZONE } })) - endpoints(),
      '`network.maxAzs: 3`': endpoints(third) + addresses(third) - endpoints() - addresses(),
      '`network.egress: OkyEgress.natGateway()`': nat,
      '`api.enableExecuteCommand: true`': endpoints(all({ api: { enableExecuteCommand: true } })) - endpoints(),
      '`api.cpuArchitecture` and `cms.cpuArchitecture` ARM64': arm - api - cms,
      '`database.minCapacity: 0.5`': 0.5 * PRICE.capacity * HOURS - database,
      'a region opened after 2023': 3 * 2 * PRICE.endpoint * HOURS,
    };
    const written = Object.fromEntries(rows().map(cells => [cells[0], cells.at(-1)!.replace(/\*/g, '').replace('−', '-')]));
    for (const [line, amount] of Object.entries(expected)) {
      expect(`${line} ${written[line]}`).toBe(`${line} ${amount.toFixed(2)}`);
    }
    expect(pageOf('README.md').prose).toContain(`paused: ${idle.toFixed(2)} `);
  });

  /** What is made, at the list prices, with the database awake for some hours a day. */
  function priceOf(overrides: Overrides, { hoursAwake = 8, nat = 0 } = {}): number {
    const made = all(overrides);
    const count = (type: string) => resources(type, made).length;
    const instances = count('AWS::RDS::DBInstance');
    const providers = Object.fromEntries(resources('AWS::ECS::Service', made).map(({ TaskDefinition, DesiredCount, CapacityProviderStrategy }) =>
      [(TaskDefinition as { readonly Ref: string }).Ref, { count: DesiredCount as number, isSpot: JSON.stringify(CapacityProviderStrategy).includes('SPOT') }]));
    const tasksMade = Object.values(providers).map(({ count: tasksOfOne, isSpot }, index) => {
      const { Cpu, Memory, RuntimePlatform } = resources('AWS::ECS::TaskDefinition', made)[index];
      const isArm = (RuntimePlatform as { readonly CpuArchitecture: string }).CpuArchitecture === 'ARM64';
      const [cpu, memory] = isArm ? [PRICE.armCpu, PRICE.armMemory] : [PRICE.cpu, PRICE.memory];
      return (Number(Cpu) / 1024 * cpu + Number(Memory) / 1024 * memory) * HOURS * tasksOfOne * (isSpot ? 0.3 : 1);
    }).reduce((sum, each) => sum + each);
    const rules = resources('AWS::WAFv2::WebACL', made).map(({ Rules }) => PRICE.webAcl + (Rules as unknown[]).length * PRICE.rule).reduce((sum, each) => sum + each, 0);
    return endpoints(made) + PRICE.balancer * HOURS + addresses(made) + tasksMade + instances * 0.5 * PRICE.capacity * HOURS * hoursAwake / 24
      + count('AWS::KMS::Key') * PRICE.key + count('AWS::SecretsManager::Secret') * PRICE.secret
      + count('AWS::EC2::NatGateway') * (PRICE.nat + PRICE.address) * HOURS + rules + nat;
  }

  test('of the profiles are those of what is made, and the smallest is below 75', () => {
    const arm = (useSpot?: boolean) => ({ cpuArchitecture: CpuArchitecture.ARM64, useSpot });
    const small = { endpoints: library.OkyEndpoints.ONE_ZONE, originAccess: library.OkyOriginAccess.VPC_ORIGIN };
    const profiles = {
      'default': priceOf({}),
      'small': priceOf({ network: small, api: arm(), cms: arm() }),
      'for trying out': priceOf({ network: small, api: arm(true), cms: arm(true) }, { hoursAwake: 2 }),
      'smallest': priceOf(stack => ({
        network: {
          vpc: Vpc.fromVpcAttributes(stack, 'Vpc', {
            vpcId: 'vpc-11112222',
            availabilityZones: ['eu-west-2a', 'eu-west-2b'],
            privateSubnetIds: ['subnet-1a', 'subnet-1b'],
          }),
          endpoints: library.OkyEndpoints.NONE,
          originAccess: library.OkyOriginAccess.VPC_ORIGIN,
        },
        api: arm(),
        cms: arm(),
      }), { nat: PRICE.natInstance }),
      'for a whole country': priceOf({ highAvailability: true, waf: {}, network: { egress: library.OkyEgress.natGateway() } }),
    };
    const written = Object.fromEntries(rows().filter(cells => cells.length === 4).map(cells => [cells[0], cells[3]]));
    expect(Object.fromEntries(Object.keys(profiles).map(name => [name, written[name]])))
      .toEqual(Object.fromEntries(Object.entries(profiles).map(([name, price]) => [name, price.toFixed(2)])));
    expect(profiles.smallest).toBeLessThan(75);
  });
});
