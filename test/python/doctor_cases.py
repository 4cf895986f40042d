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
    ("DescribeOrderableDBInstanceOptions", "db.serverless"): orderable(*ZONES),
    ("GetAWSDefaultServiceQuota", "L-0263D0A3"): quota(5),
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
    "no command line": Case("aws-cli", "", "", environment={"PATH": "/nowhere"}),
    "no credentials": Case("credentials", "", "", environment={"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_SESSION_TOKEN": ""}),
    "another account": Case("account", "", "", names={"111122223333": "111122223333"}),
    "a region that is off": Case("region", "", "", answers={("DescribeRegions",): REGIONS}),
    "no bootstrap in us-east-1": Case("bootstrap", "", "", account="without bootstrap"),
    "an old bootstrap": Case("bootstrap-version", "", "", account="with an old bootstrap"),
    "a stack that rolled back": Case("stack-state", "", "", **ELSEWHERE, answers={("DescribeStacks", "=OkyBackend"): FAILED % "ROLLBACK_COMPLETE"}),
    "a stack that could not roll back": Case("stack-state", "", "", **ELSEWHERE, answers={("DescribeStacks", "=OkyBackend"): FAILED % "UPDATE_ROLLBACK_FAILED"}),
    "no VPC left": Case("quota-vpcs", "", "", answers={("GetServiceQuota", "L-F678F1CE"): quota(1)}),
    "no address left": Case("quota-addresses", "", "", answers={("GetAWSDefaultServiceQuota", "L-0263D0A3"): quota(0)}),
    "few rules": Case("quota-rules", "", "", answers={("GetServiceQuota", "L-0EA8095F"): quota(50)}),
    "no such prefix list": Case("prefix-list", "", "", names={"pl-93a247fa": "pl-00000000"}),
    "no such zone": Case("zone", "", "", names={f"{REGION}b": f"{REGION}d"}),
    "a zone without logs": Case("endpoint-zone", "", "", answers={("DescribeVpcEndpointServices",): endpoint_services(**{**EVERYWHERE, "logs": [ZONES[0], ZONES[2]]})}),
    "a zone without VPC origins": Case("vpc-origin-zone", "", "", **HOSTED, answers={("DescribeAvailabilityZones",): zones("cac1-az3", "cac1-az1", "cac1-az2")}),
    "no such version": Case("database-version", "", "", answers={("DescribeDBEngineVersions",): versions()}),
    "a version without pause": Case("database-pause", "", "", answers={("DescribeDBEngineVersions",): versions("0.5")}),
    "no instance in the zone": Case("database-class", "", "", answers={("DescribeOrderableDBInstanceOptions",): orderable(ZONES[1], ZONES[2])}),
    "no instance at all": Case("database-class", "", "", answers={("DescribeOrderableDBInstanceOptions",): query("DescribeOrderableDBInstanceOptions", "")}),
    "no such certificate": Case("certificate", "", "", names={"11111111-2222-3333-4444-555555555555": "00000000-0000-0000-0000-000000000000"}),
    "a certificate that waits": Case("certificate-status", "", "", answers={("DescribeCertificate", "us-east-1"): PENDING}),
    "a certificate that ended": Case("certificate-status", "", "", answers={("DescribeCertificate", "us-east-1"): EXPIRED}),
    "a certificate for one host": Case("certificate-names", "", "", names={"11111111-2222-3333-4444-555555555555": "narrow certificate"}),
    "no such hosted zone": Case("zone-id", "", "", **HOSTED, names={"Z0123456789EXAMPLE01": "Z00000000EXAMPLE"}),
    "a private hosted zone": Case("zone-private", "", "", **HOSTED, names={"Z0123456789EXAMPLE01": "private zone"}),
    "the hosted zone of another domain": Case("zone-name", "", "", **HOSTED, names={"Z0123456789EXAMPLE01": "other zone"}),
    "a zone that nobody leads to": Case("zone-delegation", "", "", **HOSTED, records={"NS": []}),
    "a zone of another provider": Case("zone-delegation", "", "", **HOSTED, records={"NS": ["ns1.example.net", "ns2.example.net"]}),
    "hosts that lead elsewhere": Case("host-record", "", "", **ELSEWHERE, records={"cms": "old.example.net"}),
    "no such repository": Case("repository", "", "", names={"oky/api_en": "oky/none"}),
    "a repository that is only to be made": Case("repository", "", "", assembly="with images too early"),
    "a repository that is there": Case("repository-taken", "", "", names={"oky/cms_en": "oky/empty"}),
    "no parameter of the tag": Case("image-parameter", "", "", **HOSTED, names={"/oky/cms/image-tag": "/oky/none"}),
    "no image of the tag": Case("image", "", "", names={"2025_05": "2025_06"}),
    "no environment file": Case("environment-file", "", "", names={"api.env": "none.env"}),
    "a file whose bucket is only to be made": Case("environment-file", "", "", assembly="with a file too early"),
    "an environment file with quotes": Case("environment-file-line", "", "", names={"api.env": "bad.env"}),
    "an address that has not confirmed": Case("alarm-email", "", "", **HOSTED, answers={("ListSubscriptionsByTopic", "us-east-1"): UNCONFIRMED}),
    "an address that left": Case("alarm-email", "", "", **HOSTED, answers={("ListSubscriptionsByTopic", f"/{REGION}/"): query("ListSubscriptionsByTopic", "<Subscriptions/>")}),
    "no such key": Case("key", "", "", names={"99999999-8888-7777-6666-555555555555": "00000000-0000-0000-0000-000000000000"}),
    "a key that is off": Case("key", "", "", names={"99999999-8888-7777-6666-555555555555": "disabled key"}),
    "a key without alarms": Case("key-policy", "", "", names={"99999999-8888-7777-6666-555555555555": "key without alarms"}),
    "a root user without second factor": Case("root-mfa", "", "", answers={("GetAccountSummary",): summary(AccountMFAEnabled=0, AccountPasswordPresent=1)}),
    "a root user with keys": Case("root-keys", "", "", answers={("GetAccountSummary",): summary(AccountMFAEnabled=1, AccountAccessKeysPresent=1, AccountPasswordPresent=1)}),
    "no GuardDuty": Case("guardduty", "", "", account="without GuardDuty"),
    "something in the default VPC": Case("default-vpc", "", "", account="with something in the default VPC"),
}
