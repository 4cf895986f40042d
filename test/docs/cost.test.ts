import { added, CHOICES, NEW_REGION, PROFILES, standing } from '../../scripts/docs/cost';
import { current } from '../../scripts/docs/documents';

describe('each choice in the README adds what it is said to add:', () => {
  const amounts = added();
  const rows = current('README.md').split('\n').filter(line => line.startsWith('| ')).map(line => line.slice(2, -2).split(' | '));
  const written = Object.fromEntries(rows.map(cells => [cells[0], cells.at(-1)!.replace('−', '-')]));

  test.each([...Object.keys(CHOICES), NEW_REGION])('%s', name => {
    // Storage has a price only once there is something in it.
    expect(written[name].replace(/ and up$|^to /, '').replace('storage only', '0.00')).toBe(amounts[name].toFixed(2));
  });
});

test('the smallest profile is below 75', () => {
  expect(standing(PROFILES.smallest)).toBeLessThan(75);
});

test('what a VPC made here costs at the least is said for any hours that the database is awake', () => {
  const text = current('README.md').replace(/\s+/g, ' ');
  const [, small, anHour] = /least for production there: ([\d.]+), and ([\d.]+) for each hour a day .* under 75 for a pilot with one such hour/.exec(text)!;
  const [, trial] = /\*For trying out\* is ([\d.]+) and as much for each hour: under 75 up to seven\./.exec(text)!;
  const awake = (profile: keyof typeof PROFILES, databaseHoursADay: number) => standing({ ...PROFILES[profile], databaseHoursADay });
  expect([small, trial, anHour]).toEqual([awake('small', 0), awake('for trying out', 0), awake('small', 1) - awake('small', 0)].map(usd => usd.toFixed(2)));
  expect([awake('small', 1), awake('for trying out', 7)].filter(usd => usd >= 75)).toEqual([]);
  expect([awake('small', 2), awake('for trying out', 8)].filter(usd => usd < 75)).toEqual([]);
});
