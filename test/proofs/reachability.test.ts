import { disproved, LOOKED_UP } from './reachability';
import { COMBINATIONS, nameOf, props } from '../../scripts/deployments/matrix';
import { synthesise, templates } from '../../scripts/deployments/synthesis';

describe('every proof of reachability holds', () => {
  test.each(COMBINATIONS.map(on => [nameOf(on), on] as const))('%s', (_, on) => {
    expect(disproved(templates(synthesise(props(on))), { prefixListId: LOOKED_UP, egress: false })).toEqual({});
  });
});
