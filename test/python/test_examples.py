"""The examples: each of their languages synthesises them without an account, and makes the same of them."""

import json
import re

import pytest
from conftest import EXAMPLES, ROOT, VALIDATED, source_of
from packages import SOURCE, TOOLCHAINS, missing_toolchain, versions_in

STACKS = {
    "okyapp-info": {"OkyappInfo": "eu-west-2"},
    "new-region": {"oky-example-edge": "us-east-1", "OkyExample": "af-south-1"},
    "staging": {
        "oky-staging-edge": "us-east-1",
        "OkyStaging": "eu-west-2",
        "project-oky-edge": "us-east-1",
        "OkyProduction": "eu-west-2",
        "project-oky-edge-watch": "us-east-1",
    },
}
VERSIONS = json.loads((ROOT / "package.json").read_text())["devDependencies"]


def where_it_can_be_built(example: str, language: str):
    lacks = missing_toolchain(language)
    marks = [pytest.mark.skipif(lacks is not None, reason=f"{language} is not tried: {lacks}"), *([pytest.mark.toolchain] if language in TOOLCHAINS else [])]
    return pytest.param(example, language, marks=marks)


every_twin = pytest.mark.parametrize(
    ("example", "language"), [where_it_can_be_built(example, language) for example, languages in EXAMPLES.items() for language in languages]
)
every_other_twin = pytest.mark.parametrize(
    ("example", "language"), [where_it_can_be_built(example, language) for example, languages in EXAMPLES.items() for language in languages[1:]]
)
every_example = pytest.mark.parametrize("example", EXAMPLES)


@every_twin
def test_the_cdk_command_line_synthesises_it_without_credentials(syntheses, example, language):
    process = syntheses[example, language].process
    assert process.returncode == 0, process.stderr


@every_twin
def test_nothing_is_left_to_be_looked_up(syntheses, example, language):
    synthesis = syntheses[example, language]
    assert synthesis.manifest.get("missing", []) == []
    assert synthesis.context_after == synthesis.context_before


@every_twin
def test_it_consists_of_the_stacks_that_it_says(syntheses, example, language):
    stacks = syntheses[example, language].stacks
    regions = {stack["properties"].get("stackName", name): stack["environment"].rsplit("/", 1)[1] for name, stack in stacks.items()}
    assert regions == STACKS[example]


@every_twin
def test_the_template_validation_of_aws_cdk_lib_finds_nothing(syntheses, example, language):
    validated = syntheses[example, VALIDATED]
    assert syntheses[example, language].templates == validated.templates
    report = json.loads((validated.folder / "validation-report.json").read_text())
    # It is listed for what aws-cdk-lib itself suppresses, which shows that it ran.
    assert [plugin["pluginName"] for plugin in report["pluginReports"]] == ["CloudFormation Validate"]
    assert report["pluginReports"][0]["violations"] == []


@every_other_twin
def test_it_makes_the_same_templates_as_typescript(syntheses, example, language):
    typescript, other = (syntheses[example, each].templates for each in ("typescript", language))
    assert list(other) == list(typescript)
    for name, template in typescript.items():
        assert template["Resources"] != {}
        assert "CDKMetadata" not in template["Resources"]
        assert other[name] == template


@every_other_twin
def test_it_makes_the_same_stacks_as_typescript(syntheses, example, language):
    def facts(stacks: dict) -> dict:
        keys = ("stackName", "terminationProtection", "tags")
        return {
            name: (stack["environment"], sorted(stack.get("dependencies", [])), {key: stack["properties"].get(key) for key in keys})
            for name, stack in stacks.items()
        }

    typescript, other = (facts(syntheses[example, each].stacks) for each in ("typescript", language))
    assert other == typescript


@pytest.mark.parametrize(("example", "language"), [(example, language) for example, languages in EXAMPLES.items() for language in languages[1:]])
def test_it_has_the_same_context_as_typescript(example, language):
    assert (source_of(example, language) / "cdk.context.json").read_bytes() == (source_of(example, "typescript") / "cdk.context.json").read_bytes()


@every_example
def test_the_requirements_of_python_are_the_versions_that_are_tested(example):
    requirements = (source_of(example, "python") / "requirements.txt").read_text().split()
    assert requirements == [f"aws-cdk-lib=={VERSIONS['aws-cdk-lib']}", "cdk-oky-backend", f"constructs=={VERSIONS['constructs']}"]


def test_the_java_example_asks_for_the_package_that_is_made_and_for_versions_that_it_takes():
    published = SOURCE / "java" / "pom.xml"
    ranges = versions_in(published)
    asked = versions_in(source_of("okyapp-info", "java") / "pom.xml")
    text = re.sub(r"\s+", "", (source_of("okyapp-info", "java") / "pom.xml").read_text())
    maven = json.loads((ROOT / "package.json").read_text())["jsii"]["targets"]["java"]["maven"]
    assert f"<groupId>{maven['groupId']}</groupId><artifactId>{maven['artifactId']}</artifactId>" in text

    def parts(version: str) -> list[int]:
        return [int(part) for part in version.split(".")]

    for name in ("aws-cdk-lib", "constructs", "jsii-runtime"):
        lowest, below = ranges[name].strip("[)").split(",")
        assert parts(lowest) <= parts(asked[name]) < parts(below)


def test_the_go_example_asks_for_the_module_that_is_made_and_for_the_lowest_versions_that_it_takes():
    [module] = (SOURCE / "go").glob("*/go.mod")
    required = dict(re.findall(r"^\t(\S+) (v\S+)$", module.read_text(), re.MULTILINE))
    asked = dict(re.findall(r"^\t(\S+) (v\S+)$", (source_of("okyapp-info", "go") / "go.mod").read_text(), re.MULTILINE))
    name = re.search(r"^module (\S+)$", module.read_text(), re.MULTILINE)[1]
    assert set(asked) == {name, "github.com/aws/aws-cdk-go/awscdk/v2", "github.com/aws/jsii-runtime-go"}
    assert {key: version for key, version in asked.items() if key != name}.items() <= required.items()
