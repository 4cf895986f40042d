"""Others' eyes on the templates: cfn-lint and checkov find nothing but what is listed here, and all that is listed."""

import json
import math
import os
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from conftest import AT_MOST, EXAMPLES, ROOT, offline_environment
from environments import programs_of

TEMPLATES = ROOT / ".build" / "templates"

# What cfn-lint says about templates that are made by the CDK, and that nobody reads or edits.
CFN_LINT = {
    "W3010": "the zones are those that were looked up for the account, once: a template that asked again could get others, and replace subnets",
    "I1022": "the CDK puts texts together with Fn::Join where somebody who writes a template would take Fn::Sub",
}

# And about deployments that ask for it.
OPTION_SPACE = ROOT / ".build" / "option-space"
OPTION_SPACE_CFN_LINT = {
    "W3690": "an engine version that was asked for, and that AWS offers for upgrades only",
    "E3021": "a cluster from a snapshot has the snapshot's user, and CloudFormation sets the password after it is restored: MasterUsername must not be given then",
}

# What checkov finds: the check and the resource, by its id without the CDK's hash, with the reason why it stays.
CHECKOV = {
    ("CKV_AWS_18", "OkyLogs"): "this is the bucket that logs go to; logging the writing of logs would not end",
    ("CKV_AWS_18", "AccessLogsBucket"): "this is a bucket that logs go to; logging the writing of logs would not end",
    ("CKV_AWS_21", "OkySqlTaskFiles"): "files of SQL can hold personal data and must be gone after a day: versions would keep them longer",
    ("CKV_AWS_26", "MonitoringTopic"): "under the deployment's key it would be silent when that key is disabled; names and values of alarms pass through it, and SNS keeps them on encrypted disks",
    ("CKV_AWS_26", "OkyMonitoringTopic"): "under the deployment's key it would be silent when that key is disabled; names and values of alarms pass through it, and SNS keeps them on encrypted disks",
    ("CKV_AWS_65", "OkyCluster"): "the example staging does without Container Insights, which cost more there than the tasks do",
    ("CKV_AWS_68", "OkyDistribution"): "the web ACL is a choice with a price, by the option waf",
    ("CKV_AWS_86", "OkyDistribution"): "CloudFront's log, by edge.accessLogs, is a delivery of its own, which the check does not look for; the older way wants a bucket with access lists",
    ("CKV_AWS_88", "OkyNetworkVpcPublicSubnet1NatInstance"): "a NAT is the way to the internet and needs an address there; it accepts nothing that comes from outside",
    ("CKV_AWS_136", "OkyApiRepository"): "an image holds neither data nor secrets, and ECR encrypts it with a key of its own; another key would make another repository",
    ("CKV_AWS_136", "OkyCmsRepository"): "an image holds neither data nor secrets, and ECR encrypts it with a key of its own; another key would make another repository",
    ("CKV_AWS_158", "WebAclLog"): "the deployment's key is in its own region; this log, in us-east-1, is encrypted with CloudWatch's own and has tokens and cookies taken out",
}


@pytest.fixture(scope="module")
def linters() -> Path:
    """Where the linters are."""
    return programs_of("linters")


@pytest.fixture(scope="module")
def templates(syntheses, tmp_path_factory) -> Path:
    """The templates of the examples, and of the deployments that bring every kind of resource: `<deployment>/<stack>.<region>.json`."""
    folder = tmp_path_factory.mktemp("templates")
    subprocess.run(["node", "--import", "tsx", "scripts/templates.ts"], cwd=ROOT, check=True, stdin=subprocess.DEVNULL, timeout=AT_MOST)
    shutil.copytree(TEMPLATES, folder, dirs_exist_ok=True)
    for example in EXAMPLES:
        synthesis = syntheses[example, "typescript"]
        assert synthesis.process.returncode == 0, synthesis.process.stderr
        (folder / f"example-{example}").mkdir()
        for name, stack in synthesis.stacks.items():
            region = stack["environment"].rsplit("/", 1)[1]
            (folder / f"example-{example}" / f"{name}.{region}.json").write_text(json.dumps(synthesis.templates[name], indent=2))
    return folder


def cfn_lint(linters: Path, files: list, region: str) -> list:
    """What cfn-lint finds, informational findings too. One process uses one processor, and one command line holds only so many files."""
    processors = os.cpu_count() or 1
    parts = min(len(files), max(processors, math.ceil(len(files) / 60)))

    def lint(part: int) -> list:
        process = subprocess.run(
            [str(linters / "cfn-lint"), "--include-checks", "I", "--regions", region, "--format", "json", "--", *map(str, files[part::parts])],
            capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=AT_MOST, check=False,
        )
        # Its exit code says which levels it found; a crash prints no JSON.
        assert process.stdout, process.stderr
        return json.loads(process.stdout)

    with ThreadPoolExecutor(processors) as pool:
        return [found for part in pool.map(lint, range(parts)) for found in part]


def checkov(linters: Path, folder: Path, home: Path) -> dict:
    """What checkov finds, without a network."""
    process = subprocess.run(
        [str(linters / "checkov"), "--directory", str(folder), "--framework", "cloudformation", "--skip-download", "--quiet", "--compact", "--output", "json"],
        env=offline_environment(home), cwd=home, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=AT_MOST, check=False,
    )
    assert process.stdout, process.stderr
    return json.loads(process.stdout)


def findings(report: dict) -> set:
    found = report["results"]["failed_checks"]
    return {(each["check_id"], re.sub(r"[0-9A-F]{8}$", "", each["resource"].split(".")[-1])) for each in found}


@pytest.fixture(scope="module")
def cfn_lint_findings(linters, templates) -> list:
    files = sorted(templates.rglob("*.json"))
    regions = sorted({file.suffixes[-2][1:] for file in files})
    return [found for region in regions for found in cfn_lint(linters, [file for file in files if file.suffixes[-2][1:] == region], region)]


@pytest.fixture(scope="module")
def checkov_report(linters, templates, tmp_path_factory) -> dict:
    return checkov(linters, templates, tmp_path_factory.mktemp("home"))


def test_there_are_templates_of_every_example_and_of_everything_on(templates):
    deployments = {folder.name for folder in templates.iterdir()}
    assert deployments >= {"default", "all-on", "new-region", *(f"example-{example}" for example in EXAMPLES)}
    assert len(list(templates.rglob("*.json"))) >= len(deployments) + 4


def test_cfn_lint_finds_nothing_that_is_not_listed(cfn_lint_findings):
    new = {(found["Rule"]["Id"], found["Filename"], found["Message"]) for found in cfn_lint_findings if found["Rule"]["Id"] not in CFN_LINT}
    assert new == set()


def test_what_is_listed_of_cfn_lint_still_occurs(cfn_lint_findings):
    assert {found["Rule"]["Id"] for found in cfn_lint_findings} >= set(CFN_LINT)


@pytest.mark.option_space
def test_cfn_lint_finds_nothing_in_the_option_space(linters):
    files = sorted(OPTION_SPACE.glob("*.template.json"))
    assert len(files) >= 30, "there are no templates yet: npx jest test/contract/option-space"
    found = cfn_lint(linters, files, "eu-west-2")
    assert {(each["Rule"]["Id"], each["Filename"], each["Message"]) for each in found if each["Rule"]["Id"] not in {**CFN_LINT, **OPTION_SPACE_CFN_LINT}} == set()


def test_cfn_lint_does_see_a_fault(linters, templates, tmp_path):
    template = json.loads((templates / "default" / "Oky.eu-west-2.json").read_text())
    cluster = next(resource for resource in template["Resources"].values() if resource["Type"] == "AWS::RDS::DBCluster")
    cluster["Properties"]["BackupRetention"] = cluster["Properties"].pop("BackupRetentionPeriod")
    broken = tmp_path / "broken.json"
    broken.write_text(json.dumps(template))
    assert "E3002" in {found["Rule"]["Id"] for found in cfn_lint(linters, [broken], "eu-west-2")}


def test_checkov_reads_all_templates(checkov_report):
    assert checkov_report["results"].get("parsing_errors", []) == []
    assert checkov_report["summary"]["parsing_errors"] == 0
    assert checkov_report["summary"]["passed"] > 1000


def test_checkov_finds_nothing_that_is_not_listed(checkov_report):
    assert findings(checkov_report) - set(CHECKOV) == set()


def test_what_is_listed_of_checkov_still_occurs(checkov_report):
    assert set(CHECKOV) - findings(checkov_report) == set()


def test_checkov_does_see_a_fault(linters, templates, tmp_path):
    template = json.loads((templates / "default" / "Oky.eu-west-2.json").read_text())
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::S3::Bucket":
            del resource["Properties"]["PublicAccessBlockConfiguration"]
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "broken.json").write_text(json.dumps(template))
    assert ("CKV_AWS_53", "OkyLogs") in findings(checkov(linters, folder, tmp_path))


def test_every_reason_says_why():
    assert [reason for reason in [*CFN_LINT.values(), *CHECKOV.values()] if len(reason.split()) < 8] == []
