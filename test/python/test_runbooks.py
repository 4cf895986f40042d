"""The commands of the documents, run: by the real AWS command line, against AWS's services, emulated by moto."""

import json
import os
import re
import shutil
import stat
import subprocess
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from conftest import AT_MOST, ROOT

HERE = Path(__file__).parent
INDEX = "docs/runbooks/README.md"
FOLDERS = [ROOT / "docs", *(ROOT / "examples").iterdir()]
DOCUMENTS = sorted(str(file.relative_to(ROOT)) for file in [*ROOT.glob("*.md"), *(each for folder in FOLDERS for each in folder.rglob("*.md"))]
                   if "node_modules" not in file.parts)

# Operations that moto does not have: the command line still checks each call against AWS's own model before it sends it, and
# the answer is made up, by what the request says.
STUBBED = {
    "cloudfront associate-alias": ("AssociateAlias", ""),
    "cloudformation update-termination-protection": (
        "UpdateTerminationProtection",
        "<UpdateTerminationProtectionResponse><UpdateTerminationProtectionResult><StackId>x</StackId></UpdateTerminationProtectionResult></UpdateTerminationProtectionResponse>",
    ),
    "rds enable-http-endpoint": (
        "EnableHttpEndpoint",
        "<EnableHttpEndpointResponse><EnableHttpEndpointResult><HttpEndpointEnabled>true</HttpEndpointEnabled></EnableHttpEndpointResult></EnableHttpEndpointResponse>",
    ),
    "cloudformation cancel-update-stack": (
        "CancelUpdateStack",
        "<CancelUpdateStackResponse><CancelUpdateStackResult></CancelUpdateStackResult></CancelUpdateStackResponse>",
    ),
    "cloudformation continue-update-rollback": (
        "ContinueUpdateRollback",
        "<ContinueUpdateRollbackResponse><ContinueUpdateRollbackResult></ContinueUpdateRollbackResult></ContinueUpdateRollbackResponse>",
    ),
    "cloudformation detect-stack-drift": (
        "DetectStackDrift",
        "<DetectStackDriftResponse><DetectStackDriftResult><StackDriftDetectionId>11111111-2222-3333-4444-555555555555</StackDriftDetectionId></DetectStackDriftResult></DetectStackDriftResponse>",
    ),
    "cloudformation describe-stack-drift-detection-status": (
        "DescribeStackDriftDetectionStatus",
        "<DescribeStackDriftDetectionStatusResponse><DescribeStackDriftDetectionStatusResult><StackId>x</StackId><StackDriftDetectionId>1</StackDriftDetectionId><DetectionStatus>DETECTION_COMPLETE</DetectionStatus><StackDriftStatus>IN_SYNC</StackDriftStatus></DescribeStackDriftDetectionStatusResult></DescribeStackDriftDetectionStatusResponse>",
    ),
    "cloudformation describe-stack-resource-drifts": (
        "DescribeStackResourceDrifts",
        "<DescribeStackResourceDriftsResponse><DescribeStackResourceDriftsResult><StackResourceDrifts/></DescribeStackResourceDriftsResult></DescribeStackResourceDriftsResponse>",
    ),
    "rds describe-db-major-engine-versions": (
        "DescribeDBMajorEngineVersions",
        "<DescribeDBMajorEngineVersionsResponse><DescribeDBMajorEngineVersionsResult><DBMajorEngineVersions/></DescribeDBMajorEngineVersionsResult></DescribeDBMajorEngineVersionsResponse>",
    ),
    "rds describe-db-engine-versions": (
        "DescribeDBEngineVersions",
        "<DescribeDBEngineVersionsResponse><DescribeDBEngineVersionsResult><DBEngineVersions/></DescribeDBEngineVersionsResult></DescribeDBEngineVersionsResponse>",
    ),
    "rds failover-db-cluster": (
        "FailoverDBCluster",
        "<FailoverDBClusterResponse><FailoverDBClusterResult><DBCluster><Status>failing-over</Status></DBCluster></FailoverDBClusterResult></FailoverDBClusterResponse>",
    ),
    "rds describe-pending-maintenance-actions": (
        "DescribePendingMaintenanceActions",
        "<DescribePendingMaintenanceActionsResponse><DescribePendingMaintenanceActionsResult><PendingMaintenanceActions/></DescribePendingMaintenanceActionsResult></DescribePendingMaintenanceActionsResponse>",
    ),
    "cloudtrail lookup-events": ("LookupEvents", json.dumps({"Events": []})),
    "ssm start-session": ("StartSession", json.dumps({"SessionId": "s", "StreamUrl": "wss://127.0.0.1:9", "TokenValue": "t"})),
    "backup list-backup-jobs": ("/backup-jobs", json.dumps({"BackupJobs": []})),
    "backup list-copy-jobs": ("/copy-jobs", json.dumps({"CopyJobs": []})),
    "backup describe-region-settings": ("/account-settings", json.dumps({"ResourceTypeOptInPreference": {"Aurora": True}})),
    "ecs execute-command": ("ExecuteCommand", json.dumps({
        "clusterArn": "arn:aws:ecs:eu-west-2:111122223333:cluster/c", "taskArn": "arn:aws:ecs:eu-west-2:111122223333:task/c/t", "containerName": "api",
        "session": {"sessionId": "s", "streamUrl": "wss://127.0.0.1:9", "tokenValue": "t"},
    })),
}
# What is asked after such a call: the session of a shell, and what an image was built for.
CONFIGURATION = json.dumps({"architecture": "amd64", "config": {"Env": ["NODE_ENV=production"]}})
STUBBED["ecr get-download-url-for-layer"] = ("GetDownloadUrlForLayer", json.dumps({"layerDigest": "sha256:0", "downloadUrl": "data:application/json," + CONFIGURATION}))
# Where the check of a release signs up.
FURTHER_ANSWERS = {"/account/": json.dumps({"appToken": "t"}), "DescribeTasks": json.dumps({"tasks": [{"containers": [{"name": "api", "runtimeId": "r"}]}]})}

# Blocks that are not run here, by the document and their first line, with the reason.
THIS_RUN = "is what runs this test, or a part of it"
INSTALLS = "installs from registries a release that is not there yet; the wheel and the tarball of this checkout are installed by other tests"
SYNTHESISES = "changes into the example, which is synthesised by test_examples.py; the commands after that are run in other documents"
INTEGRATION = "deploys the integration test, which only an account can"
DOCTOR = "is run by test_doctor.py, in accounts for it"
STARTS = "writes a project: test_init.py does, and runs what it wrote"
EXCUSED = {
    ("CONTRIBUTING.md", "npm run demo"): THIS_RUN,
    ("CONTRIBUTING.md", "npm run check"): THIS_RUN,
    ("README.md", "npm run demo"): THIS_RUN,
    ("README.md", "npm test"): THIS_RUN,
    ("README.md", "npm install cdk-oky-backend aws-cdk-lib constructs"): INSTALLS,
    ("README.md", "npx cdk-oky-backend init"): STARTS,
    ("README.md", "python3 -m venv .venv"): INSTALLS,
    ("docs/cost.md", "npx cdk synth --quiet --output before.out"): "compares two assemblies: the tests of the command cost do, with assemblies of their own",
    ("docs/firewall.md", "npx tsx scripts/oky-routes.ts ../periodtracker"): "compares with a checkout of Oky's own code, which is not here",
    ("docs/guides/doctor.md", "npx cdk synth --quiet"): DOCTOR,
    ("docs/guides/start.md", "npx cdk-oky-backend init --yes --language python --folder oky-kenya --domain oky.example.org --region af-south-1 \\"): STARTS,
    ("docs/testing.md", "OKY_CASES=1000 npx jest test/contract/option-space"): "takes minutes: a workflow runs it every night",
    ("docs/testing.md", "export OKY_INTEG_ACCOUNT=111122223333 OKY_INTEG_REGION=eu-west-2"): INTEGRATION,
    ("docs/testing.md", "for toggle in OKY_INTEG_HIGH_AVAILABILITY OKY_INTEG_SCALING OKY_INTEG_WAF; do"): INTEGRATION,
    ("docs/testing.md", "npx projen integ destroy --all"): INTEGRATION,
    ("examples/new-region/README.md", "cd examples/new-region"): SYNTHESISES,
    ("examples/new-region/README.md", "cd examples/new-region/python"): SYNTHESISES,
    ("examples/okyapp-info/README.md", "cd examples/okyapp-info"): SYNTHESISES,
    ("examples/okyapp-info/README.md", "cd examples/okyapp-info/go"): SYNTHESISES,
    ("examples/okyapp-info/README.md", "cd examples/okyapp-info/java"): SYNTHESISES,
    ("examples/okyapp-info/README.md", "cd examples/okyapp-info/python"): SYNTHESISES,
    ("examples/staging/README.md", "cd examples/staging"): SYNTHESISES,
    ("examples/staging/README.md", "cd examples/staging/python"): SYNTHESISES,
}

# Blocks before which a person does again what another one of the document says.
REPEATS = {("docs/runbooks/restore.md", "aws rds create-db-cluster-snapshot --db-cluster-identifier oky-drill --db-cluster-snapshot-identifier oky-restored"):
           ("docs/runbooks/restore.md", "cluster=$(output OkyDatabaseClusterArn)")}

# Where an account is another one than that of the other documents, before the first command and before a repetition.
BEFORE = {
    # Which has tables already, a record of their SQL files, and the images of both releases.
    "docs/runbooks/release.md": """
        touch recorded
        for image in api:2025_05 api:2026_04 cms:2025_05 cms:2026_04; do
          manifest="{\\"schemaVersion\\":2,\\"config\\":{\\"size\\":1${image#*_},\\"digest\\":\\"sha256:$(printf %064d 0)\\"},\\"layers\\":[]}"
          aws ecr put-image --repository-name "project-oky/${image%%:*}" --image-tag "${image#*:}" --image-manifest "$manifest" \
            --image-manifest-media-type application/vnd.docker.distribution.manifest.v2+json > /dev/null
        done""",
    # Which has no parameters yet.
    "docs/runbooks/first-deployment.md": "aws ssm delete-parameters --names /oky/api/image-tag /oky/cms/image-tag > /dev/null",
    "docs/releases.md": "aws ssm delete-parameters --names /oky/api/image-tag /oky/cms/image-tag > /dev/null",
    "docs/runbooks/failed-first-deployment.md": """
        aws ecr batch-delete-image --repository-name project-oky/api --image-ids imageTag=TAG_OF_THE_IMAGE > /dev/null""",
    # moto keeps the automatic snapshots of a cluster that is gone, and names them by the minute.
    "docs/runbooks/restore.md": """
        for snapshot in $(aws rds describe-db-cluster-snapshots --query \
          "DBClusterSnapshots[?starts_with(DBClusterSnapshotIdentifier, 'rds:oky-drill')].DBClusterSnapshotIdentifier" --output text); do
          aws rds delete-db-cluster-snapshot --db-cluster-snapshot-identifier "$snapshot" > /dev/null
        done""",
}

# Programs that need more than is here. Each refuses what it does not know.
FAKES = {
    # Version 2 has `logs tail`, and reads AWS_REGION; version 1, the one on PyPI, has the call that it makes. moto's services never run as many
    # tasks as they should: the one call that the waiter repeats is made once.
    "aws": r"""
printf '%s %s\n' "${1:-}" "${2:-}" >> "$CALLS"
export AWS_DEFAULT_REGION=${AWS_REGION:-$AWS_DEFAULT_REGION}
if [ "$1 $2" = 'logs tail' ]; then
  group=$3; shift 3
  options=()
  while [ $# -gt 0 ]; do
    case $1 in
      --log-stream-name-prefix|--filter-pattern) options+=("$1" "$2") ;;
      --since) [[ $2 =~ ^[0-9]+[smhd]$ ]] || exit 2 ;;
      --format) [[ $2 =~ ^(short|detailed|json)$ ]] || exit 2 ;;
      *) echo "aws logs tail: unknown option $1" >&2; exit 2 ;;
    esac
    shift 2
  done
  exec "$REAL_AWS" logs filter-log-events --log-group-name "$group" "${options[@]}"
fi
# Its CloudFormation makes no clusters.
if [[ "$2" = list-stack-resources && "$*" = *AWS::RDS::DBCluster* ]]; then
  "$REAL_AWS" "$@" > /dev/null && echo okybackend-database
  exit
fi
# Its AWS Backup copies nothing: a snapshot made by hand stands for a copy.
if [[ "$*" = *'--snapshot-type awsbackup'* ]]; then
  exec "$REAL_AWS" "${@/awsbackup/manual}"
fi
if [ "$1 $2 ${3:-}" = 'ecs wait services-stable' ]; then
  shift 3
  exec "$REAL_AWS" ecs describe-services "$@" --query 'services[0].serviceName' --output text
fi
# Its services never run as many tasks as they should, and an update starts no deployment.
if [[ "$1 $2" = 'ecs describe-services' && "$*" = *'--output json' ]]; then
  "$REAL_AWS" "$@" | python3 -c '
import json, sys
answer = json.load(sys.stdin)
for service in answer["services"]:
    service["deployments"] = [{"status": "PRIMARY", "taskDefinition": service["taskDefinition"], "rolloutState": "COMPLETED"}]
print(json.dumps(answer))'
  exit
fi
# Its tasks run nothing: what the SQL task and the trial of a release say is made up, once the call was made.
if [[ "$1 $2" = 'ecs describe-tasks' && "$*" = *'--output json' ]]; then
  "$REAL_AWS" "$@" > /dev/null && echo '{"tasks":[{"lastStatus":"STOPPED","containers":[{"exitCode":0}]}]}'
  exit
fi
if [ "$1 $2" = 'logs get-log-events' ]; then
  lines='{"message":"notice: version 170004"},{"message":"notice: tables 0"}'
  [ -e recorded ] && lines="$lines,{\"message\":\"notice: recorded\"}"
  echo "{\"events\":[$lines,{\"message\":\"done: 1 DO\"}]}"
  exit
fi
case "$STUBBED" in *"|$1 $2|"*) export AWS_ENDPOINT_URL=$STUB_URL ;; esac
exec "$REAL_AWS" "$@"
""",
    "npx": r"""
# The real one, of this checkout.
if [ "$1" = cdk-oky-backend ]; then
  export NODE_OPTIONS="--require $HERE/public_host.js"
  shift
  exec node --import "$ROOT/node_modules/tsx/dist/loader.mjs" -e "process.argv.splice(1, 0, 'cdk-oky-backend'); require('$ROOT/src/cli/main.ts').run()" -- "$@"
fi
[ "$1" = cdk ] || { echo "npx: unknown program $1" >&2; exit 2; }
command=$2; shift 2
case $command in synth|diff|deploy|destroy|bootstrap) ;; *) echo "cdk: unknown command $command" >&2; exit 2 ;; esac
for word in "$@"; do
  case "$command $word" in
    bootstrap\ aws://[0-9]*/*|*\ OkyBackend|*\ 'OkyBackend/**'|deploy\ OkyCapeTown|deploy\ OkyElsewhere|deploy\ 'OkyElsewhere/**'|deploy\ --exclusively|synth\ --quiet) ;;
    *) echo "cdk $command: unknown argument $word" >&2; exit 2 ;;
  esac
done
""",
    "git": r"""
case $1 in
  clone) [[ $2 == https://github.com/Oky-period-tracker/* ]] && mkdir -p "$3/packages/core/src" "$3/packages/api" "$3/packages/cms" ;;
  -C) [ -d "$2" ] && [ "$3" = checkout ] && [ $# = 4 ] ;;
  *) echo "git: unknown command $1" >&2; exit 2 ;;
esac
""",
    "docker": r"""
case $1 in
  build)
    for folder in "$@"; do :; done
    [ -d "$folder" ] && [[ "$*" == *"--tag oky/base "* || "$*" == *"--target production --tag "*"/packages/"* ]] || { echo "docker build: $*" >&2; exit 2; } ;;
  login) read -r password; [ -n "$password" ] ;;
  tag) [ $# = 3 ] ;;
  push) [[ $2 == *.dkr.ecr.*.amazonaws.com/*:* ]] ;;
  run) read -r password || [ -n "$password" ]; echo 'admin:$2y$10$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ012345' ;;
  *) echo "docker: unknown command $1" >&2; exit 2 ;;
esac
""",
    "curl": r"""
for url in "$@"; do :; done
[[ $url =~ ^https://(api|cms)\.okyapp\.info/ || $url =~ ^https://oky-.*elb\.amazonaws\.com/ || $url = https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem ]] || { echo "curl: unknown host in $url" >&2; exit 2; }
echo 200
""",
    "gh": r"""
[[ "$1 $2 $3" =~ ^api\ repos/[A-Za-z-]+/[A-Za-z-]+\ --jq$ ]] || { echo "gh: unknown arguments $*" >&2; exit 2; }
echo 1234567
echo 123456789
""",
    # They must be told where the database is, and by which certificate it is verified.
    "psql": r"""
[[ $1 = *hostaddr=127.0.0.1*sslmode=verify-full\ sslrootcert=rds.pem && -n $PGPASSWORD ]] || { echo "psql: no connection in $1" >&2; exit 2; }
touch rows.csv
""",
    "pg_dump": r"""
[[ $1 = *hostaddr=127.0.0.1*sslmode=verify-full\ sslrootcert=rds.pem && -n $PGPASSWORD ]] || { echo "pg_dump: no connection in $1" >&2; exit 2; }
echo 'SELECT 1;'
""",
    "sleep": ":",
    "session-manager-plugin": ":",
}


@dataclass
class Block:
    document: str
    line: int
    code: str

    @property
    def excuse(self) -> tuple:
        return self.document, self.code.split("\n", 1)[0]


def blocks_of(document: str) -> list:
    text = (ROOT / document).read_text()
    found = re.finditer(r"^```bash\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [Block(document, text.count("\n", 0, each.start()) + 1, each[1]) for each in found]


BLOCKS = [block for document in DOCUMENTS for block in blocks_of(document)]
# The function `output`, which each terminal has first.
[SHARED] = blocks_of(INDEX)
CHOSEN = {document: [each for each in blocks_of(document) if each.excuse not in EXCUSED and document != INDEX] for document in DOCUMENTS}
CHOSEN = {document: blocks for document, blocks in CHOSEN.items() if blocks}

# Each must fail: what a person would get wrong in a document.
BROKEN = {
    "an option that there is not": 'aws ecs describe-services --cluster "$(output OkyClusterName)" --service-names x',
    "a parameter left out": 'aws ecs describe-services --cluster "$(output OkyClusterName)"',
    "a value that the service does not have": "aws ssm put-parameter --name /oky/x --type Text --value 1",
    "a name that is of nothing in the account": "aws rds describe-db-clusters --db-cluster-identifier oky",
    "an operation that there is not": "aws rds restore-cluster --db-cluster-identifier oky-drill",
    "an unknown command of the CDK": "npx cdk deplyo OkyBackend",
    "another program's unknown command": "docker pusch x",
}


@pytest.fixture(scope="session")
def stub():
    """Answers what moto can't."""
    answers = {**dict(STUBBED.values()), **FURTHER_ANSWERS}

    class Answer(BaseHTTPRequestHandler):
        def answer(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            said = self.headers.get("X-Amz-Target", "") + body + self.path + ("AssociateAlias" if "associate-alias" in self.path else "")
            reply = next(answer for operation, answer in answers.items() if operation in said).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        do_GET = do_POST = do_PUT = answer

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@dataclass
class Run:
    code: int
    errors: str
    # The calls of each block, by its line.
    calls: dict


class Terminals:
    """One account, and one terminal in it, for each document."""

    def __init__(self, programs: Path, command_line: Path, url: str, stub: str, scratch: Path):
        self.programs, self.command_line, self.url, self.stub, self.scratch = programs, command_line, url, stub, scratch
        self.bin = scratch / "bin"
        self.bin.mkdir()
        for name, code in FAKES.items():
            (self.bin / name).write_text(f"#!/bin/bash\n{code}")
            (self.bin / name).chmod(stat.S_IRWXU)
        script = """
            const { templateOf } = require('./test/helpers');
            const service = name => ({ environmentFileKey: `${name}.env`, imageTagParameter: `/oky/${name}/image-tag` });
            process.stdout.write(JSON.stringify(templateOf({
              operators: { githubRepository: 'a/b' }, monitoring: {}, api: service('api'), cms: service('cms'),
              database: { applicationUsername: 'oky', sqlTask: true },
            }).toJSON().Outputs));"""
        outputs = subprocess.run(["node", "--import", "tsx", "-e", script], cwd=ROOT, capture_output=True, check=True, stdin=subprocess.DEVNULL, timeout=AT_MOST)
        self.outputs = scratch / "outputs.json"
        self.outputs.write_bytes(outputs.stdout)

    def accounts(self, count: int) -> list:
        numbers = [f"1111222{index:05d}" for index in range(count)]
        made = subprocess.run([str(self.programs / "python"), str(HERE / "emulated_account.py"), self.url, str(self.outputs), *numbers],
                              capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=AT_MOST, check=False)
        assert made.returncode == 0, made.stderr
        return json.loads(made.stdout)

    def run(self, account: dict, blocks: list, name: str) -> Run:
        folder = self.scratch / name.replace("/", "-")
        (folder / "sql").mkdir(parents=True)
        content = "packages/core/src/common/translations/insert-content-en.sql"
        (folder / content).parent.mkdir(parents=True)
        changes = ("sql/1740038351971-content-restriction.sql", "sql/1774259288785-custom-avatar-update.sql")
        for file in ("api.env", "cms.env", "setup.sql", "sql/initial-setup.sql", *changes, content):
            (folder / file).write_text("CREATE TABLE a (\n  b int\n);\nSELECT 1;\n")
        shutil.copytree(ROOT / "templates/init/drills", folder / "drills")
        (folder / "dump.sql").write_text("-- Dumped from database version 15.4\nCREATE TABLE periodtracker.a (\n  b int\n);\n")
        calls = folder / "calls"
        calls.touch()
        code = {each.excuse: each.code for each in blocks}
        before = BEFORE.get(name, "")
        again = {excuse: f"{before}\n{code[other]}" for excuse, other in REPEATS.items() if other in code}
        script = "\n".join([SHARED.code, before, *(
            f"{again.get(each.excuse, '')}\necho ':{each.line}' >> \"$CALLS\"\n{each.code}" for each in blocks)])
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "CDK_"))}
        environment = {
            **kept, **account, "AWS_ENDPOINT_URL": self.url, "AWS_DEFAULT_REGION": "eu-west-2", "AWS_MAX_ATTEMPTS": "1",
            "AWS_CONFIG_FILE": "/nowhere", "AWS_SHARED_CREDENTIALS_FILE": "/nowhere",
            "STUB_URL": self.stub, "HERE": str(HERE), "ROOT": str(ROOT), "STUBBED": "|" + "|".join(STUBBED) + "|", "CALLS": str(calls), "REAL_AWS": str(self.command_line),
            "APPLICATION_SECRET": "x", "PASSPORT_SECRET": "x", "PATH": os.pathsep.join([str(self.bin), kept["PATH"]]), "HOME": str(folder),
        }
        process = subprocess.run(["timeout", str(AT_MOST), "bash", "-euo", "pipefail", "-c", script], cwd=folder, env=environment, input="a long password\n" * 9,
                                 text=True, capture_output=True, timeout=AT_MOST + 20, check=False)
        made, line = {}, 0
        for word in calls.read_text().splitlines():
            if word.startswith(":"):
                line = int(word[1:])
                made[line] = []
            elif line:
                made[line].append(word)
        return Run(process.returncode, process.stderr, made)


@pytest.fixture(scope="session")
def runs(programs, command_line, emulator, stub, tmp_path_factory) -> dict:
    """All documents, and all that is broken, each in an account of its own."""
    terminals = Terminals(programs, command_line, emulator, stub, tmp_path_factory.mktemp("terminals"))
    wanted = {**CHOSEN, **{name: [Block(name, 1, code)] for name, code in BROKEN.items()}}
    with ThreadPoolExecutor(4) as pool:
        accounts = terminals.accounts(len(wanted))
        started = {name: pool.submit(terminals.run, account, blocks, name) for account, (name, blocks) in zip(accounts, wanted.items())}
        return {name: each.result() for name, each in started.items()}


@pytest.mark.parametrize("document", CHOSEN)
def test_every_block_of_the_document_runs(runs, document):
    run = runs[document]
    assert run.code == 0, f"the block at line {[*run.calls, 0][-1]}, after {run.calls}:\n{run.errors}"
    assert list(run.calls) == [each.line for each in CHOSEN[document]]


@pytest.mark.parametrize("name", BROKEN)
def test_a_block_fails_that_has(runs, name):
    assert runs[name].code not in (0, 124), name


def test_an_excuse_is_for_a_block_that_is_there():
    assert sorted(EXCUSED) == sorted({each.excuse for each in BLOCKS} & set(EXCUSED))


def test_stubs_are_for_calls_that_are_made(runs):
    made = {call for run in runs.values() for calls in run.calls.values() for call in calls}
    assert set(STUBBED) <= made


def test_the_totals_in_the_document_are_those_of_this_run(runs):
    calls = Counter(call for name in CHOSEN for made in runs[name].calls.values() for call in made)
    stubbed = sum(calls[each] for each in STUBBED)
    executed = sum(len(runs[name].calls) for name in CHOSEN) + 1
    excused = len([each for each in BLOCKS if each.excuse in EXCUSED])
    totals = (f"{len(BLOCKS)} blocks: {executed} executed, with {sum(calls.values())} calls of the AWS command line; "
              f"{stubbed} of these checked against AWS's model of the service only; {excused} excused")
    assert executed + excused == len(BLOCKS)
    assert totals in " ".join((ROOT / "docs/testing.md").read_text().split()), totals
