"""What a key says of its text, and which texts no runtime could pull."""

from __future__ import annotations

import pytest

from gate.manifests.positions.words import Speaks, is_never_an_image, speaks


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
