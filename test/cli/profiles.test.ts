import * as fs from 'fs';
import * as path from 'path';
import { generate, LEAST, run } from './helpers';
import { estimate, PROFILES as PRICED } from '../../scripts/docs/cost';
import { OkyCostEstimate } from '../../src';
import { PROFILES } from '../../src/cli/init/profiles';

/** The profiles of the generator are those of the README. */
const README = fs.readFileSync(path.join(__dirname, '..', '..', 'README.md'), 'utf8');
const IN_README: Record<string, string> = {
  'whole-country': 'for a whole country', 'whole-country-always-awake': 'the same, answering at once at any hour',
};
const nameIn = (profile: string) => IN_README[profile] ?? profile.replaceAll('-', ' ');

test('all but the one that needs a VPC', () => {
  expect([...Object.keys(PROFILES).map(nameIn), 'smallest'].sort()).toEqual(Object.keys(PRICED).sort());
});

test.each(Object.keys(PROFILES))('%s costs what the README says', profile => {
  const [, price] = new RegExp(`^\\| ${nameIn(profile)} \\|.*\\| ([\\d.]+) \\|$`, 'm').exec(README)!;
  expect(PROFILES[profile].usdAMonth.toFixed(2)).toBe(price);
});

test.each(Object.keys(PROFILES))('%s makes what the README works its price out from, but for the images', async profile => {
  const { overrides } = PRICED[nameIn(profile)];
  if (typeof overrides === 'function') {
    throw new Error('the props need a stack');
  }
  const withoutImages = estimate({ ...overrides, api: { ...overrides.api, imageTag: undefined }, cms: { ...overrides.cms, imageTag: undefined } });
  const { app } = run(await generate({ ...LEAST, profile }));
  const templates = app.synth().stacksRecursively.map(({ template }) => template as { [key: string]: unknown });
  expect(OkyCostEstimate.fromTemplates(templates).lines).toEqual(withoutImages.lines);
});
