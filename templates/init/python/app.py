__IMPORTS__

app = App()
stack = Stack(app, "OkyBackend", env=Environment(__ACCOUNT__region="__REGION__"))

OkyBackend(
    stack,
    "Oky",
    __PROPS__
    # Off in the first deployment alone, so that one which fails can roll back: npx cdk deploy --all --context firstDeployment=true
    deletion_protection=app.node.try_get_context("firstDeployment") is None,
    # There is no image yet, and the first deployment needs none. Later: api=OkyServiceOptions(image_tag="2026_01"), and the same for cms
)

if __name__ == "__main__":
    app.synth()
