"""`gate import` from its files to the proposed policy."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Final

from gate.cli.reads.find_policy import find_policy
from gate.cli.reads.project import find_checkout
from gate.cli.writes.files import check_file, write_whole
from gate.cli.writes.proposed import demand_absent
from gate.cli.writes.standard_error import tell
from gate.errors import PolicyError, UsageError
from gate.export.imports.account import TakenLine
from gate.export.imports.call import ImportCall
from gate.export.imports.ignored import WaiverTerms
from gate.export.imports.kept import kept
from gate.export.imports.kinds import MAX_BYTES, import_file
from gate.export.imports.known_rules import KnownRules
from gate.export.imports.proposal import ImportedPolicy
from gate.lint.rules import RULES
from gate.model.records import dataclass
from gate.reports.neutral import terminal

_MAX_KEY: Final = 64 * 1024
_PARENTS: Final = 3
"""How far up from a file a key is looked for: `.github/workflows/ci.yml` is three deep."""


@dataclass(frozen=True, slots=True)
class WaiverWords:
    """What the call says of waivers, because ignore files do not."""

    image: str = ""
    owner: str = ""
    expires: str = ""


_NOTHING: Final = WaiverWords()


def run_import(files: Sequence[str], output: str | None, waivers: WaiverWords = _NOTHING) -> int:
    """Propose a policy. Raises GateError."""
    if output is not None:
        check_file(Path(output))
        demand_absent(Path(output), force=False)
    proposal, lines = ImportedPolicy(), list[TakenLine]()
    rules = KnownRules.of(RULES)
    today = datetime.now(UTC).date()
    terms = WaiverTerms(waivers.image, waivers.owner, today, waivers.expires)
    for name in files:
        path = Path(name)
        read = _key_reader(path.parent)
        call = ImportCall(proposal, read, rules, terms, _repository(path))
        lines += import_file(_content(path), name, call)
    overlaps = list(proposal.settled())
    account = [*_account(tuple(kept(lines, proposal))), *(f"note: {one}" for one in overlaps)]
    if proposal.empty:
        tell("".join(f"{terminal(line)}\n" for line in account))
        raise UsageError(
            "import-nothing",
            "no demand of these files has an equivalent in a policy",
            remedy="write a policy with `gate init`; the lines above say what was demanded",
        )
    text = proposal.text()
    _read_back(text)
    head = "".join(f"# {terminal(line)}\n" for line in account)
    if output is None:
        sys.stdout.write(f"{head}{text}")
        return 0
    write_whole(Path(output), text.encode())
    sys.stdout.writelines(f"{terminal(line)}\n" for line in account)
    return 0


def _repository(path: Path) -> str:
    """Return the repository on GitHub whose checkout holds a file, or nothing."""
    remote = find_checkout(path.resolve().parent).remote
    return remote[1] if remote is not None and remote[0] == "github.com" else ""


def _account(lines: Sequence[TakenLine]) -> Iterator[str]:
    carried = sum(1 for line in lines if line.key)
    yield f"gate import: {carried} of {len(lines)} demands are in the policy"
    yield from map(str, lines)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(
            "import-unreadable",
            f"{path} cannot be read: {error.strerror}",
            remedy="name a file that is there",
        ) from error
    if len(data) > MAX_BYTES:
        raise UsageError(
            "import-unreadable",
            f"{path} has more than {MAX_BYTES} bytes",
            remedy="cut what has the demands out of it",
        )
    return data


def _key_reader(folder: Path) -> Callable[[str], str | None]:
    """Return what finds the file of a public key, beside the file that names it or above."""
    places = [Path(), folder, *list(folder.resolve().parents)[:_PARENTS]]

    def read(name: str) -> str | None:
        pure = PurePosixPath(name)
        if pure.is_absolute() or ".." in pure.parts or not name or "\0" in name:
            return None
        for place in places:
            path = place / name
            try:
                if path.is_file():
                    with path.open("rb") as file:
                        return file.read(_MAX_KEY).decode("ascii", errors="replace")
            except OSError:
                continue
        return None

    return read


def _read_back(text: str) -> None:
    """Hold what is proposed against the policy's own reader. Raises UsageError."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "policy.yaml"
        path.write_text(text)
        try:
            find_policy(str(path), None)
        except PolicyError as error:
            raise UsageError(
                "import-refused",
                f"what was imported is no policy: {error.problem}",
                remedy="import the files one by one, and report the one that does it",
            ) from error
