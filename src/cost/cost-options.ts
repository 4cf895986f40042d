/**
 * Where the people are whom CloudFront answers: its prices depend on that, and not on the region of the stack. The zones are
 * those of AWS's price page.
 *
 * @see https://aws.amazon.com/cloudfront/pricing/
 */
export enum OkyViewers {
  /** The United States, Mexico and Canada. */
  NORTH_AMERICA = 'NORTH_AMERICA',
  /** Europe and Israel. */
  EUROPE_AND_ISRAEL = 'EUROPE_AND_ISRAEL',
  /** South Africa, Kenya, the Middle East, and the African countries that they serve. */
  AFRICA_AND_MIDDLE_EAST = 'AFRICA_AND_MIDDLE_EAST',
  /** South America. */
  SOUTH_AMERICA = 'SOUTH_AMERICA',
  /** Japan. */
  JAPAN = 'JAPAN',
  /** Australia and New Zealand. */
  AUSTRALIA_AND_NEW_ZEALAND = 'AUSTRALIA_AND_NEW_ZEALAND',
  /** Hong Kong, Indonesia, the Philippines, Singapore, South Korea, Taiwan, Thailand and their neighbours. */
  ASIA_PACIFIC = 'ASIA_PACIFIC',
  /** India. */
  INDIA = 'INDIA',
}

/** What an estimate needs and a template does not have: how much the deployment is used, and where. The defaults fit a small country's first year. */
export interface OkyUsage {
  /**
   * The region whose prices are used, such as `af-south-1`. An estimate of a stack knows its region; an estimate of a template does not.
   *
   * @default - the region of the stack; for a template, and for a region without known prices, eu-west-2, which `notes` then says
   */
  readonly region?: string;

  /**
   * Where the users are.
   *
   * @default - near the region
   */
  readonly viewers?: OkyViewers;

  /**
   * For how many hours a day the database is awake, 0 to 24. Of effect where it can pause.
   *
   * @default 8
   */
  readonly databaseHoursADay?: number;

  /**
   * The capacity units (ACU) that each database instance needs while it is awake. The metric `ServerlessDatabaseCapacity` shows them.
   *
   * @default - 0.5, and 1 for the upper end of the range
   */
  readonly databaseCapacity?: number;

  /**
   * The data in the database, in GB.
   *
   * @default 1
   */
  readonly databaseGb?: number;

  /**
   * The reads and writes of the database's storage in a month, in millions.
   *
   * @default 1
   */
  readonly databaseMillionIos?: number;

  /**
   * The backups in backup vaults, in GB; those that the database keeps itself are free.
   *
   * @default 5
   */
  readonly backupGb?: number;

  /**
   * What an hour of a provisioned database instance costs, in USD; there are too many classes to list.
   *
   * @default - provisioned instances are named as not priced
   * @see https://aws.amazon.com/rds/aurora/pricing/
   */
  readonly databaseInstanceUsdAnHour?: number;

  /**
   * The average number of tasks of each service that scales.
   *
   * @default - the least that it scales to
   */
  readonly scaledTasks?: number;

  /**
   * The requests of a month, in millions.
   *
   * @default 1
   */
  readonly millionRequests?: number;

  /**
   * What CloudFront sends out in a month, in GB.
   *
   * @default 10
   */
  readonly outGb?: number;

  /**
   * What is written to all log groups in a month, in GB.
   *
   * @default 1
   */
  readonly logGb?: number;

  /**
   * The flow logs of a month, in GB.
   *
   * @default 1
   */
  readonly flowLogGb?: number;

  /**
   * What goes through NAT gateways in a month, in GB.
   *
   * @default 1
   */
  readonly natGb?: number;

  /**
   * What lies in all buckets, in GB.
   *
   * @default 1
   */
  readonly bucketGb?: number;

  /**
   * The images in each repository, in GB.
   *
   * @default 1
   */
  readonly imageGb?: number;
}

/** One line of an estimate. */
export interface OkyCostLine {
  /** What it is for, such as `interface endpoints` or `tasks: api`. */
  readonly kind: string;
  /** How many of them there are. */
  readonly quantity: number;
  /** How it is worked out. */
  readonly arithmetic: string;
  /** The cost of a month, in USD: the lower end where it is a range. */
  readonly usd: number;
  /** The upper end of the range, in USD; the same as `usd` where the template and the usage decide the cost. */
  readonly usdAtMost: number;
  /** Whether it grows with use; the others are there whether anyone comes or not. */
  readonly isUse: boolean;
}
