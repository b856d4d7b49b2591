from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from gate.errors import RegistryError
from gate.model.image import Digest, ImageReference, Platform
from gate.model.image_configuration import ImageConfiguration
from gate.registry.bounds import Bounds
from gate.registry.oci.image_configuration import parse_configuration
from tests.builders.registries import shop
from tests.fakes.registry import FakeRegistry, encode
from tests.registry.conftest import ClientOf

DIGEST = Digest("a" * 64)
FULL: dict[str, Any] = {
    "os": "linux",
    "architecture": "arm",
    "variant": "v7",
    "created": "2026-01-02T03:04:05.123456789+01:00",
    "config": {
        "User": "1000",
        "Env": ["PATH=/bin", "EMPTY=", "BARE", "A=b=c"],
        "ExposedPorts": {"9090/udp": {}, "8080/tcp": {}},
        "Entrypoint": ["/shop"],
        "Cmd": ["serve"],
        "Labels": {"a": "b"},
    },
    "history": [{"created_by": "COPY shop /"}, {"empty_layer": True}],
}


def read(value: object) -> ImageConfiguration:
    return parse_configuration(encode(value), DIGEST, "it")


def test_all_that_a_policy_can_ask_about_is_read() -> None:
    assert read(FULL) == ImageConfiguration(
        manifest=DIGEST,
        platform=Platform("linux", "arm", "v7"),
        user="1000",
        environment=(("PATH", "/bin"), ("EMPTY", ""), ("BARE", ""), ("A", "b=c")),
        ports=("8080/tcp", "9090/udp"),
        entrypoint=("/shop",),
        command=("serve",),
        labels={"a": "b"},
        history=("COPY shop /", ""),
        created=datetime(2026, 1, 2, 2, 4, 5, 123456, tzinfo=UTC),
    )


@pytest.mark.parametrize("value", [{}, {"config": None, "history": None, "created": None}])
def test_what_is_not_said_is_empty(value: object) -> None:
    assert read(value) == ImageConfiguration(manifest=DIGEST, platform=Platform("", ""))


def test_the_zero_time_is_no_time() -> None:
    assert read({"created": "0001-01-01T00:00:00Z"}).created is None


@pytest.mark.parametrize(
    "value",
    [
        {"config": []},
        {"config": {"User": 0}},
        {"config": {"Env": "A=b"}},
        {"config": {"Env": [1]}},
        {"config": {"Labels": {"a": 1}}},
        {"config": {"ExposedPorts": ["80"]}},
        {"config": {"Entrypoint": "sh"}},
        {"history": {}},
        {"history": ["x"]},
        {"created": "yesterday"},
        {"created": "2026-13-01T00:00:00Z"},
        {"created": "9999-12-31T23:59:59-23:59"},
        {"os": 5},
    ],
)
def test_a_part_of_the_wrong_type_is_refused(value: object) -> None:
    with pytest.raises(RegistryError) as caught:
        read(value)
    assert caught.value.code == "malformed-configuration"


def test_every_platform_of_an_index_is_read_once(fake: FakeRegistry, client_of: ClientOf) -> None:
    names = ("amd64", "arm64")
    digests = [
        fake.image("acme/shop", name, config={"os": "linux", "architecture": name})
        for name in names
    ]
    entries = [
        fake.entry("acme/shop", digest, f"linux/{name}")
        for digest, name in zip(digests, names, strict=True)
    ]
    fake.index("acme/shop", "1.0", entries)
    client = client_of(fake.host)
    image = client.resolve(shop(fake))
    found = client.configurations(image)
    assert [(c.manifest, str(c.platform)) for c in found] == [
        (digest, f"linux/{name}") for digest, name in zip(digests, names, strict=True)
    ]
    client.configurations(image)
    assert fake.asked("blobs") == 2


def test_r225_a_configuration_over_the_bound_is_not_fetched(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    fake.image("acme/shop", "1.0", config={"x": "y" * 2000})
    client = client_of(fake.host, bounds=Bounds(configuration_bytes=1000))
    image = client.resolve(ImageReference.parse(f"{fake.host}/acme/shop:1.0"))
    with pytest.raises(RegistryError) as caught:
        client.configurations(image)
    assert caught.value.code == "too-large"
    assert fake.asked("blobs") == 0
