import os
from pathlib import Path

import pytest

# As `npx cdk` starts the app.
os.environ["CDK_CONTEXT_JSON"] = Path("cdk.context.json").read_text()

from cdk_nag import AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks
from cdk_oky_backend import OkyTemplateChanges

from app import app, stack

# What was deployed last, as AWS has it: README.md says how to get it. Before the first deployment there is nothing to lose.
DEPLOYED = Path("deployed/OkyBackend.json")


@pytest.mark.parametrize("pack", [AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks])
def test_the_pack_finds_nothing_that_is_against_its_rules(pack):
    violations = pack(app).validate_scope(app).violations
    assert [(each.rule_name, [resource.construct_path for resource in each.violating_resources]) for each in violations] == []


def test_it_synthesises():
    assert len(app.synth().stacks) >= 1


@pytest.mark.skipif(not DEPLOYED.exists(), reason=f"nothing is deployed yet: there is no {DEPLOYED}")
def test_an_update_replaces_nothing_that_holds_data():
    OkyTemplateChanges.assert_stack_keeps_state(stack, str(DEPLOYED))
