"""The benchmarks: hand-written in Python is what is hand-written in TypeScript, which test/benchmarks/ compares with the library."""

import json
import os
import subprocess
import sys

from conftest import AT_MOST, ROOT, offline_environment


def template(command: list, scratch) -> dict:
    environment = {
        **offline_environment(scratch),
        "CDK_OUTDIR": str(scratch / "cdk.out"),
        "CDK_CONTEXT_JSON": (ROOT / "examples/okyapp-info/cdk.context.json").read_text(),
        "CDK_VALIDATION": "false",
    }
    subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=AT_MOST, check=True)
    return json.loads((scratch / "cdk.out/OkyappInfo.template.json").read_text())


def test_hand_written_python_makes_the_same_template_as_hand_written_typescript(tmp_path):
    node = os.environ.get("npm_node_execpath", "node")
    typescript = template([node, "--import", "tsx", "benchmarks/hand-written.ts"], tmp_path)
    python = template([sys.executable, "benchmarks/hand_written.py"], tmp_path)
    assert len(python["Resources"]) > 50
    assert python == typescript
