"""The file that says how registries are reached, from its text to what is asked of whom."""

from __future__ import annotations

import json
import ssl
from pathlib import Path

import jsonschema
import pytest
import yaml

from gate.cli.reads.places import Access, open_registry
from gate.errors import UsageError
from gate.explain.schema import registries_schema
from gate.model.image import ImageReference
from gate.policy.match import AllowedRegistry
from gate.registry.configuration import GitHubStore
from gate.registry.registries_file import load_reach
from tests.builders.authorities import Authority, context
from tests.fakes.registry import FakeRegistry

FULL = """\
mirrors: {docker.io: mirror.example/hub, ghcr.io: "mirror.example:5000"}
plain-http: ["localhost:5000"]
private: [registry.acme.example]
token-servers: {registry.acme.example: [login.acme.example]}
evidence: {docker.io/library: registry.acme.example/evidence}
evidence-at-origin: [ghcr.io]
github: {api: "https://api.github.com/", owners: {docker.io/acme: acme/shop}}
ca-file: ca.pem
client-certificate: {certificate: me.pem, key: me.key}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "registries.yaml"
    path.write_text(text)
    return path


def test_every_key_says_how_registries_are_reached(tmp_path: Path) -> None:
    read = load_reach(written(tmp_path, FULL))
    assert read.mirrors == {"docker.io": "mirror.example/hub", "ghcr.io": "mirror.example:5000"}
    assert read.insecure_hosts == {"localhost:5000"}
    assert read.private_hosts == {"registry.acme.example"}
    assert read.realms == {"registry.acme.example": {"login.acme.example"}}
    assert read.evidence == {"docker.io/library": "registry.acme.example/evidence"}
    assert read.evidence_at_origin == {"ghcr.io"}
    assert read.github == GitHubStore(
        api="https://api.github.com", owners={"docker.io/acme": "acme/shop"}
    )
    assert read.ca_file == tmp_path / "ca.pem"
    assert read.client_certificate == (tmp_path / "me.pem", tmp_path / "me.key")


def test_the_schema_takes_what_is_read() -> None:
    schema = registries_schema()
    jsonschema.Draft202012Validator(schema).validate(yaml.safe_load(FULL))
    assert all("description" in value for value in schema["properties"].values())


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("privat: [a.example]\n", "1:1", "unknown key 'privat'"),
        ("private: []\n", "1:1", "nothing in it"),
        ("private: [A.example/x]\n", "1:11", "is no registry host"),
        ("private: ['*.example']\n", "1:11", "is no registry host"),
        ("plain-http: true\n", "1:1", "plain-http"),
        ("mirrors: {docker.io: 'https://mirror.example'}\n", "1:11", "is no"),
        ("mirrors: {docker.io: mirror.example/HUB}\n", "1:11", "is no host[/path]"),
        ("client-certificate: {certificate: a.pem}\n", "1:1", "lacks the key 'key'"),
        ("evidence: {docker.io: registry.example}\n", "1:12", "is no registry/repository"),
        ("evidence-at-origin: [ghcr.io]\n", "1:1", "which has no mirror here"),
        ("github: {api: api.github.com}\n", "1:10", "is no URL of an API"),
        ("github: {api: 'https://u:p@api.github.com'}\n", "1:10", "is no URL of an API"),
        ("github: {api: 'https://api.github.com/a\\b'}\n", "1:10", "no plain URL of http"),
        ("github: {api: 'http://api.github.com'}\n", "1:1", "is plain http"),
        ("github: {api: 'https://a.example', owners: {ghcr.io: a/b/c}}\n", "1:45", "no account"),
        ("private: [a.example]\nprivate: [b.example]\n", "2:1", "twice"),
        ("{}\n", "1:1", "says nothing"),
        ("- a\n", None, "is not one YAML mapping"),
        ("a: 1\n---\nb: 1\n", None, "is not one YAML mapping"),
        ("", None, "is empty"),
        (" \n", None, "is empty"),
        ("# nothing\n", None, "is not one YAML mapping"),
    ],
)
def test_what_it_cannot_say_is_refused_at_its_place(
    tmp_path: Path, text: str, place: str | None, said: str
) -> None:
    with pytest.raises(UsageError) as caught:
        load_reach(written(tmp_path, text))
    at = caught.value.location
    assert (caught.value.code, said in caught.value.problem) == (
        "registries-malformed",
        True,
    ), caught.value.problem
    assert (f"{at.line}:{at.column}" if at else None) == place


def test_a_file_that_is_not_there_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        load_reach(tmp_path / "gone.yaml")


def resolved(name: str, file: Path) -> str:
    registry, _ = open_registry(Access(registries=str(file)))
    try:
        return str(registry.resolve(ImageReference.parse(name)))
    finally:
        registry.close()


def test_a_mirror_is_asked_and_the_image_keeps_its_own_name(
    tmp_path: Path,
) -> None:
    with FakeRegistry() as mirror:
        digest = mirror.image("hub/library/nginx", "1")
        said = {"mirrors": {"docker.io": f"{mirror.host}/hub"}, "plain-http": [mirror.host]}
        found = resolved("nginx:1", written(tmp_path, json.dumps(said)))
        assert found == f"docker.io/library/nginx@{digest}"
        assert mirror.asked("GET /v2/hub/library/nginx/manifests/1") == 1
    assert AllowedRegistry("docker.io/library").allows(ImageReference.parse("nginx:1"))


def test_a_private_registry_is_asked_over_https_with_the_authority_that_the_file_names(
    tmp_path: Path, authority: Authority
) -> None:
    demanding = context(authority.issue("server"))
    demanding.verify_mode = ssl.CERT_REQUIRED
    demanding.load_verify_locations(authority.certificate)
    certificate, key = authority.issue("client")
    with FakeRegistry(tls=demanding) as fake:
        digest = fake.image("acme/shop", "1.0")
        said = {
            "private": [fake.host],
            "ca-file": str(authority.certificate),
            "client-certificate": {"certificate": str(certificate), "key": str(key)},
        }
        name = f"{fake.host}/acme/shop:1.0"
        found = resolved(name, written(tmp_path, json.dumps(said)))
        assert found == f"{fake.host}/acme/shop@{digest}"
