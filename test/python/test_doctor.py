"""The command doctor: in healthy accounts, and in one that is broken for each of its findings. The accounts are emulated."""

import json
import os
import re
import shlex
import shutil
import socket
import stat
import struct
import subprocess
import threading
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from conftest import AT_MOST, ROOT
from doctor_cases import ALWAYS, CASES, REGION, Case

HERE = Path(__file__).parent
TARGET = "d111111abcdef8.cloudfront.net"
DOCTOR = "require('./lib/cli/doctor/doctor').doctor(process.argv.slice(1)).then(code => { process.exitCode = code; });"
HEALTHY = {
    "before the first deployment": Case("", "", ""),
    "deployed": Case("", "", "", assembly="deployed", account="deployed"),
    "deployed, with DNS elsewhere": Case("", "", "", account="deployed, with DNS elsewhere"),
}
# What the permissions of the caller leave out, by the answer that says so.
DENIED = {
    "servicequotas:GetServiceQuota": (("GetServiceQuota",), 400, '{"__type": "AccessDeniedException", "Message": "User: x is not authorized to perform: servicequotas:GetServiceQuota"}'),
    "iam:GetAccountSummary": (("GetAccountSummary",), 403, "<ErrorResponse><Error><Code>AccessDenied</Code><Message>User: x is not authorized to perform: iam:GetAccountSummary</Message></Error></ErrorResponse>"),
    "ec2:DescribeAddresses": (("DescribeAddresses",), 403, "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>You are not authorized to perform this operation.</Message></Error></Errors></Response>"),
}
# What a person reads of a certificate that waits.
READ = """
✘ certificate-status: arn:aws:acm:us-east-1:<account>:certificate/<edge certificate> is PENDING_VALIDATION
  why:  only an issued one can be used; a deployment that makes it waits, and gives up
  how:  make the records that this prints where the DNS of the domain is; in a hosted zone of the app they are made, and seen once it is delegated
  mend: aws acm describe-certificate --certificate-arn arn:aws:acm:us-east-1:<account>:certificate/<edge certificate> --query 'Certificate.DomainValidationOptions[].ResourceRecord' --region us-east-1

1 finding, 28 checks in order, 0 could not look
"""
# A program `aws` that remembers: who asks only reads, so the same call by the same caller has the same answer, but for the
# operations that a case has answers of its own for.
AWS = r"""#!/bin/bash
words="${*//\//|}"
answer="$MEMORY/$1 $2 $AWS_ACCESS_KEY_ID/${words:0:200}/_${words:200}"
case " $FRESH " in *" $2 "*) answer+=" $$" ;; esac
if [ ! -d "$answer" ]; then
  mkdir -p "$answer.$$"
  "$REAL_AWS" "$@" > "$answer.$$/stdout" 2> "$answer.$$/stderr"
  echo $? > "$answer.$$/code"
  # Of two that ask at once, the first is remembered.
  mv "$answer.$$" "$answer" 2> /dev/null
fi
read -r code < "$answer/code"
if [ "$code" = 0 ]; then
  printf '%s' "$(< "$answer/stdout")"
else
  printf '%s' "$(< "$answer/stderr")" >&2
fi
exit "$code"
"""


class Front(ThreadingHTTPServer):
    """Before the emulator: answers what that can't, and what a case says instead. The path of a request begins with its case."""

    daemon_threads = True

    def __init__(self, emulator: str, answers: dict):
        self.emulator, self.answers = emulator, answers
        super().__init__(("127.0.0.1", 0), FrontHandler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def url(self, case: int) -> str:
        return f"http://127.0.0.1:{self.server_port}/{case}"


class FrontHandler(BaseHTTPRequestHandler):
    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        case, path = re.fullmatch(r"/(\d+)/?(.*)", self.path).groups()
        said = f"{self.headers.get('X-Amz-Target', '')} {self.headers.get('Authorization', '')} {body.decode(errors='replace')}"
        answers = self.server.answers[int(case)]
        for words, reply in [*answers.items(), *ALWAYS.items()]:
            if all(word in said for word in words):
                status, text = reply if isinstance(reply, tuple) else (200, reply)
                return self.reply(status, {}, text.encode())
        request = urllib.request.Request(f"{self.server.emulator}/{path}", body or None, dict(self.headers), method=self.command)
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return self.reply(response.status, response.headers, response.read())
        except urllib.error.HTTPError as error:
            return self.reply(error.code, error.headers, error.read())

    def reply(self, status: int, headers, body: bytes):
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in ("content-length", "connection", "transfer-encoding", "date", "server"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = answer

    def log_message(self, *_):
        pass


class Names:
    """A name server that knows the records it is given, by name and type."""

    TYPES = {1: "A", 2: "NS", 5: "CNAME", 257: "CAA"}

    def __init__(self, records: dict):
        self.records = records
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            question, client = self.socket.recvfrom(512)
            labels, at = [], 12
            while question[at]:
                labels.append(question[at + 1:at + 1 + question[at]].decode())
                at += 1 + question[at]
            kind = self.TYPES.get(struct.unpack(">H", question[at + 1:at + 3])[0], "other")
            found = self.records.get((".".join(labels).lower(), kind), [])
            head = question[:2] + struct.pack(">HHHHH", 0x8180 if found else 0x8183, 1, len(found), 0, 0)
            encode = self.encode_authority if kind == "CAA" else self.encode
            answers = b"".join(b"\xc0\x0c" + question[at + 1:at + 5] + struct.pack(">IH", 60, len(each)) + each for each in map(encode, found))
            self.socket.sendto(head + question[12:at + 5] + answers, client)

    @staticmethod
    def encode_authority(value: str) -> bytes:
        return bytes([0, len("issue")]) + b"issue" + value.encode()

    @staticmethod
    def encode(value: str) -> bytes:
        if re.fullmatch(r"[\d.]+", value):
            return socket.inet_aton(value)
        return b"".join(bytes([len(label)]) + label.encode() for label in value.split(".")) + b"\0"


@dataclass
class Run:
    code: int
    output: str
    errors: str
    has: dict

    @property
    def report(self) -> dict:
        return json.loads(self.output)

    def known(self, text: str) -> str:
        """With the names of what the account has, in place of what it has."""
        for name, value in self.has.items():
            if isinstance(value, str):
                text = text.replace(value, f"<{name}>")
        return text


class Practice:
    """Accounts, what is in front of them, and a terminal for each case."""

    def __init__(self, programs: Path, command_line: Path, emulator: str, scratch: Path):
        self.scratch, self.command_line = scratch, command_line
        self.assemblies = scratch / "assemblies"
        subprocess.run(["node", "--import", "tsx", "test/cli/assemblies.ts", str(self.assemblies)], cwd=ROOT, check=True, stdin=subprocess.DEVNULL, timeout=AT_MOST)
        self.cases = {**HEALTHY, **CASES, **{f"without {permission}": Case("", "", "", answers={words: (status, text)})
                                            for permission, (words, status, text) in DENIED.items()}}
        kinds = sorted({self.kind(case) for case in self.cases.values()})
        numbers = {kind: f"1111333{index:05d}" for index, kind in enumerate(kinds)}
        made = subprocess.run([str(programs / "python"), str(HERE / "doctor_account.py"), emulator, str(self.assemblies), *(word for kind in kinds for word in (numbers[kind], kind))],
                              capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=AT_MOST, check=False)
        assert made.returncode == 0, made.stderr
        self.accounts = dict(zip(kinds, json.loads(made.stdout)))
        self.front = Front(emulator, dict(enumerate(case.answers for case in self.cases.values())))
        self.memory, self.mends = scratch / "memory", scratch / "mends"
        self.memory.mkdir()
        self.mends.mkdir()
        self.terminal = {
            "AWS_CONFIG_FILE": "/nowhere", "AWS_SHARED_CREDENTIALS_FILE": "/nowhere", "AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "1",
            "REAL_AWS": str(command_line), "MEMORY": str(self.memory), "FRESH": "",
        }
        (scratch / "bin").mkdir()
        (scratch / "bin" / "aws").write_text(AWS)
        (scratch / "bin" / "aws").chmod(stat.S_IRWXU)

    @staticmethod
    def kind(case: Case) -> str:
        return case.account or "before"

    @staticmethod
    def operation(words: tuple) -> str:
        """The command of an operation: describe-db-engine-versions of DescribeDBEngineVersions."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", words[0]).lower()

    def run(self, name: str, *options: str, aws: Path = None) -> Run:
        index, case = list(self.cases).index(name), self.cases[name]
        has = self.accounts[self.kind(case)]
        app = self.scratch / f"{index}-{len(options)}-{aws is None}"
        shutil.copytree(self.assemblies / case.assembly, app)
        names = {
            "11111111-2222-3333-4444-555555555555": "certificate", "66666666-7777-8888-9999-000000000000": "edge certificate",
            "99999999-8888-7777-6666-555555555555": "key", "pl-93a247fa": "prefix list", "Z0123456789EXAMPLE01": "public zone",
            "111122223333": "account", **case.names,
        }
        for file in app.glob("*.json"):
            text = file.read_text()
            for word, instead in names.items():
                text = text.replace(word, has.get(instead, instead))
            file.write_text(text)
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "CDK_"))}
        environment = {
            **kept, **self.terminal, **has["keys"], "AWS_ENDPOINT_URL": self.front.url(index), "FRESH": " ".join(map(self.operation, case.answers)),
            "PATH": os.pathsep.join([str(aws or self.scratch / "bin"), kept["PATH"]]), **case.environment,
        }
        process = subprocess.run([shutil.which("node"), "-e", DOCTOR, "--", "--app", str(app), "--dns-server", Names(self.records(case, has)).address, *options],
                                 cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=AT_MOST, check=False)
        return Run(process.returncode, process.stdout, process.stderr, has)

    @staticmethod
    def records(case: Case, has: dict) -> dict:
        return {
            ("okyapp.info", "NS"): case.records.get("NS", has["name servers"]),
            ("okyapp.info", "CAA"): case.records.get("CAA", []),
            ("api.okyapp.info", "CNAME"): [TARGET],
            ("cms.okyapp.info", "CNAME"): [case.records.get("cms", TARGET)],
        }


@pytest.fixture(scope="session")
def practice(programs, command_line, emulator, tmp_path_factory) -> Practice:
    return Practice(programs, command_line, emulator, tmp_path_factory.mktemp("doctor"))


@pytest.fixture(scope="session")
def runs(practice, programs) -> dict:
    """All cases, each in a terminal of its own; and one whose command line is a program of its own for each call, as anywhere else."""
    with ThreadPoolExecutor(4) as pool:
        started = {name: pool.submit(practice.run, name, "--json") for name in practice.cases}
        started["read"] = pool.submit(practice.run, "a certificate that waits")
        started["with the program"] = pool.submit(practice.run, "a region that is off", aws=programs)
        return {name: each.result() for name, each in started.items()}


@pytest.mark.parametrize("name", HEALTHY)
def test_nothing_is_found_in_a_healthy_account(runs, name):
    run = runs[name]
    assert (run.code, run.report["findings"], run.report["notLookedAt"]) == (0, [], []), run.errors
    assert len(run.report["inOrder"]) == 29


@pytest.mark.parametrize("name", CASES)
def test_what_is_broken_is_found_and_nothing_else(runs, name):
    run, case = runs[name], CASES[name]
    assert [each["id"] for each in run.report["findings"]] == [case.finding], run.output + run.errors
    assert run.report["notLookedAt"] == []
    assert run.code == 1
    [found] = run.report["findings"]
    assert run.known(found["what"]) == case.what
    assert run.known(found["mend"]) == case.mend


@pytest.mark.parametrize("permission", DENIED)
def test_what_the_caller_may_not_see_is_named_and_is_no_finding(runs, permission):
    run = runs[f"without {permission}"]
    assert [each["permission"] for each in run.report["notLookedAt"]] == [permission] * len(run.report["notLookedAt"]) != [], run.output
    assert (run.code, run.report["findings"]) == (0, [])


def test_every_finding_has_a_case():
    kinds = subprocess.run(["node", "-p", "JSON.stringify(Object.keys(require('./lib/cli/doctor/findings').KINDS))"], cwd=ROOT, capture_output=True, check=True, text=True, timeout=60)
    assert list(dict.fromkeys(case.finding for case in CASES.values())) == json.loads(kinds.stdout)


def test_a_person_reads_what_is_wrong_why_and_what_to_do(runs):
    run = runs["read"]
    assert "✘ certificates: certificate-status" in run.errors
    assert "✔ zones" in run.errors
    assert run.known(run.output) == READ


def test_it_works_with_the_program_itself(runs):
    run = runs["with the program"]
    assert "✘ region: eu-west-2 is not-opted-in" in run.output, run.errors
    assert run.code == 1


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.mend.startswith("aws ") and case.mend != "aws --version"])
def test_the_command_that_mends_is_one_that_there_is(practice, runs, name):
    """The command line checks all that it is given against AWS's model of the service before it sends anything, here to nowhere."""
    [found] = runs[name].report["findings"]
    environment = {**os.environ, **practice.terminal, **runs[name].has["keys"], "AWS_DEFAULT_REGION": REGION, "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}
    for file in ("none.env", "bad.env"):
        (practice.mends / file).touch()
    asked = subprocess.run([practice.command_line, *shlex.split(found["mend"])[1:]], cwd=practice.mends, capture_output=True, text=True,
                           stdin=subprocess.DEVNULL, env=environment, timeout=60, check=False)
    assert "Could not connect to the endpoint URL" in asked.stderr, asked


def test_it_starts_without_the_cdk():
    script = "require('./lib/cli/doctor/doctor'); console.log(Object.keys(require.cache).filter(file => file.includes('node_modules')).length)"
    assert subprocess.run(["node", "-e", script], cwd=ROOT, capture_output=True, check=True, text=True, timeout=60).stdout == "0\n"


def test_nothing_is_asked_but_to_read(practice, runs):
    asked = {tuple(answer.name.split(" ")[:2]) for answer in practice.memory.iterdir()}
    assert len(asked) > 20
    assert [each for each in asked if not each[1].startswith(("get-", "list-", "describe-"))] == []
