"""Environments of Python beside the one that the tests run in, each with what a file of requirements names."""

import hashlib
import shutil
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).parent
BUILD = HERE.parents[1] / ".build"


def programs_of(name: str) -> Path:
    """Where the programs of `requirements-<name>.txt` are, installed anew when their versions have changed."""
    requirements, folder = HERE / f"requirements-{name}.txt", BUILD / f"venv-{name}"
    fingerprint = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()
    stamp = folder / "fingerprint"
    if not stamp.exists() or stamp.read_text() != fingerprint:
        shutil.rmtree(folder, ignore_errors=True)
        venv.create(folder, with_pip=True)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
        subprocess.run([*pip, "-r", str(requirements)], check=True, stdin=subprocess.DEVNULL, timeout=600)
        stamp.write_text(fingerprint)
    return folder / "bin"
