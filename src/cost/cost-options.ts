/** What is not in a template: how much a deployment is used. The defaults are those of a small country's first year. */
export interface OkyUsage {
  /**
   * For how many hours a day the database is awake, 0 to 24. Of effect where it can pause.
   *
   * @default 8
   */
  readonly databaseHoursADay?: number;

  /**
   * The capacity units that each database instance needs while it is awake.
   *
   * @default 0.5
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
  /** What it comes to in a month, in USD. */
  readonly usd: number;
  /** Whether it grows with use; the others are there whether anyone comes or not. */
  readonly isUse: boolean;
}
