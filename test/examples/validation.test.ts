/** CDK's own CloudFormation validation of the examples, as they are and with the recommended feature flags. */
import { execFileSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { RECOMMENDED_FLAGS } from '../nag/packs';
import { Validation } from '../proofs/validation';

const EXAMPLES = path.join(__dirname, '..', '..', 'examples');
const apps = fs.readdirSync(EXAMPLES).filter(name => fs.existsSync(path.join(EXAMPLES, name, 'app.ts')));

/** As the CDK command line starts the app, with the context that is committed with it. */
function synthesise(example: string, outdir: string, flags: object): CloudAssembly {
  const folder = path.join(EXAMPLES, example);
  const context = { ...flags, ...JSON.parse(fs.readFileSync(path.join(folder, 'cdk.context.json'), 'utf8')) as object };
  execFileSync(process.execPath, ['--import', 'tsx', 'app.ts'], {
    cwd: folder, stdio: 'pipe', env: { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(context) },
  });
  return new CloudAssembly(outdir);
}

test('CDK\'s validation finds nothing in any example, with each set of feature flags', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'oky-examples-'));
  const validation = new Validation();
  apps.forEach(name => {
    validation.add(synthesise(name, path.join(folder, name), {}));
    validation.add(synthesise(name, path.join(folder, `${name}-flags`), RECOMMENDED_FLAGS));
  });
  expect(validation.findings()).toEqual([]);
  expect(apps.length).toBeGreaterThanOrEqual(3);
  expect(validation.counts.templates).toBeGreaterThan(2 * apps.length);
  fs.rmSync(folder, { recursive: true });
});
