"""The examples: both languages synthesise them without an account, and make the same of them."""

import json

import pytest
from conftest import EXAMPLES, LANGUAGES, ROOT

STACKS = {
    "okyapp-info": {"OkyappInfo": "eu-west-2"},
    "new-region": {"oky-example-edge": "us-east-1", "OkyExample": "af-south-1"},
}

every_example = pytest.mark.parametrize("example", EXAMPLES)
every_language = pytest.mark.parametrize("language", LANGUAGES)


@every_example
@every_language
def test_the_cdk_command_line_synthesises_it_without_credentials(syntheses, example, language):
    process = syntheses[example, language].process
    assert process.returncode == 0, process.stderr


@every_example
@every_language
def test_nothing_is_left_to_be_looked_up(syntheses, example, language):
    synthesis = syntheses[example, language]
    assert synthesis.manifest.get("missing", []) == []
    assert synthesis.context_after == synthesis.context_before


@every_example
@every_language
def test_it_consists_of_the_stacks_that_it_says(syntheses, example, language):
    stacks = syntheses[example, language].stacks
    regions = {stack["properties"].get("stackName", name): stack["environment"].rsplit("/", 1)[1] for name, stack in stacks.items()}
    assert regions == STACKS[example]


@every_example
@every_language
def test_the_template_validation_of_aws_cdk_lib_finds_nothing(syntheses, example, language):
    report = json.loads((syntheses[example, language].folder / "validation-report.json").read_text())
    # It is listed for what aws-cdk-lib itself suppresses, which shows that it ran.
    assert [plugin["pluginName"] for plugin in report["pluginReports"]] == ["CloudFormation Validate"]
    assert report["pluginReports"][0]["violations"] == []


@every_example
def test_both_languages_make_the_same_templates(syntheses, example):
    typescript, python = (syntheses[example, language].templates for language in LANGUAGES)
    assert list(python) == list(typescript)
    for name, template in typescript.items():
        assert len(template["Resources"]) > 1
        assert "CDKMetadata" not in template["Resources"]
        assert python[name] == template


@every_example
def test_both_languages_make_the_same_stacks(syntheses, example):
    def facts(stacks: dict) -> dict:
        keys = ("stackName", "terminationProtection", "tags")
        return {
            name: (stack["environment"], sorted(stack.get("dependencies", [])), {key: stack["properties"].get(key) for key in keys})
            for name, stack in stacks.items()
        }

    typescript, python = (facts(syntheses[example, language].stacks) for language in LANGUAGES)
    assert python == typescript


@every_example
def test_both_languages_have_the_same_context(example):
    folder = ROOT / "examples" / example
    assert (folder / "python/cdk.context.json").read_bytes() == (folder / "cdk.context.json").read_bytes()


@every_example
def test_the_requirements_are_the_versions_that_are_tested(example):
    versions = json.loads((ROOT / "package.json").read_text())["devDependencies"]
    requirements = (ROOT / "examples" / example / "python/requirements.txt").read_text().split()
    assert requirements == [f"aws-cdk-lib=={versions['aws-cdk-lib']}", "cdk-oky-backend", f"constructs=={versions['constructs']}"]
