from aws_cdk import App, Environment, Stack
from aws_cdk.aws_certificatemanager import Certificate
from cdk_oky_backend import OkyBackend, OkyServiceOptions

account = "111122223333"
region = "eu-west-2"

app = App()
stack = Stack(app, "OkyappInfo", env=Environment(account=account, region=region), termination_protection=True)

OkyBackend(
    stack,
    "Oky",
    domain_name="okyapp.info",
    certificate=Certificate.from_certificate_arn(
        stack,
        "Certificate",
        f"arn:aws:acm:{region}:{account}:certificate/11111111-2222-3333-4444-555555555555",
    ),
    edge_certificate=Certificate.from_certificate_arn(
        stack,
        "EdgeCertificate",
        f"arn:aws:acm:us-east-1:{account}:certificate/66666666-7777-8888-9999-000000000000",
    ),
    api=OkyServiceOptions(
        image_tag="2025_05",
        repository_name="oky/api_en",
        environment_file_key="project_oky_api_task_configuration.env",
    ),
    cms=OkyServiceOptions(
        image_tag="2025_05",
        repository_name="oky/cms_en",
        environment_file_key="project_oky_cms_task_configuration.env",
    ),
)

app.synth()
