/** What of a region must be known to synthesise without an account. */
export interface RegionFacts {
  /** The id of CloudFront's prefix list there. */
  readonly prefixListId: string;
  /** The letters of two zones that every account has, if there are such. @default 'ab' */
  readonly zones?: string;
}

/**
 * The managed prefix list `com.amazonaws.global.cloudfront.origin-facing` of each region. AWS prints the ids nowhere but in
 * each account, where they are the same; these are as several public repositories have them. A wrong one opens nothing: AWS refuses an
 * id that it doesn't have in that region.
 */
export const REGIONS: Record<string, RegionFacts> = {
  'af-south-1': { prefixListId: 'pl-c0aa4fa9' },
  'ap-east-1': { prefixListId: 'pl-14b2577d' },
  'ap-northeast-1': { prefixListId: 'pl-58a04531', zones: 'ac' },
  'ap-northeast-2': { prefixListId: 'pl-22a6434b' },
  'ap-northeast-3': { prefixListId: 'pl-31a14458' },
  'ap-south-1': { prefixListId: 'pl-9aa247f3' },
  'ap-southeast-1': { prefixListId: 'pl-31a34658' },
  'ap-southeast-2': { prefixListId: 'pl-b8a742d1' },
  'ca-central-1': { prefixListId: 'pl-38a64351' },
  'eu-central-1': { prefixListId: 'pl-a3a144ca' },
  'eu-north-1': { prefixListId: 'pl-fab65393' },
  'eu-south-1': { prefixListId: 'pl-1bbc5972' },
  'eu-west-1': { prefixListId: 'pl-4fa04526' },
  'eu-west-2': { prefixListId: 'pl-93a247fa' },
  'eu-west-3': { prefixListId: 'pl-75b1541c' },
  'me-south-1': { prefixListId: 'pl-17b2577e' },
  'sa-east-1': { prefixListId: 'pl-5da64334' },
  'us-east-1': { prefixListId: 'pl-3b927c52' },
  'us-east-2': { prefixListId: 'pl-b6a144df' },
  // An account has two of its three zones, and not every account the same two.
  'us-west-1': { prefixListId: 'pl-4ea04527', zones: '' },
  'us-west-2': { prefixListId: 'pl-82a045eb' },
};

/** Two zones of a region, for who doesn't say which. */
export function usualZones(region: string): string | undefined {
  const letters = REGIONS[region]?.zones ?? 'ab';
  return letters === '' ? undefined : [...letters].map(letter => region + letter).join(',');
}
