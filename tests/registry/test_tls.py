"""HTTPS: whose certificates are believed, and whose are shown."""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from gate.errors import RegistryError
from gate.model.image import ImageReference
from gate.registry.client import RegistryClient
from gate.registry.configuration import RegistryConfiguration
from gate.registry.http import transport
from gate.registry.http.issuer import issuer_of
from gate.registry.http.url import Url
from tests.builders.authorities import Authority, context
from tests.builders.registries import code_of, shop
from tests.fakes.registry import FakeRegistry
from tests.registry.conftest import FAST


@pytest.fixture
def secure(authority: Authority) -> Iterator[FakeRegistry]:
    with FakeRegistry(tls=context(authority.issue("server"))) as registry:
        registry.image("acme/shop", "1.0")
        yield registry


def configuration(fake: FakeRegistry, ca_file: Path | None = None) -> RegistryConfiguration:
    return RegistryConfiguration(
        private_hosts=frozenset((fake.host,)), ca_file=ca_file, bounds=FAST
    )


def test_a_registry_with_a_certificate_of_a_named_authority_is_asked(
    secure: FakeRegistry, authority: Authority
) -> None:
    with RegistryClient(configuration(secure, authority.certificate)) as client:
        assert client.resolve(shop(secure)).reference == shop(secure)


def test_r215_a_certificate_that_nobody_vouches_for_is_refused_without_a_second_try(
    secure: FakeRegistry,
) -> None:
    with RegistryClient(configuration(secure)) as client:
        with pytest.raises(RegistryError) as caught:
            client.resolve(shop(secure))
        assert caught.value.code == "tls-failed"
        assert caught.value.problem.endswith("; it was issued by CN=authority")
        assert "`ca-file`" in caught.value.remedy
    assert secure.requests == []


def test_r215_a_certificate_that_has_expired_is_refused(authority: Authority) -> None:
    expired = context(authority.issue("server", valid=timedelta(days=-1)))
    with FakeRegistry(tls=expired) as fake:
        with (
            RegistryClient(configuration(fake, authority.certificate)) as client,
            pytest.raises(RegistryError) as caught,
        ):
            client.resolve(shop(fake))
        assert caught.value.code == "tls-failed"
        assert caught.value.problem.endswith(
            "has no certificate that is trusted for it: certificate has expired"
        )
        assert fake.requests == []


def test_r215_a_certificate_for_another_name_is_refused(
    secure: FakeRegistry, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = (ipaddress.IPv4Address("127.0.0.1"),)
    monkeypatch.setattr(transport, "look_up", lambda *_: here)
    host = f"registry.example:{secure.host.partition(':')[2]}"
    named = RegistryConfiguration(
        private_hosts=frozenset((host,)), ca_file=authority.certificate, bounds=FAST
    )
    reference = ImageReference.parse(f"{host}/acme/shop:1.0")
    with RegistryClient(named) as client:
        assert code_of(client, reference) == "tls-failed"
    assert secure.requests == []


def test_a_client_certificate_is_shown_to_a_registry_that_asks(authority: Authority) -> None:
    demanding = context(authority.issue("server"))
    demanding.verify_mode = ssl.CERT_REQUIRED
    demanding.load_verify_locations(authority.certificate)
    with FakeRegistry(tls=demanding) as fake:
        fake.image("acme/shop", "1.0")
        plain = configuration(fake, authority.certificate)
        with RegistryClient(plain) as client:
            assert code_of(client, shop(fake)) in {"tls-failed", "unreachable"}
        shown = RegistryConfiguration(
            private_hosts=plain.private_hosts,
            ca_file=authority.certificate,
            client_certificate=authority.issue("client"),
            bounds=FAST,
        )
        with RegistryClient(shown) as client:
            assert client.resolve(shop(fake)).reference == shop(fake)


def test_r215_a_registry_that_speaks_plain_http_is_said_to_and_never_asked_in_plain() -> None:
    with FakeRegistry() as fake, RegistryClient(configuration(fake)) as client:
        with pytest.raises(RegistryError) as raised:
            client.resolve(shop(fake))
        assert raised.value.code == "tls-failed"
        assert raised.value.problem == f"{fake.host} does not speak https"
        assert raised.value.remedy.endswith(f"say so with --plain-http {fake.host}.")
        assert fake.requests == []


def test_an_issuer_that_cannot_be_had_is_not_told() -> None:
    with FakeRegistry() as plain:
        named = configuration(plain)
        assert issuer_of(Url.parse(f"https://{plain.host}/"), named) == ""
        assert issuer_of(Url.parse("https://127.0.0.1:1/"), RegistryConfiguration()) == ""
        assert plain.requests == []
