/** When the prices were taken, and where from. */
export const PRICES_FROM = 'the list prices of eu-west-2 in October 2026, in USD, without tax';

/** As AWS's own calculator counts it. */
export const HOURS_A_MONTH = 730;

/**
 * The list prices of eu-west-2 on demand, October 2026, in USD: transcribed by third parties from AWS's price lists, and
 * not read from them by this project. Those with a mark are not in those transcripts, and say where they come from.
 *
 * @see https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-price-list-fetching-bulk.html
 */
export const PRICE = {
  endpointHour: 0.011,
  balancerHour: 0.02646,
  balancerUnitHour: 0.0084,
  addressHour: 0.005,
  natHour: 0.05,
  natGb: 0.05,
  cpuHour: 0.04656,
  memoryGbHour: 0.00511,
  armCpuHour: 0.03725,
  armMemoryGbHour: 0.00409,
  /** (*) Changes with supply: AWS says up to 70 % off. @see https://aws.amazon.com/fargate/pricing/ */
  spotShare: 0.3,
  capacityHour: 0.14,
  databaseGb: 0.1,
  databaseMillionIos: 0.2,
  backupGb: 0.022,
  key: 1,
  secret: 0.4,
  alarm: 0.1,
  metric: 0.3,
  /** (*) @see https://aws.amazon.com/cloudwatch/pricing/ */
  compositeAlarm: 0.5,
  /** (*) Each after the first three of an account. @see https://aws.amazon.com/cloudwatch/pricing/ */
  dashboard: 3,
  logGb: 0.5985,
  /** (*) Half of what a log group takes, as in us-east-1. @see https://aws.amazon.com/cloudwatch/pricing/ */
  flowLogGb: 0.29925,
  /** (*) The same in all regions. @see https://aws.amazon.com/waf/pricing/ */
  webAcl: 5,
  webAclRule: 1,
  webAclMillionRequests: 0.6,
  cloudFrontGb: 0.085,
  cloudFrontTenThousandRequests: 0.012,
  bucketGb: 0.024,
  imageGb: 0.1,
  diskGb: 0.0928,
  hostedZone: 0.5,
} as const;

/** (*) By the hour; the types that a NAT instance is made of. */
export const INSTANCE_HOUR: Record<string, number> = { 't4g.nano': 0.0047 };

/** What CloudFront gives away each month, for ever. */
export const CLOUDFRONT_FREE = { gb: 1000, requestMillions: 10 } as const;
