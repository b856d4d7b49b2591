"""Waivers: single findings that the policy's owner accepts for now.

A waiver excuses one finding, by its id, on one image or one object, until a day. It
never excuses a whole check, what the same evidence has wrong besides, or what could not be
decided. `waive` matches them with what a run found. Matched ones are listed in the report and
in the pass; one that has ended leaves its finding standing, with a sentence that says so; one
that matches nothing is warned about.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Final

from gate.model.expressions import expression
from gate.model.image import ImageReference
from gate.model.verdict import Finding
from gate.policy.duration import Duration
from gate.policy.fields import After, Before, Sized
from gate.policy.section import Section

LONGEST: Final = timedelta(days=90)
"""How far ahead a waiver may end where the policy does not say."""
MOST: Final = timedelta(days=366)
"""How far ahead any policy may let one end: a waiver without an end is a rule."""
UNWAIVABLE: Final = frozenset({"pass", "images", "reference"})
"""Checks that no waiver excuses: without them, nothing was checked at all."""
DIGEST_ONLY: Final = frozenset({"signature", "registry"})
"""Checks whose waivers must name the one digest that they are about."""

_DAY: Final = expression(r"\d{4}-\d\d-\d\d", re.ASCII)
LONGEST_SAID: Final = 512
"""How many characters a reason, or the name of an owner, may have."""


def _day(value: object) -> date:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        msg = "a waiver ends on a day, UTC, written YYYY-MM-DD"
        raise ValueError(msg)
    try:
        return date.fromisoformat(value)
    except ValueError as problem:
        msg = f"{value} is not a day of the calendar"
        raise ValueError(msg) from problem


def _exact(text: str) -> str:
    if "*" in text or text.strip() != text or not text:
        msg = "a waiver names exactly one thing: no pattern, no space around it"
        raise ValueError(msg)
    return text


def _repository(text: str) -> str:
    reference = ImageReference.parse(_exact(text))
    if reference.tag is not None:
        msg = "a waiver names a repository, or a repository and a digest, but no tag"
        raise ValueError(msg)
    return text


def _said(text: str) -> str:
    if not text.strip():
        msg = "this may not be blank"
        raise ValueError(msg)
    return text


Exact = Annotated[str, After(_exact)]
Said = Annotated[str, Sized(max_length=LONGEST_SAID), After(_said)]


def _bound(longest: timedelta) -> timedelta:
    if longest > MOST:
        msg = f"waivers may end at most {MOST.days} days ahead"
        raise ValueError(msg)
    return longest


LongestWaiver = Annotated[Duration, After(_bound)]
"""A policy field that says how far ahead waivers may end."""


class Waiver(Section):
    """One finding that is accepted: which, where, by whom, why, and until when."""

    check: Exact
    """The check or lint rule."""
    finding: Exact
    """The finding's id, such as a CVE, or else its code."""
    image: Annotated[str, After(_repository)] | None = None
    """`registry/repository`, or `registry/repository@sha256:…` for one digest alone."""
    object: Exact | None = None
    """`namespace/Kind/name`, for a finding about a manifest's object, and not about an image."""
    owner: Said
    """Who answers for it."""
    reason: Said
    """Why it is accepted."""
    expires: Annotated[date, Before(_day)]
    """The last day, UTC, on which it holds."""

    def check_whole(self, context: Mapping[str, Any]) -> None:
        """Refuse what has no scope, or is too wide. Raises ValueError."""
        del context
        if self.check in UNWAIVABLE:
            msg = f"`{self.check}` cannot be waived"
            raise ValueError(msg)
        if (self.image is None) == (self.object is None):
            msg = "a waiver names either an `image` or an `object`"
            raise ValueError(msg)
        if self.check in DIGEST_ONLY and "@" not in (self.image or ""):
            msg = f"a waiver of `{self.check}` names the image's digest: repository@sha256:…"
            raise ValueError(msg)

    def covers(self, finding: Finding, image: ImageReference | None) -> bool:
        """Whether this is the finding that the waiver names, on any day."""
        if (finding.rule, finding.waiver_id) != (self.check, self.finding):
            return False
        if self.image is None:
            # What is found on an image is found wherever it runs: at this object it only shows.
            about = finding.object if image is None and finding.image is None else None
            return about is not None and str(about) == self.object
        wanted = ImageReference.parse(self.image)
        found = _image_of(finding, image)
        return (
            found is not None
            and (found.registry, found.repository) == (wanted.registry, wanted.repository)
            and (wanted.digest is None or wanted.digest == found.digest)
        )

    def problem(self, now: datetime, longest: timedelta = LONGEST) -> str | None:
        """Return why the waiver does not hold at `now` (UTC); None where it does."""
        if self.expires < now.date():
            return f"the waiver of {self.owner} ended on {self.expires}"
        if self.expires > (now + longest).date():
            return (
                f"the waiver of {self.owner} does not hold: it ends on {self.expires}, more than "
                f"{longest.days} days ahead"
            )
        return None


def _image_of(finding: Finding, image: ImageReference | None) -> ImageReference | None:
    """Return the image with the digest that was resolved, where it was."""
    if finding.image is not None and "@" in finding.image:
        try:
            return ImageReference.parse(finding.image)
        except ValueError:
            return image
    return image
