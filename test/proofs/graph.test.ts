import { misfits } from './graph';
import { EXAMPLES, synthesise } from '../../scripts/deployments/synthesis';

/** What somebody asked for who wants all logs kept. */
const ENDLESS = 'logs without end';

describe('everything fits together', () => {
  test.each(Object.entries(EXAMPLES).filter(([name]) => name !== ENDLESS))('%s', (_, { overrides, options }) => {
    expect(misfits(synthesise(overrides, options))).toEqual({});
  });

  test('but for a retention, where none was wanted', () => {
    const { overrides } = EXAMPLES[ENDLESS];
    expect(Object.keys(misfits(synthesise(overrides)))).toEqual(['every log has its group, made before and with a retention']);
  });
});
