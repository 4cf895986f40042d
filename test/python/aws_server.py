"""Run in the emulator's environment: AWS's command line, loaded once. Each call is a fork of it, which saves the start of
a program that takes longer than its call. Prints the port that it listens at.

A client sends the number of its words and of its variables, then all of them, each with a NUL after it. It gets the exit
code and, after it, what the command line printed.
"""

import contextlib
import gc
import hashlib
import io
import os
import signal
import socket
from dataclasses import dataclass
from pathlib import Path

from awscli.clidriver import create_clidriver

SERVICES = ("acm", "cloudformation", "ec2", "ecr", "guardduty", "iam", "kms", "rds", "route53", "s3", "service-quotas", "sns", "ssm", "sts")


def load():
    """The command line with all that it would read for each call, which each of its forks then has."""
    driver = create_clidriver()
    commands = driver._get_command_table()
    for service in SERVICES:
        commands["s3api" if service == "s3" else service]._get_command_table()
        driver.session.create_client(service, region_name="us-east-1")
    gc.collect()
    gc.freeze()
    return driver


def read(connection: socket.socket) -> list:
    text = b""
    while True:
        words = text.split(b"\0")
        if len(words) > 2 and len(words) > 2 + int(words[0]) + int(words[1]):
            return [word.decode() for word in words[:-1]]
        text += connection.recv(65536)


@dataclass
class Call:
    words: list
    environment: dict

    @classmethod
    def read(cls, connection: socket.socket) -> "Call":
        words, variables, *said = read(connection)
        return cls(said[:int(words)], dict(each.split("=", 1) for each in said[int(words):][:int(variables)]))

    @property
    def is_fresh(self) -> bool:
        return self.words[1] in self.environment["AWS_SERVER_FRESH"].split()

    @property
    def memory(self) -> Path:
        caller = "\0".join([self.environment.get("AWS_ACCESS_KEY_ID", ""), *self.words])
        return Path(self.environment["AWS_SERVER_MEMORY"]) / " ".join([*self.words[:2], hashlib.sha256(caller.encode()).hexdigest()])

    def run(self, driver) -> bytes:
        """In a process of its own."""
        os.environ.update(self.environment)
        os.chdir(self.environment["AWS_SERVER_FOLDER"])
        output, errors = io.TextIOWrapper(io.BytesIO()), io.TextIOWrapper(io.BytesIO())
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
            try:
                code = driver.main(self.words)
            except SystemExit as end:
                code = end.code
        printed = errors if code else output
        printed.flush()
        answer = f"{code}\n".encode() + printed.buffer.getvalue()
        written = self.memory.with_name(f".{os.getpid()}")
        written.write_bytes(answer)
        written.rename(self.memory.with_name(f"{self.memory.name} {os.getpid()}") if self.is_fresh else self.memory)
        return answer


def main() -> None:
    driver = load()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        print(server.getsockname()[1], flush=True)
        while True:
            connection, _ = server.accept()
            with connection:
                call = Call.read(connection)
                if not call.is_fresh and call.memory.exists():
                    connection.sendall(call.memory.read_bytes())
                elif os.fork() == 0:
                    try:
                        connection.sendall(call.run(driver))
                    finally:
                        os._exit(0)


if __name__ == "__main__":
    main()
