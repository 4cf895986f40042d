"""The package as a Python app sees it."""

import importlib.metadata
import json

import cdk_oky_backend
import jsii
import pytest
from aws_cdk import App, Environment, Stack
from conftest import ROOT
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ASSEMBLY = json.loads((ROOT / ".jsii").read_text())
EXPORTED = sorted(definition["name"] for definition in ASSEMBLY["types"].values())


@pytest.fixture
def stack() -> Stack:
    return Stack(App(), "Stack", env=Environment(account="111122223333", region="eu-west-2"))


def test_the_wheel_of_this_version_is_installed():
    assert importlib.metadata.version("cdk-oky-backend") == ASSEMBLY["version"]


@pytest.mark.parametrize("name", EXPORTED)
def test_every_exported_name_can_be_imported(name):
    assert isinstance(getattr(cdk_oky_backend, name), type)


def test_nothing_else_is_exported():
    assert sorted(cdk_oky_backend.__all__) == EXPORTED


def test_the_peers_are_asked_for_as_in_npm():
    required = {each.name: each.specifier for each in map(Requirement, importlib.metadata.requires("cdk-oky-backend"))}
    for name, caret in ASSEMBLY["dependencies"].items():
        lowest = caret.removeprefix("^")
        major = int(lowest.split(".")[0])
        assert required[name] == SpecifierSet(f">={lowest},<{major + 1}.0.0")


def test_a_wrong_option_is_refused_with_the_text_of_the_library(stack):
    with pytest.raises(RuntimeError, match=r"domainName must be a domain in lower case, .* got: 'https://okyapp\.info'; use one such as 'okyapp\.info'"):
        cdk_oky_backend.OkyBackend(stack, "Oky", domain_name="https://okyapp.info")


def test_a_missing_certificate_is_refused_with_what_to_do_about_it(stack):
    with pytest.raises(RuntimeError, match=r"certificate must be given .* or give hostedZone"):
        cdk_oky_backend.OkyBackend(stack, "Oky", domain_name="okyapp.info")


def test_a_missing_argument_is_refused_by_python(stack):
    with pytest.raises(TypeError, match="domain_name"):
        cdk_oky_backend.OkyBackend(stack, "Oky")


def test_an_option_that_does_not_exist_is_refused_by_python(stack):
    with pytest.raises(TypeError, match="domain"):
        cdk_oky_backend.OkyBackend(stack, "Oky", domain_name="okyapp.info", domain="okyapp.info")


def test_an_option_of_the_wrong_type_is_refused(stack):
    with pytest.raises((TypeError, jsii.errors.JSIIError), match="domain_name"):
        cdk_oky_backend.OkyBackend(stack, "Oky", domain_name=1)
