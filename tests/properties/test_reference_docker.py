"""How docker-image-py reads a reference, which is distribution/reference in Python, and how we do.

Where both take a text they mean the same image. What it takes and we refuse is named in
`docs/registry.md`; it refuses nothing that we take.
"""

from __future__ import annotations

import re

import pytest
from docker_image.reference import InvalidReference, Reference
from hypothesis import example, given
from hypothesis import strategies as st

from gate.model.image import ImageReference
from tests.builders.references import likely, near

Read = tuple[str, str, str | None, str | None]
"""Host, path, tag and digest."""

OTHER_DIGEST = re.compile(r".*@(?!sha256:[0-9a-f]{64}$).*")
UPPER_CASE_LABEL = re.compile(r"[A-Za-z0-9-]*[A-Z][A-Za-z0-9-]*(?::[0-9]+)?/.*")
LOCAL = re.compile(r"[0-9a-f]{64}(?:[:@].*)?")
TRANSPORT = re.compile(r"(?:sha256|sha512|https?|file|oci|oci-archive):.*")
PORT = re.compile(r"[^/]*:([0-9]+)/.*")
OUTER = re.compile(r"\[[^\]]*\](?::[0-9]+)?/.*")
"""An address in brackets: distribution takes any letters and colons, and we take addresses."""
LONGEST_HOST, LONGEST_PATH, LAST_PORT, HTTPS = 253, 255, 65535, 443


def docker(text: str) -> Read | None:
    try:
        read = Reference.parse_normalized_named(text)
    except InvalidReference:
        return None
    host, path = read.split_hostname()
    return host, path, read["tag"], read["digest"]


def ours(text: str) -> Read | None:
    try:
        read = ImageReference.parse(text)
    except ValueError:
        return None
    return read.registry, read.repository, read.tag, str(read.digest) if read.digest else None


def canonical(host: str) -> str:
    """Return a host as we write it: lower case, ports without zeros before them, none for https.

    Docker Hub's other name is Docker Hub, whatever its case.
    """
    name, colon, port = host.lower().rpartition(":")
    bare = name if colon and int(port) == HTTPS else host.lower()
    if colon and int(port) != HTTPS:
        bare = f"{name}:{int(port)}"
    return "docker.io" if bare == "index.docker.io" else bare


def stricter(text: str, read: Read) -> bool:
    """Whether a difference is one that the documentation names."""
    host, path, *_ = read
    port = PORT.fullmatch(text)
    return (
        text.endswith("\n")  # which the end of a pattern matches before, in Python
        or OTHER_DIGEST.fullmatch(text) is not None
        or UPPER_CASE_LABEL.fullmatch(text) is not None
        or LOCAL.fullmatch(text) is not None
        or TRANSPORT.fullmatch(text) is not None
        or OUTER.fullmatch(text) is not None
        or (port is not None and not 0 < int(port[1]) <= LAST_PORT)
        or len(host) > LONGEST_HOST
        or len(path) > LONGEST_PATH
    )


def compare(text: str) -> None:
    theirs, mine = docker(text), ours(text)
    if theirs is None or mine is None:
        assert mine is None
        assert theirs is None or stricter(text, theirs)
        return
    assert mine == (canonical(theirs[0]), *theirs[1:])


@given(st.one_of(near, likely))
@example("nginx")
@example("index.docker.io/nginx")
@example("GHCR.IO/acme/shop:1")
@example("ghcr.io:443/acme/shop")
@example("localhost/x")
@example("acme.example/x/y_z:Tag@sha256:" + "0" * 64)
def test_docker_and_we_mean_the_same_image_or_the_difference_is_named(text: str) -> None:
    compare(text)


@pytest.mark.parametrize(
    "text",
    [
        "Acme/shop", "sha256:abc", "0" * 64, "a.b:0/c", "a.b:99999/c", "[zz]/a",
        "a.b/c@sha512:" + "0" * 128,
    ],
)  # fmt: skip
def test_what_docker_takes_and_we_refuse_is_one_of_the_named_differences(text: str) -> None:
    assert ours(text) is None
