"""What the doctor is to find, and in what it is to find it."""

from dataclasses import dataclass, field

REGION = "eu-west-2"
ZONES = [f"{REGION}{zone}" for zone in "abc"]


def query(operation: str, result: str) -> str:
    return f"<{operation}Response><{operation}Result>{result}</{operation}Result></{operation}Response>"


def items(*members: str, name: str = "item") -> str:
    return "".join(f"<{name}>{member}</{name}>" for member in members)


def quota(value: int) -> str:
    return f'{{"Quota": {{"ServiceCode": "vpc", "QuotaCode": "x", "Value": {value}.0}}}}'


def summary(**numbers: int) -> str:
    entries = items(*(f"<key>{name}</key><value>{number}</value>" for name, number in numbers.items()), name="entry")
    return query("GetAccountSummary", f"<SummaryMap>{entries}</SummaryMap>")


def endpoint_services(**zones: list) -> str:
    found = [f"<serviceName>com.amazonaws.{REGION}.{name.replace('_', '.')}</serviceName><availabilityZoneSet>{items(*where)}</availabilityZoneSet>"
             for name, where in zones.items()]
    return f"<DescribeVpcEndpointServicesResponse><serviceDetailSet>{items(*found)}</serviceDetailSet></DescribeVpcEndpointServicesResponse>"


def versions(*least: str) -> str:
    found = [f"<EngineVersion>17.7</EngineVersion><ServerlessV2FeaturesSupport><MinCapacity>{each}</MinCapacity></ServerlessV2FeaturesSupport>" for each in least]
    return query("DescribeDBEngineVersions", f"<DBEngineVersions>{items(*found, name='DBEngineVersion')}</DBEngineVersions>")


def lifecycle(end: str) -> str:
    life = f"<SupportedEngineLifecycle><LifecycleSupportName>open-source-rds-standard-support</LifecycleSupportName><LifecycleSupportEndDate>{end}</LifecycleSupportEndDate></SupportedEngineLifecycle>"
    version = f"<DBMajorEngineVersion><MajorEngineVersion>17</MajorEngineVersion><SupportedEngineLifecycles>{life}</SupportedEngineLifecycles></DBMajorEngineVersion>"
    return query("DescribeDBMajorEngineVersions", f"<DBMajorEngineVersions>{version}</DBMajorEngineVersions>")


def orderable(*zones: str) -> str:
    offer = f"<AvailabilityZones>{items(*(f'<Name>{zone}</Name>' for zone in zones), name='AvailabilityZone')}</AvailabilityZones>"
    return query("DescribeOrderableDBInstanceOptions", f"<OrderableDBInstanceOptions>{items(offer, name='OrderableDBInstanceOption')}</OrderableDBInstanceOptions>")


def zones(*ids: str) -> str:
    found = [f"<zoneName>{name}</zoneName><zoneId>{each}</zoneId><zoneState>available</zoneState>" for name, each in zip(ZONES, ids)]
    return f"<DescribeAvailabilityZonesResponse><availabilityZoneInfo>{items(*found)}</availabilityZoneInfo></DescribeAvailabilityZonesResponse>"


EVERYWHERE = {name: ZONES for name in ("ecr_api", "ecr_dkr", "logs", "secretsmanager")}
# What the emulator can't say, in the shape of AWS's models of the services: the command line reads nothing else. An answer
# is for the requests that all of its words are in: operation, credentials with their region, and body.
ALWAYS = {
    ("DescribeVpcEndpointServices",): endpoint_services(**EVERYWHERE),
    ("DescribeDBEngineVersions", "DefaultOnly=true"): versions("0"),
    ("DescribeDBMajorEngineVersions",): lifecycle("2099-02-28T00:00:00Z"),
    ("DescribeOrderableDBInstanceOptions", "db.serverless"): orderable(*ZONES),
    ("GetAWSDefaultServiceQuota", "L-0263D0A3"): quota(5),
    ("GetServiceQuota", "L-3032A538"): quota(6),
    ("GetAccountSummary",): summary(AccountMFAEnabled=1, AccountAccessKeysPresent=0, AccountPasswordPresent=1),
}


@dataclass
class Case:
    """An account in which something is broken, or an app that asks for what its account does not have."""

    # The finding, which is the only one.
    finding: str
    what: str
    mend: str
    # Which assembly, in an account that is what.
    assembly: str = "before"
    account: str = ""
    # In the place of what the emulator says.
    answers: dict = field(default_factory=dict)
    # Words of the assembly, and what stands there instead: a name of what the account has, or a text.
    names: dict = field(default_factory=dict)
    # What the domain name system says, in place of what it should.
    records: dict = field(default_factory=dict)
    # What is different in the terminal.
    environment: dict = field(default_factory=dict)


HOSTED = {"assembly": "deployed", "account": "deployed"}
ELSEWHERE = {"account": "deployed, with DNS elsewhere"}
PENDING = '{"Certificate": {"CertificateArn": "x", "DomainName": "api.okyapp.info", "SubjectAlternativeNames": ["cms.okyapp.info"], "Status": "PENDING_VALIDATION"}}'
EXPIRED = PENDING.replace("PENDING_VALIDATION", "EXPIRED")
REGIONS = f"""<DescribeRegionsResponse><regionInfo>{items(f'<regionName>{REGION}</regionName><optInStatus>not-opted-in</optInStatus>')}</regionInfo></DescribeRegionsResponse>"""
FAILED = query("DescribeStacks", "<Stacks><member><StackName>x</StackName><CreationTime>2026-11-25T00:00:00Z</CreationTime><StackStatus>%s</StackStatus></member></Stacks>")
UNCONFIRMED = query("ListSubscriptionsByTopic", "<Subscriptions><member><SubscriptionArn>PendingConfirmation</SubscriptionArn><Protocol>email</Protocol>"
                    "<Endpoint>ops@okyapp.info</Endpoint></member></Subscriptions>")
CASES = {
    "no command line": Case(
        "aws-cli",
        "the program aws is not on the path",
        "aws --version",
        environment={"PATH": "/nowhere"},
    ),
    "no credentials": Case(
        "credentials",
        'AWS does not know who asks: Unable to locate credentials. You can configure credentials by running "aws configure".',
        "aws sts get-caller-identity",
        environment={"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_SESSION_TOKEN": ""},
    ),
    "another account": Case(
        "account",
        "the credentials are for the account <account>, OkyBackend is for 111122223333",
        "aws sts get-caller-identity",
        names={"111122223333": "111122223333"},
    ),
    "a region that is off": Case(
        "region",
        "eu-west-2 is not-opted-in",
        "aws account enable-region --region-name eu-west-2",
        answers={("DescribeRegions",): REGIONS},
    ),
    "no bootstrap in us-east-1": Case(
        "bootstrap",
        "us-east-1 has no /cdk-bootstrap/hnb659fds/version",
        "npx cdk bootstrap aws://<account>/us-east-1",
        account="without bootstrap",
    ),
    "an old bootstrap": Case(
        "bootstrap-version",
        "eu-west-2 has version 5 of the bootstrap stack, OkyBackend needs 6",
        "npx cdk bootstrap aws://<account>/eu-west-2",
        account="with an old bootstrap",
    ),
    "an account that never had a cluster": Case(
        "service-linked-role",
        "the account has no role AWSServiceRoleForECS, which AWS::ECS::Cluster needs",
        "aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com",
        account="without a role for ECS",
    ),
    "a stack that rolled back": Case(
        "stack-state",
        "OkyBackend is ROLLBACK_COMPLETE",
        "aws cloudformation delete-stack --stack-name OkyBackend --region eu-west-2",
        **ELSEWHERE, answers={("DescribeStacks", "=OkyBackend"): FAILED % "ROLLBACK_COMPLETE"},
    ),
    "a stack that was half deleted": Case(
        "stack-state",
        "OkyBackend is DELETE_FAILED",
        "aws cloudformation describe-stack-events --stack-name OkyBackend --region eu-west-2",
        **ELSEWHERE, answers={("DescribeStacks", "=OkyBackend"): FAILED % "DELETE_FAILED"},
    ),
    "a stack that could not roll back": Case(
        "stack-state",
        "OkyBackend is UPDATE_ROLLBACK_FAILED",
        "aws cloudformation continue-update-rollback --stack-name OkyBackend --region eu-west-2",
        **ELSEWHERE, answers={("DescribeStacks", "=OkyBackend"): FAILED % "UPDATE_ROLLBACK_FAILED"},
    ),
    "no VPC left": Case(
        "quota-vpcs",
        "eu-west-2 has 1 of 1 VPCs, and the deployment makes 1 more",
        "aws service-quotas request-service-quota-increase --service-code vpc --quota-code L-F678F1CE --desired-value 2 --region eu-west-2",
        answers={("GetServiceQuota", "L-F678F1CE"): quota(1)},
    ),
    "no address left": Case(
        "quota-addresses",
        "eu-west-2 has 0 of 0 elastic IP addresses, and the deployment makes 1 more",
        "aws service-quotas request-service-quota-increase --service-code ec2 --quota-code L-0263D0A3 --desired-value 1 --region eu-west-2",
        answers={("GetAWSDefaultServiceQuota", "L-0263D0A3"): quota(0)},
    ),
    "few vCPUs": Case(
        "quota-vcpus",
        "Fargate has 0 vCPUs in eu-west-2, and a deployment of all tasks takes 1",
        "aws service-quotas request-service-quota-increase --service-code fargate --quota-code L-3032A538 --desired-value 1 --region eu-west-2",
        answers={("GetServiceQuota", "L-3032A538"): quota(0)},
    ),
    "few rules": Case(
        "quota-rules",
        "OkyLoadBalancerSecurityGroup39409502 (ingress) counts as 55 rules, of 50 that a security group may have",
        "aws service-quotas request-service-quota-increase --service-code vpc --quota-code L-0EA8095F --desired-value 55 --region eu-west-2",
        answers={("GetServiceQuota", "L-0EA8095F"): quota(50)},
    ),
    "no such prefix list": Case(
        "prefix-list",
        "eu-west-2 has no prefix list pl-00000000",
        "aws ec2 describe-managed-prefix-lists --filters Name=prefix-list-name,Values=com.amazonaws.global.cloudfront.origin-facing --query 'PrefixLists[].PrefixListId' --region eu-west-2",
        names={"pl-93a247fa": "pl-00000000"},
    ),
    "no such zone": Case(
        "zone",
        "subnets are in eu-west-2d, which is none of <account>'s in eu-west-2",
        "npx cdk context --reset availability-zones:account=<account>:region=eu-west-2",
        names={f"{REGION}b": f"{REGION}d"},
    ),
    "a zone without logs": Case(
        "endpoint-zone",
        "eu-west-2b does not have com.amazonaws.eu-west-2.logs",
        "aws ec2 describe-vpc-endpoint-services --filters Name=service-name,Values=com.amazonaws.eu-west-2.ecr.api,com.amazonaws.eu-west-2.ecr.dkr,com.amazonaws.eu-west-2.logs,com.amazonaws.eu-west-2.secretsmanager --query 'ServiceDetails[].[ServiceName,AvailabilityZones]' --region eu-west-2",
        answers={("DescribeVpcEndpointServices",): endpoint_services(**{**EVERYWHERE, "logs": [ZONES[0], ZONES[2]]})},
    ),
    "a zone without VPC origins": Case(
        "vpc-origin-zone",
        "the load balancer is in eu-west-2a, which is cac1-az3",
        "aws ec2 describe-availability-zones --query 'AvailabilityZones[].[ZoneName,ZoneId]' --region eu-west-2",
        **HOSTED, answers={("DescribeAvailabilityZones",): zones("cac1-az3", "cac1-az1", "cac1-az2")},
    ),
    "no such version": Case(
        "database-version",
        "eu-west-2 has no version 17 of aurora-postgresql",
        "aws rds describe-db-engine-versions --engine aurora-postgresql --query 'DBEngineVersions[].[EngineVersion,ServerlessV2FeaturesSupport.MinCapacity]' --region eu-west-2",
        answers={("DescribeDBEngineVersions",): versions()},
    ),
    "a version without pause": Case(
        "database-pause",
        "version 17.7 has a least capacity of 0.5",
        "aws rds describe-db-engine-versions --engine aurora-postgresql --query 'DBEngineVersions[].[EngineVersion,ServerlessV2FeaturesSupport.MinCapacity]' --region eu-west-2",
        answers={("DescribeDBEngineVersions",): versions("0.5")},
    ),
    "a version whose support ends": Case(
        "database-support",
        "AWS ends the standard support of aurora-postgresql 17 on 2026-01-01",
        "aws rds describe-db-major-engine-versions --engine aurora-postgresql --major-engine-version 17 --region eu-west-2",
        answers={("DescribeDBMajorEngineVersions",): lifecycle("2026-01-01T00:00:00Z")},
    ),
    "no instance in the zone": Case(
        "database-class",
        "db.serverless with version 17.7 is not offered in eu-west-2a",
        "aws rds describe-orderable-db-instance-options --engine aurora-postgresql --engine-version 17.7 --db-instance-class db.serverless --query 'OrderableDBInstanceOptions[].AvailabilityZones[].Name' --region eu-west-2",
        answers={("DescribeOrderableDBInstanceOptions",): orderable(ZONES[1], ZONES[2])},
    ),
    "no instance at all": Case(
        "database-class",
        "db.serverless with version 17.7 is not offered in eu-west-2a",
        "aws rds describe-orderable-db-instance-options --engine aurora-postgresql --engine-version 17.7 --db-instance-class db.serverless --query 'OrderableDBInstanceOptions[].AvailabilityZones[].Name' --region eu-west-2",
        answers={("DescribeOrderableDBInstanceOptions",): query("DescribeOrderableDBInstanceOptions", "")},
    ),
    "no such certificate": Case(
        "certificate",
        "eu-west-2 has no certificate arn:aws:acm:eu-west-2:<account>:certificate/00000000-0000-0000-0000-000000000000",
        "aws acm request-certificate --domain-name api.okyapp.info --subject-alternative-names cms.okyapp.info --validation-method DNS --region eu-west-2",
        names={"11111111-2222-3333-4444-555555555555": "00000000-0000-0000-0000-000000000000"},
    ),
    "a certificate that waits": Case(
        "certificate-status",
        "arn:aws:acm:us-east-1:<account>:certificate/<edge certificate> is PENDING_VALIDATION",
        "aws acm describe-certificate --certificate-arn arn:aws:acm:us-east-1:<account>:certificate/<edge certificate> --query 'Certificate.DomainValidationOptions[].ResourceRecord' --region us-east-1",
        answers={("DescribeCertificate", "us-east-1"): PENDING},
    ),
    "a certificate that ended": Case(
        "certificate-status",
        "arn:aws:acm:us-east-1:<account>:certificate/<edge certificate> is EXPIRED",
        "aws acm request-certificate --domain-name api.okyapp.info --subject-alternative-names cms.okyapp.info --validation-method DNS --region us-east-1",
        answers={("DescribeCertificate", "us-east-1"): EXPIRED},
    ),
    "a certificate for one host": Case(
        "certificate-names",
        "arn:aws:acm:eu-west-2:<account>:certificate/<narrow certificate> is for api.okyapp.info, but not for cms.okyapp.info",
        "aws acm request-certificate --domain-name api.okyapp.info --subject-alternative-names cms.okyapp.info --validation-method DNS --region eu-west-2",
        names={"11111111-2222-3333-4444-555555555555": "narrow certificate"},
    ),
    "a CAA record of another authority": Case(
        "certificate-authority",
        "the CAA records of okyapp.info allow letsencrypt.org alone to issue certificates, for api.okyapp.info too",
        "aws route53 list-resource-record-sets --hosted-zone-id <public zone> --query \"ResourceRecordSets[?Type=='CAA']\" --region us-east-1",
        **HOSTED, records={"CAA": ["letsencrypt.org"]},
    ),
    "no such hosted zone": Case(
        "zone-id",
        "the account has no hosted zone Z00000000EXAMPLE",
        "aws route53 list-hosted-zones-by-name --dns-name okyapp.info --max-items 3 --region us-east-1",
        **HOSTED, names={"Z0123456789EXAMPLE01": "Z00000000EXAMPLE"},
    ),
    "a private hosted zone": Case(
        "zone-private",
        "<private zone> (okyapp.info) is a private zone",
        "aws route53 list-hosted-zones-by-name --dns-name okyapp.info --max-items 3 --region us-east-1",
        **HOSTED, names={"Z0123456789EXAMPLE01": "private zone"},
    ),
    "the hosted zone of another domain": Case(
        "zone-name",
        "<other zone> is the zone of example.org, the hosts are api.okyapp.info and cms.okyapp.info",
        "aws route53 list-hosted-zones-by-name --dns-name okyapp.info --max-items 3 --region us-east-1",
        **HOSTED, names={"Z0123456789EXAMPLE01": "other zone"},
    ),
    "a zone that nobody leads to": Case(
        "zone-delegation",
        "okyapp.info is delegated to no name server, not to those of <public zone>",
        "aws route53domains update-domain-nameservers --domain-name okyapp.info --nameservers Name=ns-2048.awsdns-64.com Name=ns-2049.awsdns-65.net Name=ns-2050.awsdns-66.org Name=ns-2051.awsdns-67.co.uk --region us-east-1",
        **HOSTED, records={"NS": []},
    ),
    "a zone of another provider": Case(
        "zone-delegation",
        "okyapp.info is delegated to ns1.example.net, ns2.example.net, not to those of <public zone>",
        "aws route53domains update-domain-nameservers --domain-name okyapp.info --nameservers Name=ns-2048.awsdns-64.com Name=ns-2049.awsdns-65.net Name=ns-2050.awsdns-66.org Name=ns-2051.awsdns-67.co.uk --region us-east-1",
        **HOSTED, records={"NS": ["ns1.example.net", "ns2.example.net"]},
    ),
    "hosts that lead elsewhere": Case(
        "host-record",
        "cms.okyapp.info leads to old.example.net, not to d111111abcdef8.cloudfront.net",
        "aws cloudformation describe-stacks --stack-name OkyBackend --query \"Stacks[0].Outputs[?OutputKey=='OkyDnsTarget'].OutputValue\" --region eu-west-2",
        **ELSEWHERE, records={"cms": "old.example.net"},
    ),
    "no such repository": Case(
        "repository",
        "the api runs oky/none:2025_05, and there is no such repository in eu-west-2",
        "aws ecr create-repository --repository-name oky/none --image-tag-mutability IMMUTABLE --region eu-west-2",
        names={"oky/api_en": "oky/none"},
    ),
    "a repository that is only to be made": Case(
        "repository",
        "the api runs project-oky/api:2025_05, and the deployment is only to make that repository",
        "npx cdk deploy OkyBackend 'OkyBackend/**'",
        assembly="with images too early",
    ),
    "a repository that is there": Case(
        "repository-taken",
        "oky/empty is there already",
        "aws ecr delete-repository --repository-name oky/empty --region eu-west-2",
        names={"oky/cms_en": "oky/empty"},
    ),
    "no parameter of the tag": Case(
        "image-parameter",
        "eu-west-2 has no parameter /oky/none, which holds the tag of the image of the cms",
        "aws ssm put-parameter --name /oky/none --type String --value TAG_OF_THE_IMAGE --region eu-west-2",
        **HOSTED, names={"/oky/cms/image-tag": "/oky/none"},
    ),
    "no image of the tag": Case(
        "image",
        "the api runs oky/api_en:2025_06, which is not in the repository",
        "docker push <account>.dkr.ecr.eu-west-2.amazonaws.com/oky/api_en:2025_06",
        names={"2025_05": "2025_06"},
    ),
    "no environment file": Case(
        "environment-file",
        "the api names none.env, which is not in okyapp-info-config-<account>",
        "aws s3 cp none.env s3://okyapp-info-config-<account>/none.env --region eu-west-2",
        names={"api.env": "none.env"},
    ),
    "a file whose bucket is only to be made": Case(
        "environment-file",
        "the api names an environment file, and the deployment is only to make its bucket",
        "npx cdk deploy OkyBackend 'OkyBackend/**'",
        assembly="with a file too early",
    ),
    "an environment file with quotes": Case(
        "environment-file-line",
        "bad.env, line 1, must have a value without quotes or spaces around it, got: USE_AVATAR_CUSTOMIZATION; bad.env, line 2, must not set what the construct sets, which wins over the file, got: DATABASE_HOST",
        "aws s3 cp bad.env s3://okyapp-info-config-<account>/bad.env --region eu-west-2",
        names={"api.env": "bad.env"},
    ),
    "a repository of GitHub by its name": Case(
        "github-subject",
        "the role for GitHub trusts oky-kenya/deployment by its name alone",
        "gh api repos/oky-kenya/deployment --jq '.owner.id, .id'",
        assembly="with GitHub",
    ),
    "an address that has not confirmed": Case(
        "alarm-email",
        "ops@okyapp.info has not confirmed that it wants the alarms of us-east-1",
        "aws sns subscribe --topic-arn arn:aws:sns:us-east-1:<account>:project-oky-alarms --protocol email --notification-endpoint ops@okyapp.info --region us-east-1",
        **HOSTED, answers={("ListSubscriptionsByTopic", "us-east-1"): UNCONFIRMED},
    ),
    "an address that left": Case(
        "alarm-email",
        "ops@okyapp.info does not get the alarms of eu-west-2",
        "aws sns subscribe --topic-arn arn:aws:sns:eu-west-2:<account>:project-oky-alarms --protocol email --notification-endpoint ops@okyapp.info --region eu-west-2",
        **HOSTED, answers={("ListSubscriptionsByTopic", f"/{REGION}/"): query("ListSubscriptionsByTopic", "<Subscriptions/>")},
    ),
    "no such key": Case(
        "key",
        "there is no key arn:aws:kms:eu-west-2:<account>:key/00000000-0000-0000-0000-000000000000",
        "aws kms list-aliases --region eu-west-2",
        names={"99999999-8888-7777-6666-555555555555": "00000000-0000-0000-0000-000000000000"},
    ),
    "a key that is off": Case(
        "key",
        "arn:aws:kms:eu-west-2:<account>:key/<disabled key> is Disabled",
        "aws kms enable-key --key-id arn:aws:kms:eu-west-2:<account>:key/<disabled key> --region eu-west-2",
        names={"99999999-8888-7777-6666-555555555555": "disabled key"},
    ),
    "a key without logs": Case(
        "key-policy",
        "the policy of arn:aws:kms:eu-west-2:<account>:key/<key without logs> does not let logs.eu-west-2.amazonaws.com use it as the deployment needs",
        "aws kms put-key-policy --key-id arn:aws:kms:eu-west-2:<account>:key/<key without logs> --policy-name default --policy '{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::<account>:root\"},\"Action\":\"kms:*\",\"Resource\":\"*\"},{\"Action\":[\"kms:Decrypt*\",\"kms:Describe*\",\"kms:Encrypt*\",\"kms:GenerateDataKey*\",\"kms:ReEncrypt*\"],\"Condition\":{\"ArnLike\":{\"kms:EncryptionContext:aws:logs:arn\":\"arn:aws:logs:eu-west-2:<account>:*\"}},\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"logs.eu-west-2.amazonaws.com\"},\"Resource\":\"*\"}]}' --region eu-west-2",
        names={"99999999-8888-7777-6666-555555555555": "key without logs"},
    ),
    "a root user without second factor": Case(
        "root-mfa",
        "the root user logs in with a password alone",
        "aws iam get-account-summary --query SummaryMap.AccountMFAEnabled",
        answers={("GetAccountSummary",): summary(AccountMFAEnabled=0, AccountPasswordPresent=1)},
    ),
    "a root user with keys": Case(
        "root-keys",
        "the root user has access keys",
        "aws iam get-account-summary --query SummaryMap.AccountAccessKeysPresent",
        answers={("GetAccountSummary",): summary(AccountMFAEnabled=1, AccountAccessKeysPresent=1, AccountPasswordPresent=1)},
    ),
    "no GuardDuty": Case(
        "guardduty",
        "eu-west-2 has no detector",
        "aws guardduty create-detector --enable --region eu-west-2",
        account="without GuardDuty",
    ),
    "something in the default VPC": Case(
        "default-vpc",
        "<default VPC>, the default VPC of eu-west-2, is in use, network interfaces in it: 1",
        "aws ec2 describe-network-interfaces --filters Name=vpc-id,Values=<default VPC> --query 'NetworkInterfaces[].[NetworkInterfaceId,InterfaceType,Description]' --region eu-west-2",
        account="with something in the default VPC",
    ),
}
