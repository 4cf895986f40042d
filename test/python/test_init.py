"""`cdk-oky-backend init`: what it writes synthesises and passes its tests as it is, in both languages, and it asks in a terminal."""

import json
import os
import pty
import re
import select
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from conftest import AT_MOST, ROOT, UNVALIDATED, Synthesis, offline_environment

COMMAND = ROOT / "bin" / "cdk-oky-backend"
LANGUAGES = {"typescript": "app.ts", "python": "app.py"}
LEAST = {"domain": "oky.example.org", "region": "eu-west-2", "hosted-zone-id": "Z0123456789EXAMPLE01"}
KINDS = {
    "least": LEAST,
    "most": {
        **LEAST,
        "region": "af-south-1",
        "account": "111122223333",
        "hosted-zone-name": "example.org",
        "profile": "whole-country",
        "name-prefix": "oky-example",
        "alarm-email": "ops@example.org",
        "github-repository": "oky-example/deployment",
        "github-owner-id": "1234567",
        "github-repository-id": "123456789",
    },
}
EVERY = [(kind, language) for kind in KINDS for language in LANGUAGES]

every_kind = pytest.mark.parametrize("kind", KINDS)
every_language = pytest.mark.parametrize("language", LANGUAGES)


def run(command: list, folder: Path, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env={**offline_environment(folder), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=AT_MOST,
        check=False,
    )


def generate(folder: Path, language: str, answers: dict) -> None:
    flags = [part for flag, answer in answers.items() for part in (f"--{flag}", answer)]
    process = run([COMMAND, "init", "--language", language, "--folder", folder, *flags], folder.parent)
    assert process.returncode == 0, process.stderr
    # Instead of `npm install`: what this repository is tested with, and the package itself.
    modules = folder / "node_modules"
    modules.mkdir()
    for there in [*(ROOT / "node_modules").iterdir(), ROOT]:
        (modules / ("cdk-oky-backend" if there == ROOT else there.name)).symlink_to(there)


def synthesise(folder: Path, kind: str, language: str) -> Synthesis:
    generate(folder, language, KINDS[kind])
    context = folder / "cdk.context.json"
    before = context.read_bytes()
    # Version reporting puts an encoded list of libraries into the templates, which differs by language.
    process = run([folder / "node_modules/.bin/cdk", "synth", "--quiet", "--no-version-reporting", "--no-notices"], folder, **UNVALIDATED)
    return Synthesis(process, folder / "cdk.out", before, context.read_bytes())


@pytest.fixture(scope="module")
def deployments(tmp_path_factory) -> dict:
    scratch = tmp_path_factory.mktemp("init")
    with ThreadPoolExecutor(max_workers=2) as pool:
        return dict(zip(EVERY, pool.map(lambda each: synthesise(scratch / "-".join(each), *each), EVERY)))


@every_kind
@every_language
def test_it_synthesises_without_an_account_and_looks_nothing_up(deployments, kind, language):
    synthesis = deployments[kind, language]
    assert synthesis.process.returncode == 0, synthesis.process.stderr
    assert synthesis.manifest.get("missing", []) == []
    assert synthesis.context_after == synthesis.context_before


@every_kind
def test_both_languages_make_the_same_templates(deployments, kind):
    typescript, python = (deployments[kind, language].templates for language in LANGUAGES)
    assert list(python) == list(typescript)
    assert len(typescript["OkyBackend"]["Resources"]) > 50
    for name, template in typescript.items():
        assert python[name] == template


def run_tests_of(folder: Path, language: str, only: str = "") -> subprocess.CompletedProcess:
    """With the generated project's own command, or a part of its tests."""
    if language == "python":
        pytest_of = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        return run([*pytest_of, "-k", only], folder, **UNVALIDATED) if only else run(pytest_of, folder, **UNVALIDATED)
    if only:
        return run(["node", "--import", "tsx", "--test", "--test-name-pattern", only, "app.test.ts"], folder, **UNVALIDATED)
    return run(["npm", "test"], folder, **UNVALIDATED)


@every_language
def test_its_tests_pass_as_they_are(deployments, language):
    process = run_tests_of(deployments["most", language].folder.parent, language)
    assert process.returncode == 0, process.stdout + process.stderr
    assert re.search("5 passed, 1 skipped" if language == "python" else r"pass 5\n.*fail 0\n.*skipped 1\n", process.stdout, re.DOTALL), process.stdout


@every_language
def test_its_tests_let_a_harmless_update_pass_and_no_other(deployments, language):
    synthesis = deployments["least", language]
    folder = synthesis.folder.parent
    (folder / "deployed").mkdir()
    # As `aws cloudformation get-template` prints it.
    (folder / "deployed" / "OkyBackend.json").write_text(json.dumps(synthesis.templates["OkyBackend"]))
    app = folder / LANGUAGES[language]
    code = app.read_text()
    flag = "high_availability=True,\n    name_prefix" if language == "python" else "highAvailability: true,\n  namePrefix"
    app.write_text(re.sub("name_prefix|namePrefix", flag, code, count=1))
    process = run_tests_of(folder, language, only="update")
    assert process.returncode == 0, process.stdout + process.stderr
    app.write_text(code.replace("project-oky", "oky-renamed"))
    process = run_tests_of(folder, language, only="update")
    app.write_text(code)
    assert process.returncode == 1
    assert "the update loses what can't be made again" in process.stdout
    assert re.search(r"AWS::ECS::Cluster\) would be made anew, as ClusterName changes", process.stdout)


def test_the_command_comes_with_the_wheel(tmp_path):
    process = run([Path(sys.executable).parent / "cdk-oky-backend", "--version"], tmp_path)
    assert process.returncode == 0, process.stderr
    assert process.stdout.strip() == json.loads((ROOT / ".jsii").read_text())["version"]


def converse(folder: Path, answers: list) -> tuple:
    """In a terminal: types each answer when it is asked for; gives what was to be seen, and the exit code."""
    process_id, terminal = pty.fork()
    if process_id == 0:
        os.chdir(folder)
        os.execve(str(COMMAND), [str(COMMAND), "init"], offline_environment(folder))
    seen, unread, deadline = "", "", time.monotonic() + 120
    waiting = list(answers)
    while time.monotonic() < deadline:
        ready, _, _ = select.select([terminal], [], [], 1)
        try:
            text = os.read(terminal, 4096).decode() if ready else ""
        except OSError:  # Linux says so when the other side has gone.
            break
        if ready and not text:
            break
        seen += text
        unread += text
        # The prompt, and after it where readline puts the cursor.
        if waiting and re.search(r"> \x1b\[\d+G$", unread):
            unread = ""
            os.write(terminal, waiting.pop(0).encode())
    os.close(terminal)
    _, status = os.waitpid(process_id, 0)
    return seen, os.waitstatus_to_exitcode(status)


def test_in_a_terminal_it_asks(tmp_path):
    seen, code = converse(tmp_path, ["2\r", "kenya\r", "OKY\r", "oky.example.org\r", "eu-west-2\r", "\r", "Z0123456789EXAMPLE01\r", "\r", "\r", "\r", "\r", "\r"])
    assert code == 0, seen
    assert "domainName must be a domain in lower case" in seen
    assert "Warning" not in seen
    generate(tmp_path / "twin", "python", LEAST)
    for file in (path for path in (tmp_path / "kenya").rglob("*") if path.is_file()):
        assert file.read_text() == (tmp_path / "twin" / file.relative_to(tmp_path / "kenya")).read_text()


@pytest.mark.parametrize("key", ["\x03", "\x04"], ids=["Ctrl-C", "Ctrl-D"])
def test_who_leaves_in_the_middle_leaves_nothing_behind(tmp_path, key):
    seen, code = converse(tmp_path, ["2\r", "kenya\r", key])
    assert code == 1, seen
    assert "nothing was written" in seen
    assert list(tmp_path.iterdir()) == []
