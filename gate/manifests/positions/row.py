"""What one row of the table of image positions says."""

from __future__ import annotations

import enum

from gate.model.records import dataclass

OCI_SCHEMES = ("oci://", "docker://", "docker-image://", "registry://")
"""What may stand before an image in a text. It is no part of the image's name."""


class Meaning(enum.Enum):
    """What is at a position."""

    IMAGE = "image"
    """An image, or an artifact of a registry, that the object makes run or be applied."""
    LIKELY = "image, where the text names a registry"
    """A text of free form: an image where it parses as one with a host."""
    START = "the start of images' names"
    """A registry or folder of one, from which the cluster makes up the names of images."""
    VALUES = "YAML text whose images count"
    """YAML in a text, such as the values of a chart."""
    QUIET = "no image that runs"
    """A name that nothing runs: where an image is built to, or a mirror of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One position in one kind of object."""

    group: str
    """The API group: `apps`, without a version; empty for the core group."""
    kind: str
    path: str
    """From the object's root, as in `spec.containers[*].image`: `[*]` is every item of a
    list and `*` every key of a mapping."""
    source: str
    """Where the kind's own documentation or code says so."""
    meaning: Meaning = Meaning.IMAGE
    tag: tuple[str, ...] = ()
    """Fields that hold the tag or version, the first that is there counts."""
    digest: tuple[str, ...] = ()
    """The field that holds the digest, key by key."""
    open_tag: str = ""
    """A field that leaves the choice to the cluster, such as a range of versions."""
    after: str = ""
    """What ends the part of the text before the image: `=` in `shop=ghcr.io/acme/shop:1`."""
    template: bool = False
    """Whether YAML in a text is a template, which need not be YAML before it is filled in."""
    latest: bool = False
    """Whether the tag is `latest` where no field says one; else the cluster fills it in."""
