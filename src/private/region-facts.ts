/**
 * What AWS's documents say of its regions, and the features of this construct that follow from it. Read on 28 November 2026.
 * The command line uses it too, so nothing here needs the CDK. Two more tables of regions are generated and have dates of their
 * own: `assets/rds-root-certificates.json`, and the prices of the cost estimate.
 */
export interface RegionFacts {
  /**
   * The id of the managed prefix list `com.amazonaws.global.cloudfront.origin-facing`. AWS prints the ids nowhere but in each
   * account, where they are the same; these are as several public repositories have them. A wrong one opens nothing: AWS refuses
   * an id that it doesn't have in that region. Undefined where it was not found.
   */
  readonly prefixListId?: string;

  /** The letters of two zones that every account has; empty if there are none. @default 'ab' */
  readonly zones?: string;

  /**
   * Aurora PostgreSQL has no Data API there.
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.Aurora_Fea_Regions_DB-eng.Feature.Data_API.html
   */
  readonly lacksDataApi?: true;

  /**
   * Opened since 23 December 2023: tasks on Fargate reach ECS through endpoints of the VPC only.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html
   */
  readonly needsEcsEndpoints?: true;

  /**
   * AWS advised its customers in 2026 to move to other regions, after its data centers there were damaged in March.
   *
   * @see https://health.aws.amazon.com/health/status
   */
  readonly isImpaired?: true;
}

/** The regions of the partition `aws`. @see https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html */
export const REGION_FACTS: Record<string, RegionFacts> = {
  'af-south-1': { prefixListId: 'pl-c0aa4fa9' },
  'ap-east-1': { prefixListId: 'pl-14b2577d' },
  'ap-east-2': { lacksDataApi: true, needsEcsEndpoints: true },
  'ap-northeast-1': { prefixListId: 'pl-58a04531', zones: 'ac' },
  'ap-northeast-2': { prefixListId: 'pl-22a6434b' },
  'ap-northeast-3': { prefixListId: 'pl-31a14458' },
  'ap-south-1': { prefixListId: 'pl-9aa247f3' },
  'ap-south-2': { lacksDataApi: true },
  'ap-southeast-1': { prefixListId: 'pl-31a34658' },
  'ap-southeast-2': { prefixListId: 'pl-b8a742d1' },
  'ap-southeast-3': {},
  'ap-southeast-4': { lacksDataApi: true },
  'ap-southeast-5': { needsEcsEndpoints: true },
  'ap-southeast-6': { lacksDataApi: true, needsEcsEndpoints: true },
  'ap-southeast-7': { needsEcsEndpoints: true },
  'ca-central-1': { prefixListId: 'pl-38a64351' },
  'ca-west-1': { lacksDataApi: true, needsEcsEndpoints: true },
  'eu-central-1': { prefixListId: 'pl-a3a144ca' },
  'eu-central-2': { lacksDataApi: true },
  'eu-north-1': { prefixListId: 'pl-fab65393' },
  'eu-south-1': { prefixListId: 'pl-1bbc5972' },
  'eu-south-2': {},
  'eu-west-1': { prefixListId: 'pl-4fa04526' },
  'eu-west-2': { prefixListId: 'pl-93a247fa' },
  'eu-west-3': { prefixListId: 'pl-75b1541c' },
  'il-central-1': { lacksDataApi: true },
  'me-central-1': { isImpaired: true },
  'me-south-1': { prefixListId: 'pl-17b2577e', isImpaired: true },
  'mx-central-1': { lacksDataApi: true, needsEcsEndpoints: true },
  'sa-east-1': { prefixListId: 'pl-5da64334' },
  'us-east-1': { prefixListId: 'pl-3b927c52' },
  'us-east-2': { prefixListId: 'pl-b6a144df' },
  // An account has two of its three zones, and not every account the same two.
  'us-west-1': { prefixListId: 'pl-4ea04527', zones: '' },
  'us-west-2': { prefixListId: 'pl-82a045eb' },
};

/** A region that opened later is taken for one in which nothing is certain. */
const LATER: RegionFacts = { lacksDataApi: true, needsEcsEndpoints: true };

/** The facts of a region; a region that isn't known is taken for one that opened later. */
export function factsOf(region: string): RegionFacts {
  return REGION_FACTS[region] ?? LATER;
}
