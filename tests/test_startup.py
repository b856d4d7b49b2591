"""What a command imports before it is needed. Start-up is a feature; this is what keeps it."""

from __future__ import annotations

import itertools
import pkgutil
import ssl
import subprocess
import sys
from pathlib import Path

import pytest

import gate.checks
import gate.cli.commands
from gate.checks import CHECKS, MODULES
from gate.cli.app import COMMANDS, CommandsByName, build, called_in_python
from gate.cli.later import SELDOM
from gate.errors import RegistryError
from gate.keys.private import generate, private_pem
from gate.keys.public import public_pem
from gate.model.image import ImageReference
from gate.predicates import PARSERS, types
from gate.registry.client import RegistryClient
from gate.registry.configuration import RegistryConfiguration
from tests.fakes.registry import FakeRegistry

HEAVY = {
    "sigstore", "httpx", "cryptography", "pydantic", "yaml", "rich", "in_toto",
    "securesystemslib", "gate.policy.document", "gate.pipeline", "gate.registry",
    "gate.trust", "gate.lint", "gate.signing", "gate.admission", "uvicorn",
}  # fmt: skip


def imported(*arguments: str) -> set[str]:
    program = (
        "import sys\n"
        f"sys.argv = ['gate', *{arguments!r}]\n"
        "from gate.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "sys.stderr.write('\\n'.join(sys.modules))\n"
    )
    done = subprocess.run(  # noqa: S603  # our own interpreter on our own text
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout
    return set(done.stderr.splitlines())


def test_the_version_is_told_without_importing_a_command() -> None:
    assert not imported("--version") & (HEAVY | {"typer", "typing", "re"})


def test_python_does_not_look_for_cycles_among_the_modules_when_it_ends() -> None:
    program = (
        "import gc, sys\n"
        "sys.argv = ['gate', 'explain', 'sbom']\n"
        "from gate.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit as done:\n"
        "    sys.stderr.write(f'{done.code} {gc.get_freeze_count() > len(gc.get_objects())}')\n"
    )
    done = subprocess.run(  # noqa: S603  # our own interpreter on our own text
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stderr == "0 True"


@pytest.mark.parametrize("command", COMMANDS)
def test_the_list_of_commands_says_of_each_what_its_own_help_says_first(command: str) -> None:
    listed, built = CommandsByName().commands[command], build(command)
    assert (listed.name, listed.hidden) == (built.name, built.hidden)
    for width in (20, 45, 100):
        assert listed.get_short_help_str(width) == built.get_short_help_str(width)


def test_every_module_of_a_command_is_in_the_list_of_commands() -> None:
    found = {module.name for module in pkgutil.iter_modules(gate.cli.commands.__path__)}
    assert found == set(map(called_in_python, COMMANDS))


def test_the_list_of_commands_is_told_without_importing_any_of_them() -> None:
    loaded = imported("--help")
    assert not loaded & HEAVY
    assert not [name for name in loaded if name.startswith("gate.cli.commands")]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_told_without_importing_what_a_run_needs(command: str) -> None:
    assert not imported(command, "--help") & HEAVY


@pytest.mark.parametrize("call", [("--help",), ("explain", "sbom"), ("lint", "--help")])
def test_what_typer_and_others_import_for_seldom_uses_waits_for_one(call: tuple[str, ...]) -> None:
    wraps_text = {"textwrap"} if "--help" in call else set()
    assert imported(*call) & set(SELDOM) == wraps_text


def test_linting_without_a_policy_imports_nothing_that_reads_policies(tmp_path: Path) -> None:
    manifest = tmp_path / "pod.yaml"
    manifest.write_text("apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: []}\n")
    loaded = imported("lint", "--format", "json", str(manifest))
    assert not loaded & {
        "pydantic", "cryptography", "httpx", "xml", "html", "tempfile", "rfc8785", "gate.explain",
        "typer",
        "gate.policy.document", "gate.model.evidence", "gate.model.predicates", "gate.model.review",
        "gate.lint.baseline", "gate.lint.kubernetes.definitions", "gate.reports.text",
    }  # fmt: skip


def loaded_by(module: str) -> set[str]:
    program = f"import {module}, sys; sys.stdout.write(' '.join(sys.modules))"
    done = subprocess.run(  # noqa: S603  # our own interpreter on our own text
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stdout.split())


def test_asking_a_registry_imports_what_reads_http_and_nothing_of_mails_and_cookies() -> None:
    loaded = loaded_by("gate.registry.client")
    assert "h11" in loaded
    assert not loaded & {
        "httpx", "httpcore", "anyio", "idna", "certifi", "email", "http", "http.client",
        "urllib.request", "asyncio",
    }  # fmt: skip


def test_pydantic_is_whole_where_it_is_imported_after_a_policy_was_read() -> None:
    loaded = loaded_by("gate.policy.load, gate.explain.models, pydantic_core.core_schema")
    assert {"pydantic", "pydantic_core.core_schema"} <= loaded


def test_keys_of_ssh_are_read_by_who_asks_for_them_after_gate_imported_the_rest() -> None:
    package = "cryptography.hazmat.primitives.serialization"
    loaded = loaded_by(f"gate.keys.private; from {package} import load_ssh_public_key; import os")
    assert f"{package}.ssh" in loaded


def test_asking_a_cluster_imports_no_command_line_of_a_library() -> None:
    loaded = loaded_by("gate.cluster.objects")
    assert "httpx" in loaded
    assert not loaded & {"rich", "click", "pygments"}


def test_signing_with_a_key_imports_neither_policies_nor_checks(tmp_path: Path) -> None:
    key = generate()
    (tmp_path / "ci.key").write_bytes(private_pem(key))
    with FakeRegistry() as fake:
        image = f"{fake.host}/acme/shop@{fake.image('acme/shop', '1.0')}"
        options = ("--key", str(tmp_path / "ci.key"), "--plain-http", fake.host)
        loaded = imported("sign", *options, image)
    assert "gate.trust.own" in loaded
    assert not loaded & {
        "typer",
        "pydantic",
        "yaml",
        "sigstore",
        "tuf",
        "gate.pipeline",
        "gate.manifests",
    }
    assert not {name for name in loaded if name.startswith(("gate.policy.doc", "gate.checks"))}


def test_judging_an_image_imports_the_checks_that_its_policy_names_and_no_rule(
    tmp_path: Path,
) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text('version: 1\nimages: [{match: "**", digest: required}]\n')
    with FakeRegistry() as fake:
        image = f"{fake.host}/acme/shop@{fake.image('acme/shop', '1.0')}"
        options = ("--policy", str(policy), "--image", image, "--plain-http", fake.host)
        loaded = imported("check", *options)
    assert loaded & {f"gate.checks.{module}" for module in MODULES.values()} == {
        "gate.checks.digest"
    }
    assert "pydantic_core" in loaded
    assert not loaded & {
        "pydantic", "annotated_types", "typing_inspection", "pydantic_core.core_schema",
        "typing_extensions",
        "gate.predicates.vulnerabilities", "gate.predicates.cyclonedx", "license_expression",
        "cvss", "sigstore", "tuf", "in_toto", "gate.lint.rule", "gate.live", "gate.credentials",
        "gate.cli.runs.issue", "gate.signing", "gate.registry.elsewhere.github",
        "cryptography.x509", "importlib.metadata", "csv", "zipfile", "httpx", "httpcore",
        "gate.manifests.load", "gate.manifests.plain", "subprocess", "yaml.reader",
        "yaml.constructor", "yaml.resolver", "tempfile", "secrets",
        "gate.policy.admission", "gate.policy.manifests", "gate.policy.passes",
        "gate.policy.shards", "gate.policy.near", "gate.trust.refresh", "gate.keys.other_files",
        "gate.live.managed",
        "gate.registry.layout.repository", "gate.packages.licenses", "gate.packages.ranges",
        "gate.registry.registries_file", "gate.registry.http.issuer", "gate.manifests.images",
        "gate.manifests.canonical", "gate.registry.packed", "html", "encodings.idna",
    }  # fmt: skip


def test_judging_by_a_key_imports_nothing_that_reads_certificates_or_versions(
    tmp_path: Path,
) -> None:
    key = generate()
    (tmp_path / "ci.key").write_bytes(private_pem(key))
    (tmp_path / "ci.pub").write_bytes(public_pem(key.public_key()))
    policy = tmp_path / "policy.yaml"
    policy.write_text(
        "version: 1\nsigners: {ci: {key: ci.pub}}\n"
        'images: [{match: "**", signature: {by: [ci]}, sbom: {by: [ci]}}]\n'
    )
    with FakeRegistry() as fake:
        image = f"{fake.host}/acme/shop@{fake.image('acme/shop', '1.0')}"
        plain = ("--plain-http", fake.host)
        imported("sign", "--key", str(tmp_path / "ci.key"), *plain, image)
        loaded = imported("check", "--policy", str(policy), "--image", image, *plain)
    assert {"gate.trust.prove", "gate.checks.sbom"} <= loaded
    assert not loaded & {
        "cryptography.x509", "gate.trust.trusted_root", "gate.trust.certified", "packageurl",
        "license_expression", "packaging", "gate.packages.versions.semantic",
        "cryptography.hazmat.primitives.serialization.ssh",
        "cryptography.hazmat.primitives.asymmetric.dsa", "typer", "gate.cli.app", "shutil",
        "gettext", "platform",
    }  # fmt: skip


def test_every_module_of_a_check_is_in_the_list_of_checks_under_the_name_of_its_check() -> None:
    found = {module.name for module in pkgutil.iter_modules(gate.checks.__path__)}
    rooms = {"demand", "in_toto", "passes", "sboms", "scans"}
    assert found == {*MODULES.values(), "registry", *rooms}
    assert [check.name for check in CHECKS.values()] == list(MODULES)


def test_every_predicate_type_has_a_function_that_reads_it() -> None:
    every = [value for name, value in vars(types).items() if name.isupper()]
    assert set(PARSERS) == set(itertools.chain(*every)) - set(types.CYCLONEDX_VERSIONS)
    assert all(callable(PARSERS[predicate_type]) for predicate_type in PARSERS)


def test_no_certificate_is_read_for_a_registry_that_speaks_plain_http(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[ssl.SSLContext] = []
    default = ssl.create_default_context

    def make() -> ssl.SSLContext:
        made.append(default())
        return made[-1]

    monkeypatch.setattr(ssl, "create_default_context", make)
    plain = RegistryConfiguration(insecure_hosts=frozenset(("127.0.0.1:1",)))
    with RegistryClient(plain) as client, pytest.raises(RegistryError):
        client.resolve(ImageReference.parse("127.0.0.1:1/acme/shop:1"))
    assert made == []
    with RegistryClient() as client:
        for tag in ("1", "2"):
            with pytest.raises(RegistryError):
                client.resolve(ImageReference.parse(f"127.0.0.1:1/acme/shop:{tag}"))
    assert len(made) == 1
