"""The Java and the Go package, built from what `npm test` leaves in .build/source, and given to the examples as if they were released."""

import os
import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / ".build" / "source"
POM = "http://maven.apache.org/POM/4.0.0"

# The programs that a language takes, how one says its version, and the lowest.
TOOLCHAINS = {
    "java": (("mvn", "javac"), ["javac", "-version"], r"javac (\d+)", (17,)),
    "go": (("go",), ["go", "env", "GOVERSION"], r"go(\d+)\.(\d+)", (1, 25)),
}

# Instead of Maven's own store in the home folder, where a version that was never released has no business.
MAVEN_STORE = ROOT / ".build" / "m2"

# What jsii-pacmak puts into go.mod are the versions that npm installed here. Of this one not each has a tag that every proxy of modules serves, so
# it is the one that awscdk itself asks for. The construct uses nothing of it.
CLOUD_ASSEMBLY_SCHEMA = "github.com/cdklabs/cloud-assembly-schema-go/awscdkcloudassemblyschema/v54"
CLOUD_ASSEMBLY_SCHEMA_VERSION = "v54.11.0"


def missing_toolchain(language: str) -> str | None:
    """What this machine lacks for a language, in words."""
    if language not in TOOLCHAINS:
        return None
    programs, command, pattern, lowest = TOOLCHAINS[language]
    absent = [program for program in programs if shutil.which(program) is None]
    if absent:
        return f"there is no {' and no '.join(absent)} on this machine"
    # An old javac writes to the standard error, and calls itself 1.8.
    said = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True).stdout
    version = tuple(int(part) for part in re.search(pattern, said).groups())
    return None if version >= lowest else f"{command[0]} is {'.'.join(map(str, version))}, and {'.'.join(map(str, lowest))} is needed"


def run(command: list[str], folder: Path, environment: dict) -> None:
    process = subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=900, check=False
    )
    assert process.returncode == 0, f"{' '.join(command)}\n{process.stdout}\n{process.stderr}"


def build(language: str, example: Path) -> dict:
    """Builds the package, and gives the environment in which the example finds it."""
    return {"java": build_java, "go": build_go}[language](example)


def versions_in(pom: Path) -> dict:
    dependencies = ElementTree.parse(pom).iterfind(".//{*}dependency")
    return {each.findtext("{*}artifactId"): each.findtext("{*}version") for each in dependencies if each.find("{*}version") is not None}


def fix_ranges(pom: Path, versions: dict) -> None:
    """Asks for exact versions, where a range would take what is the newest on the day: those of the example, or else the lowest."""
    ElementTree.register_namespace("", POM)
    tree = ElementTree.parse(pom)
    for dependency in tree.iterfind(".//{*}dependency"):
        version = dependency.find("{*}version")
        lowest = version.text.strip("[(").split(",")[0]
        version.text = versions.get(dependency.findtext("{*}artifactId"), lowest)
    tree.write(pom, encoding="UTF-8", xml_declaration=True)


def build_java(example: Path) -> dict:
    # Short runs: the second compiler of the virtual machine would cost more than it saves.
    environment = {"MAVEN_OPTS": f"{os.environ.get('MAVEN_OPTS', '')} -XX:TieredStopAtLevel=1 -Dmaven.repo.local={MAVEN_STORE}".strip()}
    published = SOURCE / "java" / "pom.xml"
    library = ROOT / ".build" / "java"
    shutil.copytree(published.parent, library, dirs_exist_ok=True)
    fix_ranges(library / "pom.xml", versions_in(example / "pom.xml"))
    project = ElementTree.parse(published)
    jar = f"target/{project.findtext('{*}artifactId')}-{project.findtext('{*}version')}.jar"
    # Installed with the file that would be published: the example has to cope with its ranges.
    install = ["install:install-file", f"-Dfile={jar}", f"-DpomFile={published}"]
    run(["mvn", "--quiet", "--batch-mode", "-Dmaven.javadoc.skip", "-Dmaven.source.skip", "package", *install], library, environment)
    return environment


def build_go(example: Path) -> dict:
    [library] = (SOURCE / "go").iterdir()
    module = re.search(r"^module (\S+)$", (library / "go.mod").read_text(), re.MULTILINE)[1]
    workspace = ROOT / ".build" / "go.work"
    workspace.write_text(f"""go 1.25

use {example}

replace (
	{module} => {library}
	{CLOUD_ASSEMBLY_SCHEMA} => {CLOUD_ASSEMBLY_SCHEMA} {CLOUD_ASSEMBLY_SCHEMA_VERSION}
)
""")
    environment = {"GOWORK": str(workspace)}
    run(["go", "build", module], example, environment)
    return environment
