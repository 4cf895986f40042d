import { type Assembled, UnusableCall } from '../assembly';
import { type Aws, AwsError } from '../aws';
import { forEach, type Check } from '../check';
import type { Place } from '../deployment';
import { finding, type Finding } from '../findings';
import { at, listAt } from '../template';

/** Where what is for a whole account is asked for. */
export const US_EAST_1 = 'us-east-1';

/** The region that the app names, or else the one that is asked for. */
export function regionOf({ main }: Assembled, asked: string | undefined, environment: NodeJS.ProcessEnv): string {
  if (main.region !== undefined && asked !== undefined && main.region !== asked) {
    throw new UnusableCall(`--region must be the region of ${main.path}, ${main.region}, or left out, got: ${asked}`);
  }
  const region = main.region ?? asked ?? environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION;
  if (!region) {
    throw new UnusableCall(`${main.path} leaves its region open: name it with --region`);
  }
  return region;
}

/** Who asks, and whether it is the account that the app is for: nothing else can be said before. */
export async function checkCredentials(aws: Aws, { main }: Assembled, region: string): Promise<Place | Finding> {
  let identity: { readonly Account: string; readonly Arn: string };
  try {
    identity = await aws.call('sts', 'get-caller-identity', [], US_EAST_1);
  } catch (error) {
    if (!(error instanceof AwsError)) {
      throw error;
    }
    return error.code === 'ENOENT'
      ? finding('aws-cli', error.message, 'aws --version', 'install it as https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html says; then this prints its version')
      : finding('credentials', `AWS does not know who asks: ${error.message}`, aws.command(['sts', 'get-caller-identity']),
        'log in, with aws sso login or aws configure; then this prints who you are');
  }
  const { Account: account, Arn } = identity;
  if (main.account !== undefined && main.account !== account) {
    return finding('account', `the credentials are for the account ${account}, ${main.path} is for ${main.account}`, aws.command(['sts', 'get-caller-identity']),
      `use credentials of ${main.account}, with --profile for example, or change the account in the app; this prints whose the present ones are`);
  }
  return { account, region, partition: Arn.split(':')[1] };
}

/** A region that is not turned on answers nothing. */
export async function checkRegion(aws: Aws, region: string): Promise<Finding[]> {
  const { Regions } = await aws.call<{ readonly Regions: { readonly RegionName: string; readonly OptInStatus: string }[] }>(
    'ec2', 'describe-regions', ['--all-regions'], US_EAST_1);
  const status = Regions.find(({ RegionName }) => RegionName === region)?.OptInStatus;
  if (status === 'opt-in-not-required' || status === 'opted-in') {
    return [];
  }
  return [finding('region', `${region} is ${status ?? 'not a region of this account\'s'}`, aws.command(['account', 'enable-region', '--region-name', region]),
    'it takes minutes to hours until the region answers')];
}

export const copyRegions: Check = {
  name: 'regions of copies',
  run: async ({ aws, deployment }) => {
    const vaults = deployment.resources('AWS::Backup::BackupPlan', [deployment.main]).flatMap(({ Properties }) =>
      listAt(Properties, 'BackupPlan', 'BackupPlanRule').flatMap(rule => listAt(rule, 'CopyActions')))
      .map(action => deployment.textOf(deployment.main, at(action, 'DestinationBackupVaultArn'))?.split(':')[3]);
    const elsewhere = [...new Set(vaults)].filter(region => region !== undefined && region !== deployment.place.region) as string[];
    return forEach(elsewhere, async region => checkRegion(aws, region));
  },
};
