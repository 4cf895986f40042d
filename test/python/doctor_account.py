"""Run in the emulator's environment: makes accounts for a doctor to look at. Prints what each has.

The arguments: the emulator's URL, the folder of the assemblies, the number of an account and what it is to be, and more of these two.
"""

import functools
import json
import sys
from pathlib import Path

import boto3
from botocore.credentials import Credentials

REGION, US_EAST_1 = "eu-west-2", "us-east-1"
HOSTS = ["api.okyapp.info", "cms.okyapp.info"]
TARGET = "d111111abcdef8.cloudfront.net"
IMAGE = {"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json", "layers": [],
         "config": {"mediaType": "application/vnd.docker.container.image.v1+json", "size": 1, "digest": "sha256:" + "0" * 64}}
# Types that the emulator's CloudFormation makes; in the place of another one stands what is made fast.
MADE = ("AWS::S3::Bucket", "AWS::SNS::Topic", "AWS::ECR::Repository", "AWS::EC2::VPC")
STANDS_IN = ("AWS::RDS::DBCluster", "AWS::EC2::EIP")
SERVICE_LINKED_ROLES = ("AWSServiceRoleForECS", "AWSServiceRoleForElasticLoadBalancing", "AWSServiceRoleForRDS")

# One session for all accounts, whose clients take long to make: the credentials in it change.
CREDENTIALS = Credentials("x", "x")
SESSION = boto3.Session()
SESSION._session._credentials = CREDENTIALS


@functools.cache
def client(service: str, region: str = REGION):
    return SESSION.client(service, endpoint_url=sys.argv[1], region_name=region)


def log_in(account: str) -> dict:
    role = client("sts").assume_role(RoleArn=f"arn:aws:iam::{account}:role/Administrator", RoleSessionName="doctor")["Credentials"]
    CREDENTIALS.access_key, CREDENTIALS.secret_key, CREDENTIALS.token = role["AccessKeyId"], role["SecretAccessKey"], role["SessionToken"]
    return {"AWS_ACCESS_KEY_ID": role["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": role["SecretAccessKey"], "AWS_SESSION_TOKEN": role["SessionToken"]}


def certificate(region: str, *hosts: str) -> str:
    arn = client("acm", region).request_certificate(DomainName=hosts[0], SubjectAlternativeNames=list(hosts), ValidationMethod="DNS")["CertificateArn"]
    return arn.rsplit("/", 1)[1]


def key(account: str, *statements: dict) -> str:
    root = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Action": "kms:*", "Resource": "*"}
    policy = {"Version": "2012-10-17", "Statement": [root, *statements]}
    return client("kms").create_key(Policy=json.dumps(policy))["KeyMetadata"]["KeyId"]


def put_image(repository: str, tag: str) -> None:
    client("ecr").put_image(repositoryName=repository, imageManifest=json.dumps(IMAGE), imageTag=tag)


def put_files(bucket: str) -> None:
    files = {"api.env": "# switches\nUSE_AVATAR_CUSTOMIZATION=true\n", "cms.env": "STORAGE_BUCKET=oky\n",
             "bad.env": "USE_AVATAR_CUSTOMIZATION='true'\nDATABASE_HOST=x\n"}
    for name, text in files.items():
        client("s3").put_object(Bucket=bucket, Key=name, Body=text.encode())


def prepare(account: str) -> dict:
    """What every account has that something can be deployed in."""
    for region in (REGION, US_EAST_1):
        client("ssm", region).put_parameter(Name="/cdk-bootstrap/hnb659fds/version", Type="String", Value="29")
    client("guardduty").create_detector(Enable=True)
    # The emulator gives service-linked roles other names than AWS.
    for role in SERVICE_LINKED_ROLES:
        client("iam", US_EAST_1).create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": []}))
    for name in ("oky/api_en", "oky/empty"):
        client("ecr").create_repository(repositoryName=name)
    put_image("oky/api_en", "2025_05")
    bucket = f"okyapp-info-config-{account}"
    client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    put_files(bucket)
    use = {"Effect": "Allow", "Principal": {"Service": f"logs.{REGION}.amazonaws.com"}, "Action": ["kms:*"], "Resource": "*"}
    disabled = key(account, use)
    client("kms").disable_key(KeyId=disabled)
    [list_id] = [each["PrefixListId"] for each in client("ec2").describe_managed_prefix_lists()["PrefixLists"]
                 if each["PrefixListName"] == "com.amazonaws.global.cloudfront.origin-facing"]
    zones = {kind: client("route53").create_hosted_zone(Name=name, CallerReference=account + kind, **private) for kind, name, private in (
        ("public", "okyapp.info", {}), ("other", "example.org", {}),
        ("private", "okyapp.info", {"HostedZoneConfig": {"PrivateZone": True}, "VPC": {"VPCRegion": REGION, "VPCId": "vpc-1"}}))}
    return {
        "certificate": certificate(REGION, *HOSTS), "narrow certificate": certificate(REGION, HOSTS[0]), "edge certificate": certificate(US_EAST_1, *HOSTS),
        "key": key(account, use), "disabled key": disabled, "key without logs": key(account), "prefix list": list_id,
        "default VPC": client("ec2").describe_vpcs()["Vpcs"][0]["VpcId"],
        **{f"{kind} zone": made["HostedZone"]["Id"].rsplit("/", 1)[1] for kind, made in zones.items()},
        "name servers": zones["public"]["DelegationSet"]["NameServers"],
    }


def deploy(folder: Path, has: dict) -> None:
    """The stacks of an assembly, as far as a doctor looks at them."""
    for artifact in json.loads((folder / "manifest.json").read_text())["artifacts"].values():
        if artifact["type"] != "aws:cloudformation:stack":
            continue
        region = artifact["environment"].rsplit("/", 1)[1]
        template = json.loads((folder / artifact["properties"]["templateFile"]).read_text())
        resources = {}
        for name, resource in template["Resources"].items():
            if resource["Type"] in MADE:
                named = {key: value for key, value in resource.get("Properties", {}).items() if key in ("RepositoryName", "TopicName", "CidrBlock")}
                resources[name] = {"Type": resource["Type"], "Properties": named}
            elif resource["Type"] in STANDS_IN:
                resources[name] = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": name}}
        known = {"OkyDnsTarget": TARGET, "CertificateArn": f"arn:aws:acm:{US_EAST_1}:{has['account']}:certificate/{has['edge certificate']}"}
        outputs = {name: {"Value": known[name]} for name in template.get("Outputs", {}) if name in known}
        name = artifact["properties"].get("stackName", "OkyBackend")
        client("cloudformation", region).create_stack(StackName=name, TemplateBody=json.dumps({"Resources": resources, "Outputs": outputs}))
        listed = client("cloudformation", region).list_stack_resources(StackName=name)["StackResourceSummaries"]
        ids = {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in listed}
        for logical, resource in template["Resources"].items():
            if resource["Type"] == "AWS::SNS::Subscription":
                topic = ids[resource["Properties"]["TopicArn"]["Ref"]]
                client("sns", region).subscribe(TopicArn=topic, Protocol="email", Endpoint=resource["Properties"]["Endpoint"])
            if resource["Type"] == "AWS::ECR::Repository":
                put_image(resource["Properties"]["RepositoryName"], "2025_05")
            if resource["Type"] == "AWS::S3::Bucket" and "Configuration" in logical:
                put_files(ids[logical])


def break_it(kind: str) -> None:
    if kind == "without bootstrap":
        client("ssm", US_EAST_1).delete_parameter(Name="/cdk-bootstrap/hnb659fds/version")
    elif kind == "with an old bootstrap":
        client("ssm").put_parameter(Name="/cdk-bootstrap/hnb659fds/version", Type="String", Value="5", Overwrite=True)
    elif kind == "without a role for ECS":
        client("iam", US_EAST_1).delete_role(RoleName="AWSServiceRoleForECS")
    elif kind == "without GuardDuty":
        [detector] = client("guardduty").list_detectors()["DetectorIds"]
        client("guardduty").delete_detector(DetectorId=detector)
    elif kind == "with something in the default VPC":
        subnet = client("ec2").describe_subnets(Filters=[{"Name": "default-for-az", "Values": ["true"]}])["Subnets"][0]["SubnetId"]
        client("ec2").create_network_interface(SubnetId=subnet)


def make(assemblies: Path, account: str, kind: str) -> dict:
    keys = log_in(account)
    has = {"account": account, "keys": keys, **prepare(account)}
    client("ssm").put_parameter(Name="/oky/cms/image-tag", Type="String", Value="2025_05")
    if (assemblies / kind).is_dir() and kind != "before":
        deploy(assemblies / kind, has)
    elif kind == "deployed, with DNS elsewhere":
        deploy(assemblies / "before", has)
    else:
        break_it(kind)
    return has


if __name__ == "__main__":
    _, _, folder, *wanted = sys.argv
    print(json.dumps([make(Path(folder), *each) for each in zip(wanted[::2], wanted[1::2])]))
