import { US_EAST_1 } from './credentials';
import { vpcsOf } from './quotas';
import type { Check } from '../check';
import { forEach } from '../check';
import { finding, type Finding } from '../findings';

interface Summary {
  readonly SummaryMap: { readonly AccountMFAEnabled?: number; readonly AccountAccessKeysPresent?: number; readonly AccountPasswordPresent?: number };
}

export const rootUser: Check = {
  name: 'root user',
  run: async ({ aws }) => {
    const { SummaryMap } = await aws.call<Summary>('iam', 'get-account-summary', [], US_EAST_1);
    const { AccountMFAEnabled: factors, AccountAccessKeysPresent: hasKeys = 0, AccountPasswordPresent: hasPassword = 1 } = SummaryMap;
    const show = (name: keyof Summary['SummaryMap']) => aws.command(['iam', 'get-account-summary', '--query', `SummaryMap.${name}`]);
    const findings: Finding[] = [];
    // An organisation can take the credentials of the root user away.
    if (!factors && (hasPassword || hasKeys)) {
      findings.push(finding('root-mfa', 'the root user logs in with a password alone', show('AccountMFAEnabled'),
        'only the root user can change it: in the console, at the name above on the right, "Security credentials"; then this prints 1'));
    }
    if (hasKeys) {
      findings.push(finding('root-keys', 'the root user has access keys', show('AccountAccessKeysPresent'),
        'only the root user can delete them: in the console, at the name above on the right, "Security credentials"; then this prints 0'));
    }
    return findings;
  },
};

export const guardDuty: Check = {
  name: 'GuardDuty',
  run: async ({ aws, deployment }) => {
    const { region } = deployment.place;
    const { DetectorIds = [] } = await aws.call<{ readonly DetectorIds?: string[] }>('guardduty', 'list-detectors', [], region);
    const [id] = DetectorIds;
    const { Status } = id === undefined ? { Status: undefined } : await aws.call<{ readonly Status: string }>('guardduty', 'get-detector', ['--detector-id', id], region);
    if (Status === 'ENABLED') {
      return [];
    }
    return [id === undefined
      ? finding('guardduty', `${region} has no detector`, aws.command(['guardduty', 'create-detector', '--enable'], region), 'it costs by what it reads, a few dollars a month for an account like this')
      : finding('guardduty', `the detector in ${region} is ${Status}`, aws.command(['guardduty', 'update-detector', '--detector-id', id, '--enable'], region))];
  },
};

export const defaultVpc: Check = {
  name: 'default VPC',
  run: async context => {
    const { aws, deployment } = context;
    const { region } = deployment.place;
    const { Vpcs } = await vpcsOf(context);
    return forEach(Vpcs.filter(({ IsDefault }) => IsDefault), async ({ VpcId }) => {
      const args = ['--filters', `Name=vpc-id,Values=${VpcId}`];
      const { NetworkInterfaces = [] } = await aws.call<{ readonly NetworkInterfaces?: unknown[] }>('ec2', 'describe-network-interfaces', args, region);
      return NetworkInterfaces.length === 0 ? [] : [finding('default-vpc', `${VpcId}, the default VPC of ${region}, is in use, network interfaces in it: ${NetworkInterfaces.length}`,
        aws.command(['ec2', 'describe-network-interfaces', ...args, '--query', 'NetworkInterfaces[].[NetworkInterfaceId,InterfaceType,Description]'], region),
        'this lists what they belong to: move that to a VPC of its own, or delete it')];
    });
  },
};
