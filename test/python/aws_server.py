"""Run in the emulator's environment: the AWS command line, loaded once and forked for each call, which saves most of a second.

`aws_server.py SOCKET` serves until it is ended. `aws_server.py SOCKET call ARGUMENT…` is one call, as `aws ARGUMENT…`, in the
folder, with the environment and the three streams of whoever makes it.
"""

import gc
import json
import os
import signal
import socket
import sys
import traceback

# What most calls are of: they start with what the command line would work out anew for each.
SERVICES = ("acm", "cloudformation", "ec2", "ecr", "ecs", "guardduty", "iam", "kms", "logs", "rds", "route53", "s3", "secretsmanager", "service-quotas",
            "sns", "ssm", "sts")


def call(path: str, arguments: list) -> int:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)
        request = json.dumps({"arguments": arguments, "folder": os.getcwd(), "environment": dict(os.environ)}).encode()
        socket.send_fds(connection, [len(request).to_bytes(8, "big")], [0, 1, 2])
        connection.sendall(request)
        # Without an answer the call has died.
        return (connection.recv(1) or b"\xff")[0]


def answer(driver, connection: socket.socket) -> None:
    size, streams, _, _ = socket.recv_fds(connection, 8, 3)
    with connection.makefile("rb") as opened:
        request = json.loads(opened.read(int.from_bytes(size, "big")))
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    # The command line itself sets where its data is.
    environment = {"AWS_DATA_PATH": os.environ["AWS_DATA_PATH"], **request["environment"]}
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(request["folder"])
    code = driver.main(request["arguments"])
    sys.stdout.flush()
    sys.stderr.flush()
    connection.sendall(bytes([code & 0xFF]))


def serve(path: str) -> None:
    # Only here: a call must not load it.
    from awscli.clidriver import create_clidriver

    # Ended calls leave nothing behind.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    driver = create_clidriver()
    commands = driver._get_command_table()
    for service in SERVICES:
        commands["s3api" if service == "s3" else service]._get_command_table()
        driver.session.create_client(service, region_name="us-east-1")
    gc.collect()
    gc.freeze()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen(64)
        while True:
            connection, _ = listener.accept()
            if os.fork() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                listener.close()
                try:
                    answer(driver, connection)
                except BaseException:  # A fork must never go on in the loop.
                    traceback.print_exc()
                os._exit(0)
            connection.close()


if __name__ == "__main__":
    if sys.argv[2:3] == ["call"]:
        sys.exit(call(sys.argv[1], sys.argv[3:]))
    serve(sys.argv[1])
