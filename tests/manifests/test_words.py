"""What a key says of its text, and which texts no runtime could pull."""

from __future__ import annotations

import pytest

from gate.manifests.positions.words import (
    Speaks,
    has_host,
    is_code,
    is_never_an_image,
    is_registry,
    is_whole,
    speaks,
)

DIGEST = f"sha256:{'a' * 64}"


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("image", Speaks.IMAGE),
        ("proxyImage", Speaks.REFERENCE),
        ("imageName", Speaks.REFERENCE),
        ("proxyImageURL", Speaks.REFERENCE),
        ("imageRepository", Speaks.REPOSITORY),
        ("imageRepo", Speaks.REPOSITORY),
        ("proxyImageRepo", Speaks.REPOSITORY),
        ("imagePullSpec", Speaks.REFERENCE),
        ("registrationOperatorImagePullSpec", Speaks.REFERENCE),
        ("registrationOperatorPullSpec", Speaks.NOTHING),
        ("imageOldName", Speaks.OF_IMAGES),
        ("nameOfImages", Speaks.OF_IMAGES),
        ("imagesName", Speaks.OF_IMAGES),
        ("imageNames", Speaks.OF_IMAGES),
        ("repositoryImages", Speaks.OF_IMAGES),
        ("imageOldRepo", Speaks.OF_IMAGES),
        ("imagePullSecrets", Speaks.NOTHING),
        ("imageIcon", Speaks.NOTHING),
        ("name", Speaks.NOTHING),
        ("scrimmage", Speaks.NOTHING),
        ("", Speaks.NOTHING),
        ("a" * 251 + "Image", Speaks.REFERENCE),
        ("a" * 252 + "Image", Speaks.NOTHING),
    ],
)
def test_a_key_speaks_by_its_words_in_any_style(key: str, said: Speaks) -> None:
    assert speaks(key) is said


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("ami-0abc", True),
        ("/disk", True),
        ("./disk", True),
        ("../disk", True),
        ("data:image/png", True),
        ("https://e.org/x", True),
        ("projects/p/global/images/i", True),
        ("projects/p/images/i", True),
        ("Ubuntu 22.04", True),
        ("a\tb", True),
        ("oci://e.org/x", False),
        ("docker://e.org/x", False),
        (" x ", False),
        ("a {{ b }}", False),
        ("a }", False),
        ("a $b", False),
        ("x", False),
    ],
)
def test_what_no_runtime_could_pull(text: str, *, never: bool) -> None:
    assert is_never_an_image(text) == never


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        *(("e.org/x:1", True), ("e.org/x", False), ("x:1", False), ("a/x:1", False)),
        *(("e.org:5000/x", False), ("e.org:5000/x:1", True), (f"e.org/x@{DIGEST}", True)),
        *(("github.com/a/x:1", False), (f"github.com/a/x@{DIGEST}", True)),
        *(("git.e.org/x:1", False), ("e.org/git.x:1", True), ("oci://github.com/a/x:1", True)),
        *(("kubernetes.io/x:1", False), ("node.kubernetes.io/x:1", False)),
        *(("e.org/kubernetes.io:1", True), (f"kubernetes.io/x@{DIGEST}", True)),
        *(("e.org/gpu:NoSchedule", False), ("e.org/gpu:NoExecute", False)),
        *(("oci://e.org/gpu:NoSchedule", True), ("e.org/noschedule:1", True)),
        *(("https://e.org/x:1", False), ("e.org/x:1 ", False), ("", False)),
    ],
)
def test_a_text_with_a_registry_and_a_tag_or_digest_says_itself_that_it_is_an_image(
    text: str, *, whole: bool
) -> None:
    assert is_whole(text) is whole


@pytest.mark.parametrize(
    ("text", "registry"),
    [
        *(("quay.io", True), ("quay.io/acme", True), ("quay.io:5000/acme/", True)),
        *(("localhost", True), ("localhost:5000/a", True), ("oci://quay.io/acme", True)),
        *(("quay", False), ("", False), ("https://quay.io", False), ("quay.io/acme:1", False)),
        *(("github.com/acme", False), ("oci://github.com/acme", False), ("git.e.org/a", False)),
    ],
)
def test_a_host_or_a_folder_of_one_is_what_names_begin_with(text: str, *, registry: bool) -> None:
    assert is_registry(text) is registry


def test_a_repository_of_code_is_told_by_its_host() -> None:
    assert [is_code(name) for name in ("github.com/a", "git.e.org/a", "e.org/github.com/a")] == [
        *(True, True, False),
    ]
    assert has_host("github.com/a")
