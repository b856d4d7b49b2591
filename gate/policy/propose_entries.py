"""Image entries of a first policy: one for each repository, and one for many of a folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from gate.model.records import dataclass
from gate.policy.yaml_scalar import scalar

MANY: Final = 10
"""From so many repositories of one folder that show the same on, one entry is for all of it."""


@dataclass(frozen=True, slots=True)
class ProposedEntry:
    """What is asked of a repository, or with `count` above 1 of a folder of repositories."""

    name: str
    """`registry/repository`, or the folder."""
    asked: tuple[str, ...]
    """The lines below `match`."""
    widens: bool = False
    """Whether it may stand for a folder: what is asked holds for everything else there."""
    count: int = 1

    @property
    def allowed(self) -> str:
        """What `registries.allow` lists for it."""
        return self.name

    def lines(self) -> Iterator[str]:
        """Yield the entry as lines of a policy."""
        if self.count > 1:
            yield f"  - match: {scalar(f'{self.name}/**')}  # {self.count} repositories were seen"
        else:
            yield f"  - match: {scalar(self.name)}"
        yield from self.asked


def merged(entries: Iterable[ProposedEntry]) -> list[ProposedEntry]:
    """Return the entries, those of one folder that ask the same as one if they are many.

    Single repositories come first, then folders, the deepest first: the first entry that matches
    decides, so none hides another.
    """
    groups: dict[tuple[str, tuple[str, ...]], list[ProposedEntry]] = {}
    for entry in entries:
        folder = entry.name.rpartition("/")[0] if entry.widens else ""
        groups.setdefault((folder, entry.asked), []).append(entry)
    largest: dict[str, int] = {}
    for (folder, _), members in groups.items():
        largest[folder] = max(largest.get(folder, 0), len(members))
    single: list[ProposedEntry] = []
    folders: dict[str, ProposedEntry] = {}
    for (folder, asked), members in groups.items():
        many = folder and len(members) >= MANY and len(members) == largest[folder]
        if many and folder not in folders:
            folders[folder] = ProposedEntry(folder, asked, widens=True, count=len(members))
        else:
            single += members
    ordered = sorted(folders.values(), key=lambda entry: (-entry.name.count("/"), entry.name))
    return [*sorted(single, key=lambda entry: entry.name), *ordered]
