"""The images that the job built, as the runner lists them for the steps that follow.

Steps declare what they made in `$GITHUB_ARTIFACTS`; the runner writes the list of it to the
file that `$GITHUB_ARTIFACTS_LIST` names: https://github.com/actions/runner/pull/4527
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from gate.documents.strict_json import read_json
from gate.errors import GateError, UsageError
from gate.model.image import Digest

MAX_BYTES: Final = 1024 * 1024
"""The largest list that is read. The runner takes 500 artifacts a job."""


def built_images(listed: str) -> tuple[str, ...]:
    """Return the OCI images of a list, each as name and digest; files are passed over.

    An empty path, and an empty file, which is what a runner writes that has the feature off,
    list nothing. Raises UsageError for what is no list of version 1.
    """
    if not listed:
        return ()
    path = Path(listed)
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if not data.strip():
            return ()
        return _images(read_json(data, max_bytes=MAX_BYTES))
    except (OSError, GateError, ValueError) as error:
        raise UsageError(
            "artifacts-list",
            f"the list of what the job built cannot be read: {error}",
            remedy="name the images in the input `images`",
        ) from error


def _images(value: Any) -> tuple[str, ...]:  # noqa: ANN401  # any JSON value
    match value:
        case {"version": int(version), "subjects": [*subjects]} if version is not True and (
            version == 1
        ):
            return tuple(dict.fromkeys(_reference(one) for one in subjects if _is_oci(one)))
        case _:
            msg = "it is not of version 1"
            raise ValueError(msg)


def _is_oci(subject: Any) -> bool:  # noqa: ANN401  # any JSON value
    match subject:
        case {"kind": "oci"}:
            return True
        case {"kind": "file"}:
            return False
        case _:
            msg = "it has an entry that is neither a file nor an OCI image"
            raise ValueError(msg)


def _reference(subject: dict[str, Any]) -> str:
    """Return the image by the digest that was declared; its tag is not asked for again."""
    match subject:
        case {"name": str(name), "digest": str(digest)} if name:
            base, _, named = name.partition("@")
            if named in {"", digest}:
                return f"{base}@{Digest.parse(digest)}"
    msg = "it has an OCI image without a name and its digest"
    raise ValueError(msg)
