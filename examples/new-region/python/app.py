from aws_cdk import App, Environment, Stack
from aws_cdk.aws_route53 import HostedZone
from cdk_oky_backend import OkyBackend, OkyScalingOptions, OkyServiceOptions, OkyWafOptions

account = "111122223333"
region = "af-south-1"

app = App()
stack = Stack(app, "OkyExample", env=Environment(account=account, region=region), termination_protection=True)

OkyBackend(
    stack,
    "Oky",
    domain_name="oky.example.org",
    name_prefix="oky-example",
    hosted_zone=HostedZone.from_hosted_zone_attributes(
        stack,
        "Zone",
        hosted_zone_id="Z0123456789EXAMPLE01",
        zone_name="oky.example.org",
    ),
    high_availability=True,
    scaling=OkyScalingOptions(),
    waf=OkyWafOptions(),
    api=OkyServiceOptions(image_tag="2026_01"),
    cms=OkyServiceOptions(image_tag="2026_01"),
)

app.synth()
