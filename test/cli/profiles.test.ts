import { generate, LEAST, run } from './helpers';
import { overridesOf } from '../../scripts/deployments/profiles';
import { estimate } from '../../scripts/docs/cost';
import { OkyCostEstimate } from '../../src';
import { priceOf, PROFILES } from '../../src/cli/init/profiles';
import { QUESTIONS } from '../../src/cli/init/questions';

test('small costs at most 65 USD a month in eu-west-2, and for-trying-out at most 40', () => {
  expect(estimate(overridesOf('small')).standing).toBeLessThanOrEqual(65);
  expect(estimate(overridesOf('for-trying-out'), { databaseHoursADay: 2 }).standing).toBeLessThanOrEqual(40);
});

test.each(Object.keys(PROFILES))('%s has a price in each region that is known, and a note with the region elsewhere', profile => {
  expect(priceOf(profile, 'af-south-1')).toBeGreaterThan(priceOf(profile, 'eu-west-2')!);
  const meanings = (region?: string) => QUESTIONS.profile.choices!({ region })[profile];
  expect(meanings('af-south-1')).toContain(`(about ${priceOf(profile, 'af-south-1')} USD a month)`);
  for (const region of [undefined, 'eu-east-9']) {
    expect(meanings(region)).toContain(`(about ${priceOf(profile, 'eu-west-2')} USD a month in eu-west-2)`);
  }
});

test.each(Object.keys(PROFILES))('%s makes what its price is worked out from, but for the images', async profile => {
  const props = overridesOf(profile);
  if (typeof props === 'function') {
    throw new Error('the props need a stack');
  }
  const withoutImages = estimate({ ...props, api: { ...props.api, imageTag: undefined }, cms: { ...props.cms, imageTag: undefined } });
  const { app } = run(await generate({ ...LEAST, profile }));
  const templates = app.synth().stacksRecursively.map(({ template }) => template as { [key: string]: unknown });
  expect(OkyCostEstimate.fromTemplates(templates, { region: 'eu-west-2' }).lines).toEqual(withoutImages.lines);
});
