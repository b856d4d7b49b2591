"""What is said of a layout folder that does not have what was asked for, or too much of it."""

from __future__ import annotations

from gate.errors import RegistryError
from gate.model.image import Digest
from gate.registry.bounds import Bounds
from gate.registry.codes import Code


def missing(name: str, digest: Digest) -> RegistryError:
    """Return the error of content that is not in the folder."""
    return RegistryError(
        Code.MISSING_BLOB,
        f"{name} does not hold {digest}",
        remedy="Copy the whole image into the layout, with what is attached to it.",
    )


def too_large(name: str, bounds: Bounds) -> RegistryError:
    """Return the error of a folder with more manifests than are read."""
    return RegistryError(
        Code.TOO_LARGE,
        f"the manifests of {name} are more than {bounds.layout_bytes} bytes",
        remedy="Keep fewer images in one layout.",
    )


def ambiguous(name: str, count: int, named: str = "") -> RegistryError:
    """Return the error of a name that does not say which image is meant."""
    return RegistryError(
        Code.AMBIGUOUS,
        f"{name} holds {count} images{named}, and one is needed",
        remedy="Name one by its tag or digest: oci:PATH:TAG or oci:PATH@sha256:….",
    )
