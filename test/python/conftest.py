"""Synthesises the examples once, in both languages, as a user would: with the CDK command line of this repository."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from emulator import command_line, emulator, programs  # noqa: F401: fixtures for all tests, made once

ROOT = Path(__file__).parents[2]
EXAMPLES = ("okyapp-info", "new-region")
LANGUAGES = {"typescript": ".", "python": "python"}


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


def synthesise(example: str, language: str, scratch: Path) -> Synthesis:
    source = ROOT / "examples" / example / LANGUAGES[language]
    folder = scratch / f"{example}-{language}"
    context = source / "cdk.context.json"
    context_before = context.read_bytes()
    process = subprocess.run(
        # Version reporting puts an encoded list of libraries into the templates, which differs by language.
        [str(ROOT / "node_modules/.bin/cdk"), "synth", "--quiet", "--no-version-reporting", "--no-notices", "--output", str(folder)],
        cwd=source,
        env=offline_environment(scratch),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return Synthesis(process, folder, context_before, context.read_bytes())


@pytest.fixture(scope="session")
def syntheses(tmp_path_factory) -> dict:
    scratch = tmp_path_factory.mktemp("synth")
    wanted = [(example, language) for example in EXAMPLES for language in LANGUAGES]
    # Two at a time: each is one process that computes.
    with ThreadPoolExecutor(max_workers=2) as pool:
        return dict(zip(wanted, pool.map(lambda each: synthesise(*each, scratch), wanted)))
