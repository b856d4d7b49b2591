"""What a check is."""

from __future__ import annotations

import enum
import sys
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from gate.model.code_page import CodePage
from gate.model.evidence import ImageEvidence
from gate.model.records import dataclass
from gate.model.verdict import Failed, Finding, Outcome, Severity
from gate.policy.fields import AfterWith, Context, Sized, written
from gate.policy.pydantic_alone import PydanticCustomError
from gate.policy.referenced import UNKNOWN_SIGNER
from gate.policy.section import Params

A = TypeVar("A", bound=Params)


def _known(name: str, info: Context) -> str:
    known = (info.context or {}).get("signers", ())
    if name not in known:
        called = f", only {', '.join(sorted(known))}" if known else "; none is defined"
        raise PydanticCustomError(
            UNKNOWN_SIGNER,
            "no signer is called {name}{known}",
            {"name": repr(name), "known": called},
        )
    return name


SignerName = Annotated[str, AfterWith(_known)]
"""The name of a signer that the same policy defines."""


class Level(enum.StrEnum):
    """Which manifests of an image must carry what a check asks."""

    INDEX = "index"
    """The digest that the reference resolves to."""
    PLATFORMS = "platforms"
    """Every platform of the index; the image itself where there is no index."""
    EITHER = "either"
    """The digest that the reference resolves to, or else every platform."""


class SignedParams(Params):
    """Who must have signed, how many of them, and on which manifests."""

    by: Annotated[tuple[SignerName, ...], Sized(min_length=1)]
    """Names of signers: evidence of anybody else does not count."""
    at_least: Annotated[int, Sized(ge=1)] = written(alias="at-least", default=1)
    """How many distinct keys or identities of them it takes."""
    on: Level = Level.EITHER
    """Which manifests of the image must carry it: its `index`, all its `platforms`, or `either`."""

    def check_whole(self, context: Mapping[str, Any]) -> None:
        """Refuse a number that cannot be met. Raises ValueError."""
        most = self.available(context.get("literal", frozenset()))
        if most is not None and self.at_least > most:
            msg = f"at-least is {self.at_least}, and no more than {most} can count"
            raise ValueError(msg)

    def available(self, literal: Collection[str]) -> int | None:
        """Return how many of what `at-least` counts there can be; None for no bound.

        By default these are keys and identities. `literal` are the signers that are one of
        them each; a pattern may match many.
        """
        return len(set(self.by)) if set(self.by) <= set(literal) else None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A line of a first policy, for evidence that was seen on an image."""

    kind: str
    """The kind of evidence: `signature`, `sbom`, `vulnerabilities` or `provenance`."""
    line: str
    """The policy's line, such as `sbom: {by: %s}`; `%s` is the list of who signed it."""


def _never(asked: Params) -> bool:
    del asked
    return False


def always(asked: Params) -> bool:
    """Say so however a check is asked."""
    del asked
    return True


@dataclass(frozen=True, slots=True)
class Check(Generic[A]):
    """One question, put to every image whose entry in the policy names it.

    `run` is pure: what it may know is the image's evidence, what the policy asks, and
    when the run began (UTC).
    """

    name: str
    """The key that the policy uses."""
    severity: Severity
    params: type[A]
    run: Callable[[ImageEvidence, A, datetime], Outcome]
    codes: Mapping[str, CodePage]
    """The page of every code that its findings and its undecided outcomes can have."""
    first_suffices: bool = False
    """Whether the first evidence that makes it pass will do.

    True only of a check that nothing else on the image can turn from passing to failing,
    and that needs the platforms of an index only where it is asked `on: platforms`.
    """

    monotone: Callable[[A], bool] = _never
    """Whether, asked like this, no further evidence could make it fail once it passes.

    So it passes beside something attached that could not be read; every other check that looks
    at evidence is undecided then.
    """
    wants: frozenset[str] | None = None
    """Every predicate type that it looks at, empty where it looks at no attestation; None where
    that may be any. Of an image with a long list of attestations, others are not fetched."""
    needs_configuration: bool = False
    """Whether it asks what an image's configuration says, besides what is attached to the image."""
    reads_release: bool = False
    """Whether it asks what else the run judges. It is put when every image of the run was looked
    at; what asks only about the image, as soon as that was looked at."""
    of_what_runs: bool = False
    """Whether it asks what an image runs: a chart or a bundle of manifests runs nothing."""
    reads_links: Callable[[A], bool] = _never
    """Whether, asked like this, it reads link files that come with the call (`--links`)."""
    makes: tuple[str, ...] = ()
    """Commands that make its evidence, gate's first and then cosign's. `{key}` is where the
    option that names a key goes, `{image}` where the image goes."""
    proposal: Proposal | None = None
    """What `gate init` asks of an image on which such evidence was seen."""

    @property
    def doc(self) -> str:
        """The check's documentation: the docstring of its module."""
        import inspect  # noqa: PLC0415  # for pages and help alone

        return inspect.getdoc(sys.modules[self.run.__module__]) or ""

    def failed(  # one place builds what every check's failure looks like
        self,
        image: ImageEvidence,
        code: str,
        message: str,
        *,
        remedy: str,
        id: str = "",  # noqa: A002  # the model's word
    ) -> Failed:
        """Return a Failed of one finding about the image."""
        return Failed((self.finding(image, code, message, remedy=remedy, id=id),))

    def finding(
        self,
        image: ImageEvidence,
        code: str,
        message: str,
        *,
        remedy: str,
        id: str = "",  # noqa: A002  # the model's word
        severity: Severity | None = None,
    ) -> Finding:
        """Return one blocking finding about the image. `code` is stable and in kebab-case."""
        return Finding(
            rule=self.name,
            code=code,
            severity=self.severity if severity is None else severity,
            message=message,
            remedy=remedy,
            id=id,
            image=str(image.image),
        )
