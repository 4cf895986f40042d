"""Run in the emulator's environment: makes accounts that hold what the documents' commands speak of. Prints the
credentials of each.

The arguments: the emulator's URL, a file with the outputs of a template, and the numbers of the accounts.
"""

import json
import sys

import boto3

REGION = "eu-west-2"


def resolve(value, made: dict) -> str:
    """What an output of the template says once the resources are there."""
    if isinstance(value, str):
        return value
    (function, argument), = value.items()
    if function == "Fn::Join":
        return argument[0].join(resolve(each, made) for each in argument[1])
    logical = argument if function == "Ref" else argument[0]
    return next(known for part, known in made.items() if part in logical)


def prepare(url: str, outputs: dict, account: str) -> dict:
    role = boto3.client("sts", endpoint_url=url, region_name=REGION, aws_access_key_id="x", aws_secret_access_key="x").assume_role(
        RoleArn=f"arn:aws:iam::{account}:role/Administrator", RoleSessionName="runbooks")["Credentials"]
    keys = {"aws_access_key_id": role["AccessKeyId"], "aws_secret_access_key": role["SecretAccessKey"], "aws_session_token": role["SessionToken"]}

    def client(service: str, region: str = REGION):
        return boto3.client(service, endpoint_url=url, region_name=region, **keys)

    ec2, rds, ecs, ecr, logs, iam = (client(name) for name in ("ec2", "rds", "ecs", "ecr", "logs", "iam"))
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    # moto can't tell a task's address without it.
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    subnets = [ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{index}.0/24", AvailabilityZone=f"{REGION}{zone}")["Subnet"]["SubnetId"]
               for index, zone in enumerate("ab")]
    group = ec2.create_security_group(GroupName="api", Description="api", VpcId=vpc)["GroupId"]

    secret = client("secretsmanager")
    secrets = {name: secret.create_secret(Name=name, SecretString=json.dumps({"username": "periodtracker", "password": "x"}))["ARN"]
               for name in ("OkyDatabaseSecret", "OkyApplicationSecret")}
    rds.create_db_subnet_group(DBSubnetGroupName="project-oky", DBSubnetGroupDescription="x", SubnetIds=subnets)

    # What was made by hand has a cluster too.
    for name in ("okybackend-database", "old-cluster"):
        rds.create_db_cluster(DBClusterIdentifier=name, Engine="aurora-postgresql", MasterUsername="periodtracker", MasterUserPassword="password12",
                              DBSubnetGroupName="project-oky", DatabaseName="periodtracker", EnableHttpEndpoint=True,
                              ServerlessV2ScalingConfiguration={"MinCapacity": 0, "MaxCapacity": 1})
        for index in (1, 2):
            rds.create_db_instance(DBInstanceIdentifier=f"{name}-{index}", DBInstanceClass="db.serverless", Engine="aurora-postgresql", DBClusterIdentifier=name)
    rds.create_db_cluster_snapshot(DBClusterIdentifier="okybackend-database", DBClusterSnapshotIdentifier="NAME_OF_THE_EMPTY_SNAPSHOT")

    for name in ("project-oky-ecs-cluster", "old-cluster"):
        ecs.create_cluster(clusterName=name)
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    for kind in ("api", "cms", "sql"):
        family = f"project-oky-ecs-{kind}-task"
        roles = {key: iam.create_role(RoleName=f"project-oky-ecs-{kind}-{suffix}", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
                 for key, suffix in (("taskRoleArn", "task-role"), ("executionRoleArn", "execution-role"))}
        for tag in ("2025_04", "2025_05"):
            ecs.register_task_definition(family=family, networkMode="awsvpc", requiresCompatibilities=["FARGATE"], cpu="256", memory="512", **roles,
                                         containerDefinitions=[{"name": kind, "image": f"{account}.dkr.ecr.{REGION}.amazonaws.com/project-oky/{kind}:{tag}",
                                                                "essential": True, "memory": 512, "cpu": 256, "command": ["node", "dist/index.js"],
                                                                "logConfiguration": {"logDriver": "awslogs", "options": {
                                                                    "awslogs-group": f"/ecs/{family}", "awslogs-stream-prefix": kind}}}])
        network = {"awsvpcConfiguration": {"subnets": subnets, "securityGroups": [group]}}
        if kind == "sql":
            continue
        for cluster, service in (("project-oky-ecs-cluster", f"{family}-service"), ("old-cluster", f"old-{kind}-service")):
            ecs.create_service(cluster=cluster, serviceName=service, taskDefinition=family, desiredCount=1, launchType="FARGATE", networkConfiguration=network)
        started = [ecs.run_task(cluster="project-oky-ecs-cluster", taskDefinition=family, launchType="FARGATE", networkConfiguration=network,
                                group=f"service:{family}-service")["tasks"][0]["taskArn"] for _ in range(2)]
        ecs.stop_task(cluster="project-oky-ecs-cluster", task=started[0], reason="to have one that stopped")
        repository = f"project-oky/{kind}"
        ecr.create_repository(repositoryName=repository)
        logs.create_log_group(logGroupName=f"/ecs/{family}")
        logs.create_log_stream(logGroupName=f"/ecs/{family}", logStreamName="sql/sql/1")
    logs.create_log_group(logGroupName="/aws/rds/cluster/NAME_OF_THE_CLUSTER/postgresql")
    logs.create_log_group(logGroupName="/aws/ecs/containerinsights/project-oky-ecs-cluster/performance")
    client("logs", "us-east-1").create_log_group(logGroupName="aws-waf-logs-project-oky")

    bucket, sql_bucket = f"okybackend-config-{account}", f"okybackend-sql-{account}"
    for each in (bucket, sql_bucket):
        client("s3").create_bucket(Bucket=each, CreateBucketConfiguration={"LocationConstraint": REGION})
    topic = client("sns").create_topic(Name="project-oky-alarms")["TopicArn"]
    client("cloudwatch").put_metric_alarm(AlarmName="project-oky-ApiCpu", MetricName="CPUUtilization", Namespace="AWS/ECS", Period=60, EvaluationPeriods=1,
                                          ComparisonOperator="GreaterThanThreshold", Threshold=80, Statistic="Average")
    for region, name in ((REGION, "certificate"), ("us-east-1", "silence")):
        client("cloudwatch", region).put_metric_alarm(AlarmName=f"project-oky-{name}", MetricName="x", Namespace="x", Period=60, EvaluationPeriods=1,
                                                      ComparisonOperator="GreaterThanThreshold", Threshold=1, Statistic="Average")
    route53 = client("route53")
    zone = route53.create_hosted_zone(Name="okyapp.info", CallerReference=account)["HostedZone"]["Id"]
    alias = {"HostedZoneId": "Z2FDTNDATAQYW2", "DNSName": "d111111abcdef8.cloudfront.net", "EvaluateTargetHealth": False}
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [
        {"Action": "CREATE", "ResourceRecordSet": {"Name": "api.okyapp.info", "Type": kind, "AliasTarget": alias}} for kind in ("A", "AAAA")]})
    for region in (REGION, "us-east-1"):
        client("acm", region).request_certificate(DomainName="okyapp.info", ValidationMethod="DNS")
    for name in ("api", "cms"):
        client("ssm").put_parameter(Name=f"/oky/{name}/image-tag", Type="String", Value="2025_04")
    client("wafv2", "us-east-1").create_web_acl(Name="project-oky-WebAcl", Scope="CLOUDFRONT", DefaultAction={"Allow": {}}, VisibilityConfig={
        "SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "project-oky-WebAcl"})
    distribution = client("cloudfront").create_distribution(DistributionConfig={
        "CallerReference": account, "Comment": "project-oky: api.okyapp.info, cms.okyapp.info", "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [{"Id": "1", "DomainName": "balancer.example.org", "CustomOriginConfig": {
            "HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"}}]},
        "DefaultCacheBehavior": {"TargetOriginId": "1", "ViewerProtocolPolicy": "redirect-to-https", "CachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"},
    })["Distribution"]

    # Needles are looked for in the logical ids, in this order.
    made = {
        "Cluster91": "project-oky-ecs-cluster",
        "ApiService": "project-oky-ecs-api-task-service", "CmsService": "project-oky-ecs-cms-task-service",
        "SqlTask": "project-oky-ecs-sql-task", "Subnet": subnets[0], "SecurityGroup": group, "Distribution": distribution["Id"],
        "Config": bucket, "ApplicationSecret": secrets["OkyApplicationSecret"], "DatabaseSecret": secrets["OkyDatabaseSecret"], "Topic": topic,
        "SchemaUpdater": f"arn:aws:iam::{account}:policy/SchemaUpdater", "ImageBuilder": f"arn:aws:iam::{account}:policy/ImageBuilder", "ServiceUpdater": f"arn:aws:iam::{account}:policy/ServiceUpdater",
        "GithubRole": f"arn:aws:iam::{account}:role/GithubRole", "Database": "okybackend-database",
    }
    values = {
        "OkyDnsTarget": distribution["DomainName"],
        "OkySqlBucketName": sql_bucket,
        "OkyDatabaseClusterArn": f"arn:aws:rds:{REGION}:{account}:cluster:okybackend-database",
        **{f"Oky{name}RepositoryUri": f"{account}.dkr.ecr.{REGION}.amazonaws.com/project-oky/{name.lower()}" for name in ("Api", "Cms")},
    }
    values |= {name: resolve(output["Value"], made) for name, output in outputs.items() if name.startswith("Oky") and name not in values}
    signing = f"oky-api-signing-{account}"
    for name in (signing, f"oky-cms-signing-{account}"):
        secret.create_secret(Name=name, SecretString="x")
    template = {
        "Resources": {
            # Its stacks don't tell the logical ids of secrets, so a bucket stands for the secret of the same name.
            "OkyApiSigningSecret": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": signing}},
            "Balancer": {"Type": "AWS::ElasticLoadBalancingV2::LoadBalancer", "Properties": {"Name": "oky", "Subnets": subnets}},
            "Group": {"Type": "AWS::ElasticLoadBalancingV2::TargetGroup", "Properties": {"Name": "oky", "Port": 80, "Protocol": "HTTP", "VpcId": vpc}},
            "Listener": {"Type": "AWS::ElasticLoadBalancingV2::Listener", "Properties": {
                "LoadBalancerArn": {"Ref": "Balancer"}, "Port": 80, "Protocol": "HTTP", "DefaultActions": [{"Type": "forward", "TargetGroupArn": {"Ref": "Group"}}]}},
            "Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": trust}},
            "Nat": {"Type": "AWS::EC2::Instance", "Properties": {"ImageId": "ami-12c6146b", "InstanceType": "t4g.nano", "SubnetId": subnets[0]}},
            "OkyCmsSigningSecret": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": f"oky-cms-signing-{account}"}},
            "Logs": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": f"okybackend-logs-{account}"}},
        },
        "Outputs": {name: {"Value": value} for name, value in values.items()},
    }
    client("cloudformation").create_stack(StackName="OkyBackend", TemplateBody=json.dumps(template))
    edge = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {}}}}
    client("cloudformation", "us-east-1").create_stack(StackName="project-oky-edge", TemplateBody=json.dumps(edge))
    put_image(ecr)
    prepare_elsewhere(client)
    return {"AWS_ACCESS_KEY_ID": role["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": role["SecretAccessKey"], "AWS_SESSION_TOKEN": role["SessionToken"]}


def prepare_elsewhere(client) -> None:
    """What is copied to another region."""
    elsewhere = "eu-west-1"
    rds, ecr, secret = (client(name, elsewhere) for name in ("rds", "ecr", "secretsmanager"))
    rds.create_db_cluster(DBClusterIdentifier="copied", Engine="aurora-postgresql", MasterUsername="periodtracker", MasterUserPassword="password12")
    rds.create_db_cluster_snapshot(DBClusterIdentifier="copied", DBClusterSnapshotIdentifier="copyjob-1")
    for name in ("Api", "Cms"):
        secret.create_secret(Name=f"Oky{name}SigningSecret", SecretString="x")
        ecr.create_repository(repositoryName=f"project-oky/{name.lower()}")
        ecr.put_image(repositoryName=f"project-oky/{name.lower()}", imageManifest=MANIFEST, imageTag="2025_05")
    toolkit = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {}}}}
    client("cloudformation", elsewhere).create_stack(StackName="CDKToolkit", TemplateBody=json.dumps(toolkit))


MANIFEST = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
                       "config": {"mediaType": "application/vnd.docker.container.image.v1+json", "size": 1, "digest": "sha256:" + "0" * 64}, "layers": []})


def put_image(ecr) -> None:
    named = {"repositoryName": "project-oky/api"}
    ecr.put_image(**named, imageManifest=MANIFEST, imageTag="TAG_OF_THE_IMAGE")
    ecr.start_image_scan(**named, imageId={"imageTag": "TAG_OF_THE_IMAGE"})


if __name__ == "__main__":
    address, file, *accounts = sys.argv[1:]
    with open(file, encoding="utf-8") as opened:
        wanted = json.load(opened)
    print(json.dumps([prepare(address, wanted, account) for account in accounts]))
