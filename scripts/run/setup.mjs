/** What everything else needs: the packages of npm, and the compiled library. */
import { rmSync } from 'node:fs';
import { isCurrent } from './files.mjs';

export async function install(programs) {
  return isCurrent(['node_modules/.package-lock.json'], ['package-lock.json'])
    || programs.npm('ci', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error');
}

export async function compile(programs) {
  // jsii puts the README and the package's metadata into .jsii.
  if (isCurrent(['.jsii', 'lib/index.js', 'lib/index.d.ts'], ['src', 'README.md', 'package.json', 'tsconfig.json'])) {
    return true;
  }
  rmSync('lib', { recursive: true, force: true });
  return programs.node('node_modules/jsii/bin/jsii', '--silence-warnings=reserved-word');
}
