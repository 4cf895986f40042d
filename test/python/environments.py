"""Environments of Python beside the one that the tests run in. scripts/run/packages.mjs makes them."""

from pathlib import Path

BUILD = Path(__file__).parents[2] / ".build"


def programs_of(name: str) -> Path:
    """Where the programs of `requirements-<name>.txt` are."""
    folder = BUILD / f"venv-{name}"
    assert (folder / "fingerprint").exists(), f"{folder} is not complete. Run the tests with: npm test -- test/python"
    return folder / "bin"
