"""Which policy a run asks, and the files that the policy refers to."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING

from gate.checks import CHECKS
from gate.checks.registry import NAME as REGISTRY
from gate.cli.reads.plain_file import read_plain
from gate.errors import UsageError
from gate.model.by_name import ByName
from gate.model.image import Digest
from gate.pipeline.release import MANIFESTS
from gate.policy.document import Policy
from gate.policy.load import MAX_POLICY_BYTES, load_policy

if TYPE_CHECKING:
    from gate.policy.manifests import ManifestsSection

MAX_DEFINITIONS_BYTES = 15 * 1024 * 1024
"""The most that the definitions of one folder may have together."""
NAMES = (".gate.yaml", ".gate.yml", ".github/gate.yaml")
MAX_REFERENCED_BYTES = 8 * 1024 * 1024
"""The largest key or trusted root that a policy may refer to."""


def find_policy(given: str | None, pinned: str | None) -> Policy:
    """Load the policy that was given, or the nearest one. Raises UsageError, PolicyError."""
    path = Path(given) if given is not None else _nearest(Path.cwd())
    data = _read(path)
    policy = load_policy(
        data,
        str(path),
        checks=ByName(CHECKS, lambda name: CHECKS[name].params),
        check_rules=_check_rules,
        check_key=_check_key,
        waivable=_waivable,
        read=_reader(path.parent),
    )
    if pinned is not None:
        _check_pinned(policy, pinned)
    return policy


def _check_rules(section: ManifestsSection) -> None:
    from gate.lint.settings import check_rules  # only where the policy asks something of lint

    check_rules(section)


def _waivable() -> Collection[str]:
    from gate.lint.rules import RULES  # only where the policy waives something

    return {*CHECKS, REGISTRY, MANIFESTS, *(rule.name for rule in RULES)}


def _check_key(data: bytes) -> None:
    from gate.keys.public import load_public_key

    load_public_key(data)


def _nearest(start: Path) -> Path:
    for folder in (start, *start.parents):
        for name in NAMES:
            if (folder / name).is_file():
                found = folder / name
                return found.relative_to(start) if found.is_relative_to(start) else found
        if (folder / ".git").exists():
            break
    raise UsageError(
        "policy-missing",
        f"there is no policy: none of {', '.join(NAMES)} from here up",
        remedy="let `gate init MANIFESTS` write a first one, or name yours with --policy",
    )


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            # One byte more than is allowed, so that the loader sees that there was more.
            return file.read(MAX_POLICY_BYTES + 1)
    except IsADirectoryError as error:
        raise UsageError(
            "policy-missing",
            f"{path} is a folder, and the policy is a file",
            remedy=f"name the file, such as {path / NAMES[0]}",
        ) from error
    except OSError as error:
        raise UsageError(
            "policy-missing",
            f"the policy {path} cannot be read: {error.strerror}",
            remedy="name a policy that is there, or let `gate init MANIFESTS` write a first one",
        ) from error


def _reader(folder: Path) -> Callable[[str], bytes]:
    def read(name: str) -> bytes:
        if name.endswith("/"):
            return _definitions(folder / name)
        data = read_plain(folder / name, MAX_REFERENCED_BYTES + 1)
        if len(data) > MAX_REFERENCED_BYTES:
            raise OSError(27, f"larger than {MAX_REFERENCED_BYTES} bytes")
        return data

    return read


def _definitions(folder: Path) -> bytes:
    """Return the files of a folder as one stream of documents, in the order of their names.

    Raises OSError for a link among them, which may lead to what nobody reviews, and for more
    than may be read.
    """
    parts = []
    left = MAX_DEFINITIONS_BYTES
    for path in sorted(folder.iterdir()):
        if path.suffix not in (".yaml", ".yml", ".json"):
            continue
        if path.is_symlink() or not path.is_file():
            raise OSError(22, f"{path.name} is no plain file")
        parts.append(read_plain(path, left + 1).removeprefix(b"\xef\xbb\xbf"))
        left -= len(parts[-1])
        if left < 0:
            raise OSError(27, f"larger than {MAX_DEFINITIONS_BYTES} bytes")
    return b"".join(b"---\n" + part + b"\n" for part in parts)


def _check_pinned(policy: Policy, pinned: str) -> None:
    try:
        wanted = Digest.parse(pinned)
    except ValueError as error:
        raise UsageError(
            "policy-digest-malformed", f"{pinned!r} is no digest", remedy="write sha256:<64 hex>"
        ) from error
    if wanted != policy.digest:
        raise UsageError(
            "policy-digest-mismatch",
            f"the policy {policy.path} has digest {policy.digest}, not {wanted}",
            remedy="run with the policy that was agreed on, or agree on this one",
        )
