r"""Other tools' patterns, types and flags in the words of a policy.

A regular expression becomes a pattern only where that demands the same or more:

    ^https://github\.com/acme/shop/\.github/workflows/release\.yml@refs/tags/v.*$
      https://github.com/acme/shop/.github/workflows/release.yml@refs/tags/v*

A `*` of a policy crosses neither `/` nor `@`, so it matches less than `.*`.
"""

from __future__ import annotations

import re
from typing import Final

from gate.model.expressions import expression
from gate.model.image import ImageReference

PEM: Final = "-----BEGIN PUBLIC KEY-----"
GITHUB: Final = "https://token.actions.githubusercontent.com"
PUBLIC_GOOD: Final = frozenset(("https://fulcio.sigstore.dev", "https://rekor.sigstore.dev"))
NO_TYPE: Final = "gate has no check for attestations of this type"
OWN_ROOT: Final = "name the instance under `trusted-roots`, and it as `root` of the signer"
NEEDS_BUILDER: Final = (
    "gate's `provenance` also names the builder: add `provenance: {by: […], builder: …}`"
)
NEEDS_AGE: Final = (
    "gate's scan checks also say how old a scan may be: add `scan-age: {by: […], max-age: 7d}`"
)
_ANYTHING: Final = expression(r"\.[*+]\??|\[\^[/@\\]{1,4}\][*+]|\(\.[*+]\??\)")
_PLAIN: Final = expression(r"[A-Za-z0-9_:/@~ %&=,;<>!#'\"-]")
_TYPES: Final[dict[str, str]] = {
    **dict.fromkeys(("cyclonedx", "https://cyclonedx.org/bom", "cyclonedx.org/bom"), "sbom"),
    **dict.fromkeys(("spdx", "spdxjson", "https://spdx.dev/Document", "spdx.dev/Document"), "sbom"),
    "https://cyclonedx.org/schema": "sbom",
}


def identity_pattern(expression: str) -> tuple[str, bool] | None:
    """Return the pattern of an expression, and whether it demands more; None for no pattern.

    Where the expression is not anchored, the pattern is, which is more.
    """
    rest = expression.removeprefix("^")
    stricter = rest == expression
    if rest.endswith("$") and not rest.endswith(r"\$"):
        rest = rest[:-1]
    else:
        stricter = True
    written, at = "", 0
    while at < len(rest):
        found = _ANYTHING.match(rest, at)
        if found is not None:
            written, at, stricter = f"{written}*", found.end(), True
        elif rest[at] == "\\" and rest[at + 1 : at + 2] == "*":
            return None  # the character itself, which would be a pattern here
        elif rest[at] == "\\" and at + 1 < len(rest) and not rest[at + 1].isalnum():
            written, at = written + rest[at + 1], at + 2
        elif rest[at] == ".":
            written, at, stricter = f"{written}.", at + 1, True
        elif _PLAIN.match(rest, at):
            written, at = written + rest[at], at + 1
        else:
            return None
    return re.sub(r"\*+", "*", written), stricter


def image_pattern(glob: str, *, spans: bool) -> tuple[str, str] | None:
    """Return a pattern for all images of a glob, and a note; None for no pattern.

    `spans` says that a `*` of the tool crosses `/`. A pattern that matches more demands more.
    Tags are not matched: `ghcr.io/acme/shop:*` is `ghcr.io/acme/shop`, with every tag.
    """
    name = re.sub(r"@(?:\*+|sha256:[*0-9a-f]*)$", "", glob.strip())
    note = ""
    last = name.rpartition("/")[2]
    if ":" in last and "/" in name:
        tag = last.partition(":")[2]
        name = name[: len(name) - len(tag) - 1]
        if tag.strip("*"):
            note = "gate matches names and no tags, so this is asked of every tag"
    name = name.replace("index.docker.io/", "docker.io/", 1)
    if not name or not _NAME_CHARACTERS.issuperset(name):
        return None
    if "*" not in name:
        try:
            return ImageReference.parse(name).name, note
        except ValueError:
            return None
    host = name.partition("/")[0]
    if "/" not in name or not ("." in host or ":" in host or host in ("*", "**", "localhost")):
        return "**", note or "every image, which is more"  # of which registry is not said
    wide = "*" if spans else "**"
    if wide not in name:
        return name, note
    folder = name.partition(wide)[0].rpartition("/")[0]
    wider = "" if name in (f"{folder}/{wide}", wide) else "every image of the folder, which is more"
    return f"{folder}/**" if folder else "**", note or wider


_NAME_CHARACTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._-/:*")


def check_of(predicate_type: str) -> tuple[str | None, str]:
    """Return the check of an attestation's type, or None and why there is none."""
    check = _TYPES.get(predicate_type.rstrip("/"))
    if check is not None:
        return check, "an SBOM of any format counts"
    lowered = predicate_type.lower()
    if "provenance" in lowered:
        return None, NEEDS_BUILDER
    if "vuln" in lowered or "scan" in lowered:
        return None, NEEDS_AGE
    return None, NO_TYPE
