"""Which keys speak of images, and which texts look like one."""

from __future__ import annotations

import enum
import re
from functools import lru_cache
from typing import Final

from gate.manifests.positions.row import OCI_SCHEMES
from gate.model.expressions import expression
from gate.model.image import ImageReference

_WORD: Final = expression(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_QUIET_WORDS: Final = frozenset(
    (
        *("pull", "logo", "logos", "icon", "icons", "favicon", "avatar", "background", "banner"),
        *("thumbnail", "screenshot", "cover", "splash", "documentation", "docs", "size", "type"),
        *("format", "family"),
    )
)
"""Words that make a key mean a picture, a document, or how an image is pulled."""
_REFERENCE_WORDS: Final = frozenset(
    ("name", "ref", "reference", "url", "uri", "pullspec", "fullname", "path")
)
_REPOSITORY_WORDS: Final = frozenset(("repository", "repo"))
_NOT_A_NAME: Final = expression(
    r"ami-[0-9a-f]+|/|\.{1,2}/|data:|(?!(?:oci|docker|docker-image)://)[A-Za-z][A-Za-z0-9+.-]*://|"
    r"projects/[^/]+/(?:global/)?images/"
)
_FILE: Final = expression(
    r"\.(?:png|jpe?g|gif|svg|webp|ico|iso|img|qcow2|vmdk|vhdx?|raw|ova|html?|md|pdf|tar|t?gz|xz|zip)"
    r"\Z",
    re.IGNORECASE,
)
_LONGEST: Final = 1024
"""Characters of an image's name with tag and digest: 255 and 128 and 71 fit in well."""


class Speaks(enum.Enum):
    """What a key says of its text."""

    NOTHING = enum.auto()
    IMAGE = enum.auto()
    """The key is `image`."""
    REFERENCE = enum.auto()
    """`proxyImage`, `base-image`, `imageName`, `SIDECAR_IMAGE`, `imageURL`."""
    REPOSITORY = enum.auto()
    """`imageRepository`: the tag is in another field."""
    OF_IMAGES = enum.auto()
    """Any other key with that word, such as `images` or `imageOverrides`."""


def speaks(key: str) -> Speaks:
    """Return what a key says of its text, from its words in any style of writing."""
    return _speaks(key) if "mage" in key or "MAGE" in key else Speaks.NOTHING


@lru_cache(maxsize=4096)
def _speaks(key: str) -> Speaks:
    words = tuple(word.lower() for word in _WORD.findall(key[:256]))
    if "images" not in words and "image" not in words:
        return Speaks.NOTHING
    if not _QUIET_WORDS.isdisjoint(words):
        return Speaks.NOTHING
    if words == ("image",):
        return Speaks.IMAGE
    of_image = words[-2:-1] == ("image",)
    if words[-1] == "image" or (of_image and words[-1] in _REFERENCE_WORDS):
        return Speaks.REFERENCE
    if of_image and words[-1] in _REPOSITORY_WORDS:
        return Speaks.REPOSITORY
    return Speaks.OF_IMAGES


def without_scheme(text: str) -> tuple[str, str]:
    """Return what is before an image, such as `oci://`, and the rest."""
    for scheme in OCI_SCHEMES:
        if text.startswith(scheme):
            return scheme, text[len(scheme) :]
    return "", text


def has_host(text: str) -> bool:
    """Whether a text parses as an image with a registry, as `ghcr.io/acme/shop` does.

    Names of picture and disk files do not count, nor does a bare `example.org/` of a label.
    """
    _, name = without_scheme(text)
    if len(name) > _LONGEST or "/" not in name:
        return False
    head, _, rest = name.partition("/")
    if "." not in head and ":" not in head and head != "localhost":
        return False
    if ":" not in rest and _FILE.search(rest):
        return False
    try:
        ImageReference.parse(name)
    except ValueError:
        return False
    return True


def is_never_an_image(text: str) -> bool:
    """Whether no runtime could pull a text: addresses of files, cloud machine images, prose.

    `ami-0abc`, `projects/p/global/images/i`, `https://…/disk.qcow2`, `Ubuntu 22.04`. Code of a
    template is not prose: nobody knows what it becomes.
    """
    if _NOT_A_NAME.match(text):
        return True
    return any(c.isspace() for c in text.strip()) and not any(c in text for c in "{}$")
