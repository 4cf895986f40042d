import { REGION_FACTS } from '../../private/region-facts';

/** The regions of which everything is known that it takes to synthesise without an account. */
export const REGIONS = Object.keys(REGION_FACTS).filter(region => REGION_FACTS[region].prefixListId !== undefined);

/** Two zones of a region, for a person who names none. */
export function usualZones(region: string): string | undefined {
  const letters = REGION_FACTS[region]?.zones ?? 'ab';
  return letters === '' ? undefined : [...letters].map(letter => region + letter).join(',');
}
