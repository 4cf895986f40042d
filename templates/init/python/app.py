__IMPORTS__

app = App()
# Off in the first deployment alone, so that one which fails can roll back: npx cdk deploy OkyBackend 'OkyBackend/**' --context firstDeployment=true
is_protected = app.node.try_get_context("firstDeployment") is None
stack = Stack(app, "OkyBackend", env=Environment(__ACCOUNT__region="__REGION__"), termination_protection=is_protected)

OkyBackend(
    stack,
    "Oky",
    __PROPS__
    deletion_protection=is_protected,
    # There is no image yet, and the first deployment needs none. README.md says what comes here later.
)

if __name__ == "__main__":
    app.synth()
