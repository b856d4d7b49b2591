"""What a scanner is told to ignore, as waivers.

A waiver names a finding, one image, an owner, a reason and an end. Ignore files have no image and
no owner, and many have no end, so the call says them. A reason that a file does not have is not
made up.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final

from gate.export.imports.proposal import ImportedPolicy
from gate.model.records import dataclass
from gate.policy.pydantic_alone import ValidationError
from gate.policy.waivers import LONGEST, Waiver

NO_REASON: Final = "a waiver has a reason, and this has none: write a waiver with one"
NO_END: Final = "a waiver has an end, and this has none: add `--expires` to the call"
NO_SCOPE: Final = "a waiver names an image and an owner: add `--image` and `--owner` to the call"
FOR_A_PART: Final = "a waiver is for a finding of the whole image, and this is for a part of it"
_LONGEST_REASON: Final = 512


@dataclass(frozen=True, slots=True)
class WaiverTerms:
    """What ignore files do not say."""

    image: str = ""
    """The repository whose findings they are about."""
    owner: str = ""
    """Who answers for them."""
    today: date = date.min
    """The day of the import, UTC."""
    expires: str = ""
    """The last day, `YYYY-MM-DD`, of waivers whose file says no end."""


def waived(
    proposal: ImportedPolicy, terms: WaiverTerms, *, finding: str, reason: str, end: str
) -> str:
    """Add a waiver of a vulnerability; return a note about it.

    `end` is a moment, of which the last whole day before it is the waiver's. One that has ended
    ignores nothing any more, so there is none. Raises ValueError, with why there is no
    such waiver.
    """
    last = last_day(end) if end else None
    if last is not None and last < terms.today:
        return f"it ended on {last}, so there is no waiver"
    if not reason.strip():
        raise ValueError(NO_REASON)
    if last is None and not terms.expires:
        raise ValueError(NO_END)
    if not terms.image or not terms.owner:
        raise ValueError(NO_SCOPE)
    text = " ".join(reason.split())
    cut = len(text) > _LONGEST_REASON
    said = {
        "check": "vulnerabilities",
        "finding": finding,
        "image": terms.image,
        "owner": terms.owner,
        "reason": f"{text[: _LONGEST_REASON - 1]}…" if cut else text,
        "expires": str(last) if last is not None else terms.expires,
    }
    try:
        Waiver.model_validate(said)
    except ValidationError as error:
        msg = str(error.errors()[0]["msg"]).removeprefix("Value error, ")
        raise ValueError(msg) from error
    proposal.waive(said)
    notes = ["its reason is cut"] if cut else []
    if last is not None and last > terms.today + LONGEST:
        notes.append(f"it holds within {LONGEST.days} days of its end, or as `max-waiver` says")
    return "; ".join(notes)


def last_day(end: str) -> date:
    """Return the last whole day, UTC, before a moment. Raises ValueError for no moment."""
    try:
        moment = datetime.fromisoformat(end.strip())
    except ValueError as problem:
        msg = f"its end is no day that gate can read: {end[:40]}"
        raise ValueError(msg) from problem
    known = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    try:
        return known.astimezone(UTC).date() - timedelta(days=1)
    except OverflowError as problem:
        msg = f"its end is no day that gate can read: {end[:40]}"
        raise ValueError(msg) from problem
