/** What a finding is about, and why it matters; what was found, and the command that mends it, are said where it is found. */
export interface Kind {
  readonly about: string;
  readonly why: string;
}

/** All that can be found, in the order of the checks. */
export const KINDS = {
  'aws-cli': { about: 'no AWS command line', why: 'every check asks AWS through it' },
  'credentials': { about: 'no valid credentials', why: 'nothing in the account can be looked at, and nothing deployed' },
  'account': { about: 'credentials for another account than the app is for', why: 'a deployment would be refused, or would make a second backend beside the first' },
  'region': { about: 'a region that the account has not turned on', why: 'nothing can be made in it, and no backup copied to it' },

  'bootstrap': { about: 'a region without the CDK\'s bootstrap stack', why: 'the CDK deploys through its roles and its bucket' },
  'bootstrap-version': { about: 'a bootstrap stack that is too old', why: 'the deployment stops before it begins' },
  'service-linked-role': { about: 'a service-linked role that the account does not have yet', why: 'AWS creates it with the first resource and uses it too soon: the first deployment fails' },
  'stack-state': { about: 'a stack in a state that no deployment starts from', why: 'CloudFormation refuses to update it until it is out of that state' },

  'quota-vpcs': { about: 'no VPC left under the quota', why: 'the deployment rolls back when the VPC is refused' },
  'quota-addresses': { about: 'too few elastic IP addresses left under the quota', why: 'each NAT gateway takes one, and the deployment rolls back' },
  'quota-vcpus': { about: 'too few vCPUs under the quota of a new account', why: 'tasks or the NAT instance don\'t start, and the deployment rolls back' },
  'quota-rules': { about: 'more rules in a security group than the quota', why: 'a prefix list counts as many rules as it may have entries: CloudFront\'s as 55 of usually 60' },
  'prefix-list': { about: 'a prefix list that the region does not have', why: 'the load balancer lets in nobody but CloudFront, by that list; its id differs by region' },

  'zone': { about: 'an availability zone that the account does not have', why: 'the subnets are in zones that were looked up in another account or region' },
  'endpoint-zone': { about: 'a zone without a service that needs an endpoint there', why: 'tasks in it could not reach what they start from' },
  'vpc-origin-zone': { about: 'a zone that CloudFront\'s VPC origins don\'t reach', why: 'CloudFront refuses a load balancer there as a VPC origin' },

  'database-version': { about: 'a version of Aurora PostgreSQL that the region does not have, or that is older than the snapshot\'s', why: 'the database can\'t be made' },
  'database-pause': { about: 'a version of Aurora PostgreSQL that does not pause', why: 'database.minCapacity 0 is refused for it' },
  'database-support': {
    about: 'a version of Aurora PostgreSQL whose standard support ends within half a year, or has ended',
    why: 'AWS charges for Extended Support from that day on, by the capacity unit and hour',
  },
  'database-class': { about: 'an instance class that is not offered in the zones', why: 'the database can\'t be made there' },

  'certificate': { about: 'a certificate that is not there', why: 'neither CloudFront nor the load balancer starts without it' },
  'certificate-status': { about: 'a certificate that is not issued', why: 'only an issued one can be used; a deployment that makes it waits, and gives up' },
  'certificate-names': { about: 'a certificate that is not for both hosts', why: 'phones refuse the connection to a host that is not named in it' },
  'certificate-authority': { about: 'CAA records that do not allow Amazon to issue certificates', why: 'a certificate for the hosts is not issued, and one that exists is not renewed' },

  'zone-id': { about: 'a hosted zone that is not there', why: 'certificates are validated by records in it, and the hosts are records in it' },
  'zone-private': { about: 'a hosted zone that is private', why: 'nobody outside of a VPC reads its records, so certificates are never issued' },
  'zone-name': { about: 'a hosted zone of another domain than the hosts\'', why: 'the records of the hosts can\'t be made in it' },
  'zone-delegation': { about: 'a hosted zone that the domain is not delegated to', why: 'its records are not seen: certificates are never issued, and the hosts not found' },
  'host-record': { about: 'a host that does not lead to the distribution', why: 'phones don\'t find the backend' },

  'repository': { about: 'an image in a repository that is not there', why: 'the tasks can\'t start, and the deployment fails' },
  'repository-taken': { about: 'a repository of the name that the deployment is to make', why: 'the first deployment fails, as a name is there once' },
  'image-parameter': { about: 'a parameter of an image\'s tag that is not there', why: 'CloudFormation reads it before anything else, and refuses the deployment' },
  'image': { about: 'a repository without the image of the named tag', why: 'the tasks can\'t start, and the deployment fails' },

  'environment-file': { about: 'an environment file that is not there', why: 'tasks that name one don\'t start without it' },
  'environment-file-line': { about: 'a line of an environment file that does not do what it says', why: 'ECS takes each line as it is, without quotes, comments or expansion' },

  'github-subject': { about: 'a role for GitHub that trusts a repository by its name alone', why: 'GitHub\'s tokens have ids in them for repositories from after 15 July 2026: their workflows can\'t assume the role' },

  'alarm-email': { about: 'an address of alarms that has not confirmed', why: 'alarms are sent to nobody until the link in the first mail is followed' },

  'key': { about: 'an imported key that can\'t be used', why: 'logs, secrets and configuration are under it' },
  'key-policy': { about: 'an imported key whose policy lacks a statement', why: 'log groups are refused, or alarms vanish without a word' },

  'root-mfa': { about: 'a root user without a second factor', why: 'whoever has its password has the account, the data, and the backups' },
  'root-keys': { about: 'access keys of the root user', why: 'nothing limits what they can do, and no second factor is asked for' },
  'guardduty': { about: 'GuardDuty is off', why: 'nobody notices when credentials are used by somebody else' },
  'default-vpc': { about: 'something runs in the region\'s default VPC', why: 'its subnets are public, which nothing near health data should be' },
} as const satisfies Record<string, Kind>;

export type FindingId = keyof typeof KINDS;

/** Something that is to be mended. */
export interface Finding {
  readonly id: FindingId;
  /** What is wrong, with its names and numbers. */
  readonly what: string;
  readonly why: string;
  /** What a person has to know or choose before the command. */
  readonly how?: string;
  /** The command that mends it, or shows what a person needs who does it elsewhere. */
  readonly mend: string;
}

export function finding(id: FindingId, what: string, mend: string, how?: string): Finding {
  return { id, what, why: KINDS[id].why, ...(how === undefined ? {} : { how }), mend };
}
