"""The Python in the documents, run as its reader would run it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import AT_MOST, ROOT, UNVALIDATED, offline_environment

DOCUMENTS = sorted(
    file.relative_to(ROOT)
    for file in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")]
    if "node_modules" not in file.parts and file.name != "API.md"
)


def blocks_in(document: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", (ROOT / document).read_text(), re.MULTILINE | re.DOTALL)


APPS = [(document, index) for document in DOCUMENTS for index, _ in enumerate(blocks_in(document, "python"))]


def templates_of(command: list[str], scratch: Path) -> dict:
    """What an app writes that is started by itself, without the CDK command line."""
    environment = {**offline_environment(scratch), "CDK_OUTDIR": str(scratch), "NODE_NO_WARNINGS": "1", **UNVALIDATED}
    process = subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=AT_MOST, check=False)
    assert process.returncode == 0, process.stderr
    templates = {file.name: json.loads(file.read_text()) for file in scratch.glob("*.template.json")}
    assert templates != {}
    return templates


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> dict:
    """All of them, by document and place in it."""

    def run(document: Path, index: int) -> dict:
        scratch = tmp_path_factory.mktemp("python")
        app = scratch / "app.py"
        app.write_text(blocks_in(document, "python")[index])
        return templates_of([sys.executable, "-B", str(app)], scratch)

    return {each: run(*each) for each in APPS}


def test_every_block_is_an_app_that_makes_templates(made):
    assert len(made) == len(APPS) > 0
    # How many there are at all is counted in test/repository/docs.test.ts.
    assert f"| Python | {len(APPS)} | {len(APPS)} | {len(made)} | |" in (ROOT / "docs/testing.md").read_text()


def test_the_app_in_the_readme_makes_the_same_as_the_one_in_typescript_beside_it(made):
    folder = ROOT / ".build" / "docs"
    folder.mkdir(parents=True, exist_ok=True)
    # In this folder the package can be imported by its own name.
    app = folder / "app.ts"
    app.write_text(blocks_in(Path("README.md"), "ts")[0])
    [python] = [templates for (document, _), templates in made.items() if document == Path("README.md")]
    typescript = templates_of([os.environ.get("NODE", "node"), "--import", "tsx", str(app)], folder)
    for templates in (python, typescript):
        for template in templates.values():
            # An encoded list of libraries, which differs by language.
            template["Resources"].pop("CDKMetadata", None)
            template.pop("Conditions", None)
    assert python == typescript
