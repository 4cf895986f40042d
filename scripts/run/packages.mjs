/** The packages as a release publishes them, and the environments of Python that they are tested in. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fingerprint, isCurrent } from './files.mjs';

const PYTHON = process.env.PYTHON ?? 'python3';
const PACMAK = 'node_modules/jsii-pacmak/bin/jsii-pacmak';
const PACKED = ['bin', '.jsii', 'lib', 'assets', 'templates', 'LICENSE', '.npmignore'];
const SOURCES = '.build/source';
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const TARBALL = `dist/js/cdk-oky-backend@${version}.jsii.tgz`;
const WHEEL = `dist/python/cdk_oky_backend-${version}-py3-none-any.whl`;

/** The environments, and the files of requirements that are installed in each. */
const REQUIREMENTS = {
  venv: () => ['test/python/requirements-dev.txt', ...readdirSync('examples').map(name => `examples/${name}/python/requirements.txt`).filter(existsSync)],
  'venv-emulator': () => ['test/python/requirements-emulator.txt'],
  'venv-linters': () => ['test/python/requirements-linters.txt'],
};

/** The tarball for npm and the wheel for PyPI. */
export async function pack(programs) {
  if (isCurrent([TARBALL, WHEEL], PACKED)) {
    return true;
  }
  rmSync('dist', { recursive: true, force: true });
  return programs.node(PACMAK, '--target', 'js', '--target', 'python');
}

/** The sources of the packages for Java and Go. test/python/packages.py compiles them. */
export async function packSources(programs) {
  if (isCurrent([`${SOURCES}/java/pom.xml`, `${SOURCES}/go/cdkokybackend/go.mod`], PACKED)) {
    return true;
  }
  rmSync(SOURCES, { recursive: true, force: true });
  return programs.node(PACMAK, '--code-only', '--outdir', SOURCES, '--target', 'java', '--target', 'go');
}

/** The Python of an environment. */
export function pythonOf(environment) {
  return `.build/${environment}/${process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python'}`;
}

/** Without bytecode: most modules of aws-cdk-lib are never imported, and Python compiles the others when they are. */
const pip = (programs, environment, ...args) => programs.run(pythonOf(environment), [
  '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', '--no-compile', ...args,
]);

/** Does something in an environment again only when the files that it depends on have changed. */
async function whenChanged(environment, stampName, files, action) {
  const now = fingerprint(files);
  const stamp = `.build/${environment}/${stampName}`;
  if (existsSync(pythonOf(environment)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === now) {
    return true;
  }
  rmSync(stamp, { force: true });
  const isGood = await action();
  if (isGood) {
    writeFileSync(stamp, now);
  }
  return isGood;
}

/** Makes a virtual environment with its requirements, except for the package itself. */
export function makeEnvironment(programs, environment) {
  const folder = `.build/${environment}`;
  const files = REQUIREMENTS[environment]();
  const requirements = `${folder}/requirements.txt`;
  return whenChanged(environment, 'fingerprint', files, async () => {
    rmSync(folder, { recursive: true, force: true });
    if (!await programs.run(PYTHON, ['-m', 'venv', folder])) {
      return false;
    }
    writeFileSync(requirements, files.map(file => readFileSync(file, 'utf8')).join('\n').replace(/^cdk-oky-backend$/gm, ''));
    return pip(programs, environment, '-r', requirements);
  });
}

/** Installs the wheel, whose dependencies are there already: `pip check` says so. */
export function installWheel(programs) {
  return whenChanged('venv', 'wheel', [WHEEL], async () =>
    await pip(programs, 'venv', '--force-reinstall', '--no-deps', WHEEL) && programs.run(pythonOf('venv'), ['-m', 'pip', 'check']));
}
