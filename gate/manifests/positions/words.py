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
_NOT_A_NAME: Final = expression(
    r"ami-[0-9a-f]+|/|\.{1,2}/|data:|"
    r"(?!(?:oci|docker|docker-image|registry)://)[A-Za-z][A-Za-z0-9+.-]*://|"
    r"projects/[^/]+/(?:global/)?images/"
)
_FILE: Final = expression(
    r"\.(?:png|jpe?g|gif|svg|webp|ico|iso|img|qcow2|vmdk|vhdx?|raw|ova|html?|md|pdf|tar|t?gz|xz|zip)"
    r"\Z",
    re.IGNORECASE,
)
_CODE_HOSTS: Final = (
    *("github.com/", "gitlab.com/", "bitbucket.org/", "dev.azure.com/", "codeberg.org/"),
    *("git.", "gitea."),
)
_NO_REGISTRY: Final = ("kubernetes.io", ".kubernetes.io")
"""Ends of hosts that stand in labels and taints: `node.kubernetes.io/not-ready:NoExecute`."""
_EFFECTS: Final = (":NoSchedule", ":NoExecute", ":PreferNoSchedule")
_REGISTRY: Final = expression(
    r"(?:[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,32}|localhost)(?::[0-9]{1,5})?"
    r"(?:/[a-z0-9._-]{1,128}){0,32}/?"
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
    START = enum.auto()
    """`imageRegistry`: the names of images begin with it."""
    OF_IMAGES = enum.auto()
    """Any other key with that word, such as `images` or `imageOverrides`."""


_AFTER_IMAGE: Final = {
    **dict.fromkeys(
        ("name", "ref", "reference", "url", "uri", "pullspec", "fullname", "path"),
        Speaks.REFERENCE,
    ),
    **dict.fromkeys(("repository", "repo"), Speaks.REPOSITORY),
    **dict.fromkeys(("registry", "prefix"), Speaks.START),
}


def speaks(key: str) -> Speaks:
    """Return what a key says of its text, from its words in any style of writing."""
    return _speaks(key) if has_image_word(key) else Speaks.NOTHING


def has_image_word(key: str) -> bool:
    """Whether a key may speak of images, or of what is no image: `logoImage`, `imagePullPolicy`."""
    return "mage" in key or "MAGE" in key


@lru_cache(maxsize=4096)
def _speaks(key: str) -> Speaks:
    words = tuple(word.lower() for word in _WORD.findall(key[:256]))
    if "images" not in words and "image" not in words:
        return Speaks.NOTHING
    if words[-2:] == ("pull", "spec"):
        words = (*words[:-2], "pullspec")
    if not _QUIET_WORDS.isdisjoint(words):
        return Speaks.NOTHING
    if words == ("image",):
        return Speaks.IMAGE
    if words[-1] == "image":
        return Speaks.REFERENCE
    if words[-2:-1] == ("image",):
        return _AFTER_IMAGE.get(words[-1], Speaks.OF_IMAGES)
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


def is_whole(text: str) -> bool:
    """Whether a text says by itself that it is an image: a registry, a name, and a tag or digest.

    Repositories of code and the taints of nodes, which are written alike, do not count.
    """
    scheme, name = without_scheme(text)
    if ":" not in name.rpartition("/")[2] or not has_host(text):
        return False
    host = name.partition("/")[0]
    if scheme or "@" in name:
        return True
    return not (is_code(name) or host.endswith(_NO_REGISTRY) or name.endswith(_EFFECTS))


def is_code(name: str) -> bool:
    """Whether a name with a host is a repository of code: `github.com/acme/shop`."""
    return name.startswith(_CODE_HOSTS)


def is_registry(text: str) -> bool:
    """Whether a text is a host, or a folder of one, and no address: `quay.io`, `quay.io/acme`."""
    name = without_scheme(text)[1]
    return bool(_REGISTRY.fullmatch(name)) and not is_code(name)


def is_never_an_image(text: str) -> bool:
    """Whether no runtime could pull a text: addresses of files, cloud machine images, prose.

    `ami-0abc`, `projects/p/global/images/i`, `https://…/disk.qcow2`, `Ubuntu 22.04`. Code of a
    template is not prose: nobody knows what it becomes.
    """
    if _NOT_A_NAME.match(text):
        return True
    return any(c.isspace() for c in text.strip()) and not any(c in text for c in "{}$")
