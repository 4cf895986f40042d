"""The twin of hand-written.ts in Python: what the library is measured against there. Both make the same template."""

import json
import re
from pathlib import Path

from aws_cdk import App, ArnFormat, CfnOutput, Duration, Environment, RemovalPolicy, Stack
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_rds as rds
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager

ACCOUNT = "111122223333"
REGION = "eu-west-2"
IMAGE_TAG = "2025_05"
ASSETS = Path("assets")

FLAGS = (
    "@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy",
    "@aws-cdk/aws-ecs:removeDefaultDeploymentAlarm",
    "@aws-cdk/aws-ecs:disableExplicitDeploymentControllerForCircuitBreaker",
)

SERVICES = {
    "Api": {
        "name": "api",
        "port": 3000,
        "memory": 512,
        "script": "dist/index.js",
        "secret": "APPLICATION_SECRET",
        "repository": "oky/api_en",
        "environment": {"API_PORT": "3000"},
        "optional": ["DELETE_ACCOUNT_URL", "USE_AVATAR_CUSTOMIZATION"],
    },
    "Cms": {
        "name": "cms",
        "port": 5000,
        "memory": 1024,
        "script": "dist/src/index.js",
        "secret": "PASSPORT_SECRET",
        "repository": "oky/cms_en",
        "environment": {"NODE_OPTIONS": "--unhandled-rejections=warn"},
        "optional": ["STORAGE_BASE_URL", "STORAGE_BUCKET"],
    },
}

# What ECS gives each container.
VARIABLES_OF_ECS = (
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_DEFAULT_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_REGION",
    "ECS_AGENT_URI",
    "ECS_CONTAINER_METADATA_URI",
    "ECS_CONTAINER_METADATA_URI_V4",
)


def allow(actions: list, *resources: str, **others) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=actions, resources=list(resources), **others)


def allow_all(actions: list, resource: str, conditions: dict | None = None) -> iam.PolicyStatement:
    return allow(actions, resource, principals=[iam.StarPrincipal()], conditions=conditions)


class HandWrittenStack(Stack):
    def __init__(self, app: App, id: str) -> None:
        super().__init__(app, id, env=Environment(account=ACCOUNT, region=REGION))
        for flag in FLAGS:
            self.node.set_context(flag, True)
        retain = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE

        # Encryption, logs and configuration
        own_key = kms.Key(
            self,
            "Key",
            description="project-oky: database, logs, secrets and configuration of the Oky backend",
            enable_key_rotation=True,
            removal_policy=retain,
        )
        logs_arn = f"arn:{self.partition}:logs:{REGION}:{ACCOUNT}:*"
        own_key.add_to_resource_policy(
            allow(
                ["kms:Decrypt*", "kms:Describe*", "kms:Encrypt*", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
                "*",
                principals=[iam.ServicePrincipal(f"logs.{REGION}.amazonaws.com")],
                conditions={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": logs_arn}},
            )
        )
        # By its ARN, so that no grant writes into its policy.
        key = kms.Key.from_key_arn(self, "KeyByArn", own_key.key_arn)
        bucket_props = {
            "block_public_access": s3.BlockPublicAccess.BLOCK_ALL,
            "object_ownership": s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            "enforce_ssl": True,
            "versioned": True,
            "removal_policy": retain,
        }
        log_bucket = s3.Bucket(
            self,
            "Logs",
            **bucket_props,
            encryption=s3.BucketEncryption.S3_MANAGED,
            lifecycle_rules=[s3.LifecycleRule(expiration=Duration.days(90), noncurrent_version_expiration=Duration.days(1))],
        )

        def deliver(principal: str, actions: list, resource: str, conditions: dict | None = None) -> None:
            log_bucket.add_to_resource_policy(allow(actions, resource, principals=[iam.ServicePrincipal(principal)], conditions=conditions))

        of_own_logs = {"StringEquals": {"aws:SourceAccount": ACCOUNT}, "ArnLike": {"aws:SourceArn": logs_arn}}
        deliver("delivery.logs.amazonaws.com", ["s3:PutObject"], log_bucket.arn_for_objects("vpc-flows/*"), of_own_logs)
        deliver("delivery.logs.amazonaws.com", ["s3:GetBucketAcl", "s3:ListBucket"], log_bucket.bucket_arn, of_own_logs)
        config_bucket = s3.Bucket(
            self,
            "Configuration",
            **bucket_props,
            encryption=s3.BucketEncryption.KMS,
            encryption_key=key,
            bucket_key_enabled=True,
            server_access_logs_bucket=log_bucket,
            server_access_logs_prefix="config-bucket/",
            lifecycle_rules=[
                s3.LifecycleRule(noncurrent_version_expiration=Duration.days(90)),
                s3.LifecycleRule(prefix="sql/", expiration=Duration.days(1), noncurrent_version_expiration=Duration.days(1)),
            ],
        )
        deliver(
            "logdelivery.elasticloadbalancing.amazonaws.com",
            ["s3:PutObject"],
            log_bucket.arn_for_objects(f"load-balancer/AWSLogs/{ACCOUNT}/*"),
        )

        def log_group(id: str, name: str, retention: logs.RetentionDays = logs.RetentionDays.ONE_WEEK) -> logs.LogGroup:
            return logs.LogGroup(self, id, log_group_name=name, retention=retention, encryption_key=key, removal_policy=RemovalPolicy.DESTROY)

        # Network
        vpc = ec2.Vpc(
            self,
            "Vpc",
            ip_addresses=ec2.IpAddresses.cidr("10.0.0.0/16"),
            max_azs=2,
            reserved_azs=1,
            nat_gateways=0,
            restrict_default_security_group=False,
            subnet_configuration=[
                ec2.SubnetConfiguration(name="Public", subnet_type=ec2.SubnetType.PUBLIC, map_public_ip_on_launch=False),
                ec2.SubnetConfiguration(name="Private", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
                ec2.SubnetConfiguration(name="Cms", subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS),
            ],
        )
        private = ec2.SubnetSelection(subnet_group_name="Private")
        flow_log = ec2.CfnFlowLog(
            self,
            "FlowLog",
            resource_id=vpc.vpc_id,
            resource_type="VPC",
            traffic_type="ALL",
            log_destination_type="s3",
            log_destination=log_bucket.arn_for_objects("vpc-flows"),
        )
        flow_log.node.add_dependency(log_bucket.policy)
        s3_endpoint = ec2.GatewayVpcEndpoint(
            self,
            "S3",
            vpc=vpc,
            service=ec2.GatewayVpcEndpointAwsService.S3,
            subnets=[private, ec2.SubnetSelection(subnet_group_name="Cms")],
        )
        s3_endpoint.add_to_policy(allow_all(["s3:GetObject"], f"arn:{self.partition}:s3:::prod-{REGION}-starport-layer-bucket/*"))
        s3_endpoint.add_to_policy(allow_all(["s3:*"], "*", {"StringEquals": {"aws:ResourceAccount": ACCOUNT}}))

        def closed(id: str, description: str) -> ec2.SecurityGroup:
            return ec2.SecurityGroup(self, id, vpc=vpc, description=description, allow_all_outbound=False)

        endpoint_group = closed("EndpointGroup", "Interface endpoints: HTTPS from the API and the CMS")
        pull = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
        own_repositories = f"arn:{self.partition}:ecr:{REGION}:{ACCOUNT}:repository/*"
        own_account = {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}
        log_in = allow_all(["ecr:GetAuthorizationToken"], "*", own_account)
        aws_services = ec2.InterfaceVpcEndpointAwsService
        endpoints = []
        for endpoint_id, service, statements in (
            ("EcrApi", aws_services.ECR, [log_in, allow_all(pull, own_repositories, own_account)]),
            ("EcrDocker", aws_services.ECR_DOCKER, [allow_all(pull, own_repositories)]),
            ("LogsEndpoint", aws_services.CLOUDWATCH_LOGS, [allow_all(["*"], "*", own_account)]),
            ("SecretsManager", aws_services.SECRETS_MANAGER, [allow_all(["*"], "*", own_account)]),
        ):
            endpoint = ec2.InterfaceVpcEndpoint(
                self, endpoint_id, vpc=vpc, service=service, subnets=private, security_groups=[endpoint_group], open=False
            )
            for statement in statements:
                endpoint.add_to_policy(statement)
            endpoints.append(endpoint)

        # Database
        database_secret = secretsmanager.Secret(
            self,
            "DatabaseSecret",
            encryption_key=key,
            removal_policy=retain,
            description="User and password of the Oky database",
            generate_secret_string=secretsmanager.SecretStringGenerator(
                secret_string_template=json.dumps({"username": "periodtracker"}, separators=(",", ":")),
                generate_string_key="password",
                password_length=32,
                exclude_punctuation=True,
            ),
        )
        monitoring_role = iam.Role(self, "MonitoringRole", assumed_by=iam.ServicePrincipal("monitoring.rds.amazonaws.com"))
        os_metrics = f"arn:{self.partition}:logs:{REGION}:{ACCOUNT}:log-group:RDSOSMetrics"
        monitoring_policy = iam.ManagedPolicy(
            self,
            "MonitoringPolicy",
            roles=[monitoring_role],
            statements=[
                allow(["logs:CreateLogGroup", "logs:PutRetentionPolicy"], os_metrics),
                allow(
                    ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:GetLogEvents", "logs:PutLogEvents"],
                    f"{os_metrics}:log-stream:*",
                ),
            ],
        )
        engine = rds.DatabaseClusterEngine.aurora_postgres(version=rds.AuroraPostgresEngineVersion.of("17", "17"))
        database = rds.DatabaseCluster(
            self,
            "Cluster",
            engine=engine,
            parameter_group=rds.ParameterGroup(
                self,
                "DatabaseParameters",
                engine=engine,
                description="Oky: connections need TLS, and no statement is logged",
                parameters={"rds.force_ssl": "1", "log_min_error_statement": "panic", "log_error_verbosity": "terse"},
            ),
            credentials=rds.Credentials.from_secret(database_secret, "periodtracker"),
            default_database_name="periodtracker",
            port=5433,
            vpc=vpc,
            vpc_subnets=private,
            security_groups=[closed("DatabaseGroup", "Database: PostgreSQL from the API and the CMS")],
            writer=rds.ClusterInstance.serverless_v2(
                "Writer",
                availability_zone=vpc.availability_zones[0],
                auto_minor_version_upgrade=True,
                publicly_accessible=False,
                scale_with_writer=True,
                ca_certificate=rds.CaCertificate.RDS_CA_RSA2048_G1,
            ),
            serverless_v2_min_capacity=0,
            serverless_v2_max_capacity=1,
            storage_encryption_key=key,
            iam_authentication=True,
            enable_data_api=True,
            backup=rds.BackupProps(retention=Duration.days(7)),
            cloudwatch_logs_exports=["postgresql"],
            monitoring_interval=Duration.minutes(1),
            monitoring_role=monitoring_role,
            deletion_protection=True,
            removal_policy=RemovalPolicy.SNAPSHOT,
        )
        database.node.default_child.add_property_override("ServerlessV2ScalingConfiguration.SecondsUntilAutoPause", 300)
        database_log = log_group("DatabaseLog", f"/aws/rds/cluster/{database.cluster_identifier}/postgresql")
        writer = database.node.find_child("Writer")
        writer.node.add_dependency(database_log, monitoring_policy)

        # Cluster and load balancer
        cluster = ecs.Cluster(
            self, "EcsCluster", cluster_name="project-oky-ecs-cluster", vpc=vpc, container_insights_v2=ecs.ContainerInsights.ENABLED
        )
        cluster.node.default_child.capacity_providers = ["FARGATE", "FARGATE_SPOT"]
        insights_name = "/aws/ecs/containerinsights/project-oky-ecs-cluster/performance"
        cluster.node.default_child.node.add_dependency(log_group("InsightsLog", insights_name, logs.RetentionDays.ONE_DAY))
        origin_secret = secretsmanager.Secret(
            self,
            "OriginSecret",
            description="X-Origin-Verify header from CloudFront to the load balancer, generation 1",
            encryption_key=key,
            generate_secret_string=secretsmanager.SecretStringGenerator(password_length=64, exclude_punctuation=True, exclude_uppercase=True),
            removal_policy=RemovalPolicy.DESTROY,
        )
        origin_header = origin_secret.secret_value.unsafe_unwrap()
        load_balancer_group = closed("LoadBalancerGroup", "Load balancer: HTTPS from CloudFront")
        prefix_list = ec2.PrefixList.from_lookup(self, "CloudFront", prefix_list_name="com.amazonaws.global.cloudfront.origin-facing")
        load_balancer_group.add_ingress_rule(ec2.Peer.prefix_list(prefix_list.prefix_list_id), ec2.Port.HTTPS, "HTTPS from CloudFront")
        load_balancer = elbv2.ApplicationLoadBalancer(
            self,
            "LoadBalancer",
            vpc=vpc,
            vpc_subnets=ec2.SubnetSelection(subnet_group_name="Public"),
            internet_facing=True,
            security_group=load_balancer_group,
            deletion_protection=True,
            drop_invalid_header_fields=True,
            desync_mitigation_mode=elbv2.DesyncMitigationMode.DEFENSIVE,
            idle_timeout=Duration.minutes(1),
        )
        load_balancer.set_attribute("access_logs.s3.enabled", "true")
        load_balancer.set_attribute("access_logs.s3.bucket", log_bucket.bucket_name)
        load_balancer.set_attribute("access_logs.s3.prefix", "load-balancer")
        load_balancer.node.default_child.node.add_dependency(log_bucket.policy)

        def certificate(id: str, region: str, name: str) -> acm.ICertificate:
            return acm.Certificate.from_certificate_arn(self, id, f"arn:aws:acm:{region}:{ACCOUNT}:certificate/{name}")

        listener = load_balancer.add_listener(
            "Https",
            port=443,
            protocol=elbv2.ApplicationProtocol.HTTPS,
            certificates=[certificate("Certificate", REGION, "11111111-2222-3333-4444-555555555555")],
            ssl_policy=elbv2.SslPolicy.TLS13_12_RES_PQ,
            open=False,
            default_action=elbv2.ListenerAction.fixed_response(403, content_type="text/plain", message_body="Forbidden"),
        )

        # Services
        ecr_login = iam.ManagedPolicy(self, "EcrLogin", statements=[allow(["ecr:GetAuthorizationToken"], "*")])
        files = {
            **{
                name: re.sub(r"^\s*//.*\n", "", (ASSETS / name).read_text(), flags=re.MULTILINE)
                for name in ("preload.js", "request-guard.js")
            },
            "database.pem": json.loads((ASSETS / "rds-root-certificates.json").read_text())[REGION],
        }
        repositories, families, service_roles, target_groups, outputs = [], [], [], [], {}
        for index, (id, container) in enumerate(SERVICES.items()):
            name = container["name"]
            family = f"project-oky-ecs-{name}-task"
            repository = ecr.Repository(
                self,
                f"{id}Repository",
                repository_name=container["repository"],
                image_tag_mutability=ecr.TagMutability.IMMUTABLE,
                image_scan_on_push=True,
                removal_policy=retain,
                lifecycle_rules=[
                    ecr.LifecycleRule(
                        description="Images that never had a tag", tag_status=ecr.TagStatus.UNTAGGED, max_image_age=Duration.days(14)
                    ),
                ],
            )
            task_log = log_group(f"{id}Log", f"/ecs/{family}")
            signing_secret = secretsmanager.Secret(
                self,
                f"{id}Secret",
                encryption_key=key,
                removal_policy=retain,
                description=f"{container['secret']} of the Oky {name.upper()}: signs its sessions",
                generate_secret_string=secretsmanager.SecretStringGenerator(password_length=64, exclude_punctuation=True),
            )
            tasks = iam.ServicePrincipal("ecs-tasks.amazonaws.com")
            execution_role = iam.Role(
                self,
                f"{id}ExecutionRole",
                role_name=f"project-oky-ecs-{name}-execution-role",
                assumed_by=tasks,
                managed_policies=[ecr_login],
            )
            task_role = iam.Role(self, f"{id}TaskRole", role_name=f"{family}-role", assumed_by=tasks)
            environment_file = f"project_oky_{name}_task_configuration.env"
            read_environment_file = [
                allow(["s3:GetObject"], config_bucket.arn_for_objects(environment_file)),
                allow(["s3:GetBucketLocation"], config_bucket.bucket_arn),
            ]
            decrypt = allow(["kms:Decrypt"], key.key_arn)
            execution_policy = iam.ManagedPolicy(
                self,
                f"{id}ExecutionPolicy",
                roles=[execution_role],
                statements=[
                    allow(["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], repository.repository_arn),
                    allow(["logs:CreateLogStream", "logs:PutLogEvents"], task_log.log_group_arn),
                    decrypt,
                    allow(
                        ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
                        signing_secret.secret_arn,
                        database.secret.secret_arn,
                    ),
                    *read_environment_file,
                ],
            )
            task_policy = iam.ManagedPolicy(self, f"{id}TaskPolicy", roles=[task_role], statements=[*read_environment_file, decrypt])
            task_definition = ecs.FargateTaskDefinition(
                self,
                f"{id}Task",
                family=family,
                cpu=256,
                memory_limit_mib=container["memory"],
                runtime_platform=ecs.RuntimePlatform(
                    cpu_architecture=ecs.CpuArchitecture.X86_64, operating_system_family=ecs.OperatingSystemFamily.LINUX
                ),
                # What they may do is written above; grants would write it again, as inline policies.
                execution_role=execution_role.without_policy_updates(),
                task_role=task_role.without_policy_updates(),
            )
            linux_parameters = ecs.LinuxParameters(self, f"{id}Linux")
            linux_parameters.drop_capabilities(ecs.Capability.ALL)
            options = [ecs.TmpfsMountOption.NODEV, ecs.TmpfsMountOption.NOSUID, ecs.TmpfsMountOption.NOEXEC]
            linux_parameters.add_tmpfs(ecs.Tmpfs(container_path="/tmp", size=64, mount_options=options))
            environment = {
                "NODE_ENV": "production",
                "DATABASE_TYPE": "postgres",
                "DATABASE_HOST": database.cluster_endpoint.hostname,
                "DATABASE_PORT": "5433",
                "DATABASE_NAME": "periodtracker",
                "DATABASE_SCHEMA": "periodtracker",
                "DATABASE_SYNCHRONIZE": "false",
                "DATABASE_LOGGING": "false",
                "PGSSLMODE": "verify-full",
                **container["environment"],
                "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "NODE_PATH": "/usr/src/app/dist",
                "NODE_EXTRA_CA_CERTS": "/tmp/database.pem",
            }
            secrets = {
                "DATABASE_USERNAME": ecs.Secret.from_secrets_manager(database.secret, "username"),
                "DATABASE_PASSWORD": ecs.Secret.from_secrets_manager(database.secret, "password"),
                container["secret"]: ecs.Secret.from_secrets_manager(signing_secret),
            }
            kept = " ".join(
                f'${{{variable}+"{variable}=${variable}"}}'
                for variable in (*sorted([*environment, *secrets]), *container["optional"], *VARIABLES_OF_ECS)
            )
            script = [
                "umask 077",
                *[f"cat > /tmp/{file} <<'END'\n{content}END" for file, content in files.items()],
                f'[ -e {container["script"]} ] || {{ echo "$PWD/{container["script"]} does not exist: '
                'the image was not built for production; build it again with docker build --target production" >&2; exit 1; }',
                'exec "$@"',
            ]
            task_definition.add_container(
                name,
                image=ecs.ContainerImage.from_ecr_repository(repository, IMAGE_TAG),
                entry_point=["sh", "-c", f'exec env -i {kept} "$0" "$@"', "sh", "-c", "\n".join(script), "start"],
                command=["node", "--require", "/tmp/preload.js", container["script"]],
                working_directory="/usr/src/app",
                user="1000:1000",
                readonly_root_filesystem=True,
                linux_parameters=linux_parameters,
                stop_timeout=Duration.minutes(1),
                environment=environment,
                environment_files=[ecs.EnvironmentFile.from_bucket(config_bucket, environment_file)],
                secrets=secrets,
                port_mappings=[ecs.PortMapping(container_port=container["port"])],
                logging=ecs.LogDrivers.aws_logs(log_group=task_log, stream_prefix=name, mode=ecs.AwsLogDriverMode.NON_BLOCKING),
            )
            target_group = elbv2.ApplicationTargetGroup(
                self,
                f"{id}Targets",
                vpc=vpc,
                port=80,
                protocol=elbv2.ApplicationProtocol.HTTP,
                target_type=elbv2.TargetType.IP,
                deregistration_delay=Duration.seconds(60),
                health_check=elbv2.HealthCheck(
                    path="/",
                    interval=Duration.seconds(15),
                    timeout=Duration.seconds(10),
                    healthy_threshold_count=2,
                    unhealthy_threshold_count=4,
                ),
            )
            group = closed(f"{id}Group", f"{name.upper()} tasks: the container port from the load balancer")
            service = ecs.FargateService(
                self,
                f"{id}Service",
                service_name=f"{family}-service",
                cluster=cluster,
                task_definition=task_definition,
                desired_count=1,
                capacity_provider_strategies=[ecs.CapacityProviderStrategy(capacity_provider="FARGATE", weight=1)],
                vpc_subnets=ec2.SubnetSelection(subnet_group_name="Cms" if id == "Cms" else "Private"),
                security_groups=[group],
                min_healthy_percent=100,
                max_healthy_percent=200,
                circuit_breaker=ecs.DeploymentCircuitBreaker(rollback=True),
                availability_zone_rebalancing=ecs.AvailabilityZoneRebalancing.ENABLED,
                health_check_grace_period=Duration.seconds(90),
                enable_execute_command=False,
                enable_ecs_managed_tags=True,
                propagate_tags=ecs.PropagatedTagSource.SERVICE,
            )
            group.add_egress_rule(
                ec2.Peer.any_ipv4(), ec2.Port.HTTPS, "AWS endpoints, S3 through its gateway, and the internet where egress is routed"
            )
            endpoint_group.add_ingress_rule(group, ec2.Port.HTTPS)
            database.connections.allow_from(service, ec2.Port.tcp(5433))
            service.node.default_child.node.add_dependency(
                writer, execution_role, execution_policy, task_role, task_policy, s3_endpoint, endpoint_group, *endpoints
            )
            service.attach_to_application_target_group(target_group)
            listener.add_action(
                id,
                priority=(index + 1) * 10,
                conditions=[
                    elbv2.ListenerCondition.host_headers([f"{name}.okyapp.info"]),
                    elbv2.ListenerCondition.http_header("X-Origin-Verify", [origin_header]),
                ],
                action=elbv2.ListenerAction.forward([target_group]),
            )
            repositories.append(repository)
            target_groups.append(target_group)
            families.append(family)
            service_roles += [task_role.role_arn, execution_role.role_arn]
            outputs[f"{id}ServiceName"] = service.service_name
            outputs[f"{id}RepositoryUri"] = repository.repository_uri
            outputs[f"{id}EnvironmentFileKey"] = environment_file

        listener.add_action(
            "OtherHosts",
            priority=50_000,
            conditions=[elbv2.ListenerCondition.http_header("X-Origin-Verify", [origin_header])],
            action=elbv2.ListenerAction.forward([target_groups[0]]),
        )

        # Edge
        distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment="project-oky: api.okyapp.info, cms.okyapp.info",
            domain_names=["api.okyapp.info", "cms.okyapp.info"],
            certificate=certificate("EdgeCertificate", "us-east-1", "66666666-7777-8888-9999-000000000000"),
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2025,
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            price_class=cloudfront.PriceClass.PRICE_CLASS_ALL,
            error_responses=[
                cloudfront.ErrorResponse(http_status=status, ttl=Duration.seconds(0))
                for status in (400, 403, 404, 405, 414, 500, 501, 502, 503, 504)
            ],
            default_behavior=cloudfront.BehaviorOptions(
                origin=origins.LoadBalancerV2Origin(
                    load_balancer,
                    read_timeout=Duration.seconds(60),
                    custom_headers={"X-Origin-Verify": origin_header},
                    protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
                    origin_ssl_protocols=[cloudfront.OriginSslPolicy.TLS_V1_2],
                ),
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
                allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
                cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
                origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER,
                response_headers_policy=cloudfront.ResponseHeadersPolicy.SECURITY_HEADERS,
            ),
        )
        distribution.node.default_child.node.add_dependency(listener)

        # Operators
        def ecs_arn(resource: str, resource_name: str) -> str:
            return self.format_arn(service="ecs", resource=resource, resource_name=resource_name, arn_format=ArnFormat.SLASH_RESOURCE_NAME)

        push = [
            "ecr:BatchCheckLayerAvailability",
            "ecr:BatchGetImage",
            "ecr:CompleteLayerUpload",
            "ecr:InitiateLayerUpload",
            "ecr:PutImage",
            "ecr:UploadLayerPart",
        ]

        def read_outputs() -> iam.PolicyStatement:
            return allow(["cloudformation:DescribeStacks"], self.stack_id, sid="AllowStackOutputs")

        image_builder = iam.ManagedPolicy(
            self,
            "ImageBuilder",
            description="Oky: push images of the API and the CMS",
            statements=[
                allow(["ecr:GetAuthorizationToken"], "*", sid="AllowECRAuth"),
                allow(push, *[repository.repository_arn for repository in repositories], sid="AllowECRImagePush"),
                read_outputs(),
            ],
        )
        task_definitions = [ecs_arn("task-definition", family) for family in families]
        revisions = [f"{arn}:*" for arn in task_definitions]
        with_a_revision = {"StringEquals": {"ecs:CreateAction": "RegisterTaskDefinition"}}
        only_the_image = {
            "ArnLikeIfExists": {"ecs:task-definition": revisions},
            "ForAllValues:StringEquals": {
                "ecs:subnet": [id for name in ("Private", "Cms") for id in vpc.select_subnets(subnet_group_name=name).subnet_ids]
            },
            "BoolIfExists": {"ecs:auto-assign-public-ip": "false"},
            "StringEqualsIfExists": {"ecs:enable-execute-command": "false"},
        }
        service_arns = [ecs_arn("service", f"{cluster.cluster_name}/{family}-service") for family in families]
        passed_to_tasks = {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}
        service_updater = iam.ManagedPolicy(
            self,
            "ServiceUpdater",
            description="Oky: release images of the API and the CMS",
            statements=[
                allow(["ecs:DescribeTaskDefinition"], "*", sid="AllowECSTaskDefinitionRead"),
                allow(["ecs:RegisterTaskDefinition"], *revisions, sid="AllowECSTaskDefinitionManagement"),
                allow(["ecs:TagResource"], *task_definitions, *revisions, sid="AllowECSTaskDefinitionTags", conditions=with_a_revision),
                allow(["ecs:DescribeServices", "ecs:UpdateService"], *service_arns, sid="AllowECSServiceUpdate", conditions=only_the_image),
                allow(["iam:PassRole"], *service_roles, sid="AllowPassRoleForECSTasks", conditions=passed_to_tasks),
                read_outputs(),
            ],
        )

        outputs = {
            "ApiHost": "api.okyapp.info",
            "CmsHost": "cms.okyapp.info",
            "DnsTarget": distribution.distribution_domain_name,
            "DistributionId": distribution.distribution_id,
            "ClusterName": cluster.cluster_name,
            "ConfigBucketName": config_bucket.bucket_name,
            "DatabaseEndpoint": database.cluster_endpoint.socket_address,
            "DatabaseClusterArn": database.cluster_arn,
            "DatabaseSecretArn": database.secret.secret_arn,
            "ImageBuilderPolicyArn": image_builder.managed_policy_arn,
            "ServiceUpdaterPolicyArn": service_updater.managed_policy_arn,
            **outputs,
        }
        for output_name, value in outputs.items():
            CfnOutput(self, output_name, value=value)


app = App()
HandWrittenStack(app, "OkyappInfo")
app.synth()
