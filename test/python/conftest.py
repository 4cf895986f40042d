"""Synthesises the examples once, in all their languages, as a user would: with the CDK command line of this repository."""

import json
import os
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from emulator import command_line, emulator, programs  # noqa: F401: fixtures for all tests, made once
from packages import TOOLCHAINS, build, missing_toolchain

ROOT = Path(__file__).parents[2]
# Seconds after which a program hangs. Benchmarks measure time; a busy machine can be ten times slower than a quiet one.
AT_MOST = 900
EXAMPLES = {
    "okyapp-info": ("typescript", "python", "java", "go"),
    "new-region": ("typescript", "python"),
    "staging": ("typescript", "python"),
}

# CloudFormation's template validation takes most of the time of a synthesis. It is on in one language: the templates of the others are the same.
VALIDATED = "typescript"
UNVALIDATED = {"CDK_VALIDATION": "false"}


@dataclass
class Synthesis:
    """One run of `cdk synth`: how it ended, and what it left."""

    process: subprocess.CompletedProcess
    folder: Path
    context_before: bytes
    context_after: bytes

    @property
    def manifest(self) -> dict:
        return json.loads((self.folder / "manifest.json").read_text())

    @property
    def stacks(self) -> dict:
        return {name: artifact for name, artifact in self.manifest["artifacts"].items() if artifact["type"] == "aws:cloudformation:stack"}

    @property
    def templates(self) -> dict:
        return {name: json.loads((self.folder / stack["properties"]["templateFile"]).read_text()) for name, stack in self.stacks.items()}


def offline_environment(scratch: Path) -> dict:
    """Without credentials, and with every way to them and to the network leading nowhere."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CDK_"))}
    nowhere = "http://127.0.0.1:9"
    return {
        **environment,
        # The python3 that cdk.json names is the one that has the wheel.
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), environment["PATH"]]),
        "AWS_CONFIG_FILE": str(scratch / "none"),
        "AWS_SHARED_CREDENTIALS_FILE": str(scratch / "none"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "HTTP_PROXY": nowhere,
        "HTTPS_PROXY": nowhere,
        "http_proxy": nowhere,
        "https_proxy": nowhere,
    }


def source_of(example: str, language: str) -> Path:
    folder = ROOT / "examples" / example
    return folder if language == "typescript" else folder / language


def synthesise(example: str, language: str, scratch: Path, package: Future | None) -> Synthesis:
    source = source_of(example, language)
    folder = scratch / f"{example}-{language}"
    context = source / "cdk.context.json"
    context_before = context.read_bytes()
    process = subprocess.run(
        # Version reporting puts an encoded list of libraries into the templates, which differs by language.
        [str(ROOT / "node_modules/.bin/cdk"), "synth", "--quiet", "--no-version-reporting", "--no-notices", "--output", str(folder)],
        cwd=source,
        env={**offline_environment(scratch), **(package.result() if package else {}), **({} if language == VALIDATED else UNVALIDATED)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=AT_MOST,
        check=False,
    )
    return Synthesis(process, folder, context_before, context.read_bytes())


class Syntheses:
    """The examples in their languages, each synthesised once. A test waits only for the one that it asks for."""

    def __init__(self, wanted: list, pool: ThreadPoolExecutor, scratch: Path):
        compiled = [each for each in wanted if each[1] in TOOLCHAINS]

        def start(each: tuple, package: Future | None = None) -> Future:
            return pool.submit(synthesise, *each, scratch, package)

        self.runs = {each: start(each) for each in wanted if each not in compiled}
        # All that is waited for is submitted before who waits for it, so that the pool can't be full of those who wait.
        packages = {each: pool.submit(build, each[1], source_of(*each)) for each in compiled}
        self.runs.update({each: start(each, package) for each, package in packages.items()})

    def __getitem__(self, each: tuple) -> Synthesis:
        return self.runs[each].result()


def wanted_by(items: list) -> list:
    """The examples that the chosen tests are about, and their twins in TypeScript, with which they are compared."""
    params = [item.callspec.params for item in items if "syntheses" in item.fixturenames and hasattr(item, "callspec")]
    languages = {(each["example"], each["language"]) for each in params if "language" in each}
    return [(example, language) for example, known in EXAMPLES.items() for language in known
            if (language == "typescript" or (example, language) in languages) and missing_toolchain(language) is None]


@pytest.fixture(scope="session")
def syntheses(request, tmp_path_factory):
    # Two at a time: each is one process that computes.
    with ThreadPoolExecutor(max_workers=2) as pool:
        yield Syntheses(wanted_by(request.session.items), pool, tmp_path_factory.mktemp("synth"))


def pytest_collection_modifyitems(items: list) -> None:
    """Marks what a test needs by the fixtures that it asks for. scripts/run/suite.mjs runs the marks side by side."""
    for item in items:
        for mark in ("emulator", "linters"):
            if mark in item.fixturenames:
                item.add_marker(mark)
