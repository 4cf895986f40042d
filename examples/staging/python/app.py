from aws_cdk import App, Duration, Environment, RemovalPolicy, Stack
from aws_cdk.aws_route53 import HostedZone
from cdk_oky_backend import (
    OkyBackend,
    OkyDatabaseOptions,
    OkyEndpoints,
    OkyMonitoringOptions,
    OkyNetworkOptions,
    OkyScalingOptions,
    OkyServiceOptions,
    OkyWafOptions,
)

region = "eu-west-2"
# Two accounts are better, where you have them. All names differ, so one can hold both.
production_account = "111122223333"
staging_account = "111122223333"

app = App()

production = Stack(app, "OkyProduction", env=Environment(account=production_account, region=region), termination_protection=True)
OkyBackend(
    production,
    "Oky",
    domain_name="okyapp.info",
    hosted_zone=HostedZone.from_hosted_zone_attributes(production, "Zone", hosted_zone_id="Z0123456789EXAMPLE01", zone_name="okyapp.info"),
    high_availability=True,
    scaling=OkyScalingOptions(),
    waf=OkyWafOptions(),
    monitoring=OkyMonitoringOptions(alarm_email="ops@okyapp.info"),
    api=OkyServiceOptions(image_tag="2026_01"),
    cms=OkyServiceOptions(image_tag="2026_01"),
)

# The next release, on the same kinds of resources, but few of them: no second task, no spare zone, no metrics of single tasks.
staging = Stack(app, "OkyStaging", env=Environment(account=staging_account, region=region))
OkyBackend(
    staging,
    "Oky",
    domain_name="staging.okyapp.info",
    name_prefix="oky-staging",
    # A zone of its own, to which that of okyapp.info delegates: whoever may change it can't change production's records.
    hosted_zone=HostedZone.from_hosted_zone_attributes(staging, "Zone", hosted_zone_id="Z0123456789EXAMPLE02", zone_name="staging.okyapp.info"),
    deletion_protection=False,
    container_insights=False,
    network=OkyNetworkOptions(endpoints=OkyEndpoints.ONE_ZONE),
    # There is nothing in it that can't be made again.
    database=OkyDatabaseOptions(backup_retention=Duration.days(1), removal_policy=RemovalPolicy.DESTROY),
    api=OkyServiceOptions(image_tag="2026_02", use_spot=True),
    cms=OkyServiceOptions(image_tag="2026_02", use_spot=True),
)

app.synth()
