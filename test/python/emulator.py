"""AWS's services, emulated by moto, and AWS's command line, in an environment of their own: fixtures for the tests that need them."""

import json
import os
import socket
import stat
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest
from environments import programs_of

HERE = Path(__file__).parent


def free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return opened.getsockname()[1]


@pytest.fixture(scope="session")
def programs() -> Path:
    """Where moto and the command line are."""
    return programs_of("emulator")


@pytest.fixture(scope="session")
def command_line(programs, tmp_path_factory):
    """The AWS command line, as a program that starts quickly."""
    folder = tmp_path_factory.mktemp("aws")
    server, address, python = HERE / "aws_server.py", folder / "socket", programs / "python"
    with subprocess.Popen([str(python), "-B", str(server), str(address)], stdin=subprocess.DEVNULL) as process:
        try:
            for _ in range(2400):
                if address.exists():
                    break
                time.sleep(0.25)
            program = folder / "aws"
            program.write_text(f'#!/bin/sh\nexec "{python}" -I -S "{server}" "{address}" call "$@"\n')
            program.chmod(stat.S_IRWXU)
            yield program
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def emulator(programs, tmp_path_factory):
    """moto's address."""
    url = f"http://127.0.0.1:{free_port()}"
    with open(tmp_path_factory.mktemp("moto") / "log", "wb") as log:
        # Certificates are issued at once.
        server = subprocess.Popen([str(programs / "moto_server"), "-p", url.rsplit(":", 1)[1]], stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                                  env={**os.environ, "MOTO_ACM_VALIDATION_WAIT": "0"})
        try:
            for _ in range(2400):
                try:
                    urllib.request.urlopen(f"{url}/moto-api/data.json", timeout=5).close()
                    break
                except OSError:
                    time.sleep(0.25)
            # A task that is started has ended at the next look.
            body = json.dumps({"model_name": "ecs::task", "transition": {"progression": "immediate"}}).encode()
            urllib.request.urlopen(urllib.request.Request(f"{url}/moto-api/state-manager/set-transition", body), timeout=30).close()
            yield url
        finally:
            server.terminate()
            server.wait(30)
