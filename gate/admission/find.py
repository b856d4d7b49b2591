"""What the policy's checks say of one image, asked of its registry now: one thread, one answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from gate.admission.ended import EndedPasses
from gate.admission.judge import ImageAnswer, ImageQuestion, relied_on
from gate.admission.pulls import PullScope
from gate.errors import ClusterError, UsageError
from gate.model.evidence import ImageEvidence
from gate.model.image import ResolvedImage
from gate.model.records import dataclass
from gate.model.review import ReviewedImage
from gate.model.verdict import Failed, Outcome, Passed, Undecided
from gate.pipeline.evaluate import crash, first_suffices, outcomes, questions, wanted_types
from gate.pipeline.first import until_open
from gate.pipeline.gather import gather
from gate.pipeline.plan import configured
from gate.policy.document import Policy
from gate.registry.interface import Registry
from gate.trust.verify import AttachedVerifier

OpenRegistry = Callable[[], Registry]
"""Opens what answers one question, with a memory of its own: what is attached may be new."""


@dataclass(frozen=True, slots=True)
class Finder:
    """Asks registries. Used from several threads."""

    policy: Policy
    open_registry: OpenRegistry
    ended: EndedPasses
    open_for: Callable[[PullScope], Registry] | None = None
    """Opens what answers with the secrets of an object; None where no namespace opted in."""

    def find(
        self,
        image: ReviewedImage,
        question: ImageQuestion,
        verifier: AttachedVerifier,
        now: datetime,
    ) -> ImageAnswer:
        """Return what the image's entry says of it. Everything that goes wrong is undecided.

        No more is fetched than opens the image, where its checks allow that; otherwise all.
        """
        try:
            registry = self._opened(question.pull)
            looked = self._look(image, question, registry, replace(verifier, now=now), now)
            return _answer(outcomes(looked, self.policy, now), self.ended.until())
        except (ClusterError, UsageError) as error:  # the pod's own secrets cannot be asked for
            unknown = Undecided(error.code, error.problem, error.remedy)
        except Exception as error:  # noqa: BLE001  # whatever it is, nothing was found out
            unknown = Undecided(*crash(error))
        return ImageAnswer({q.check: unknown for q in questions(image, self.policy)})

    def _opened(self, pull: PullScope | None) -> Registry:
        if pull is None or self.open_for is None:
            return self.open_registry()
        return self.open_for(pull)

    def _look(
        self,
        image: ReviewedImage,
        question: ImageQuestion,
        registry: Registry,
        verifier: AttachedVerifier,
        now: datetime,
    ) -> ReviewedImage:
        reference = image.reference
        if reference is None or reference.digest is None:
            return image  # nothing is answered, and so it blocks
        resolved = ResolvedImage(reference, reference.digest)
        revocations = self.ended.current(now)
        start = ImageEvidence(
            resolved, question.covered, revocations=revocations, again=question.again
        )
        if first_suffices(image, self.policy):
            opened = _first(replace(image, evidence=start), self.policy, now, registry, verifier)
            if opened is not None:
                return opened
        found = gather(
            image.name,
            reference,
            registry,
            verifier,
            configured=bool(configured(questions(image, self.policy))),
            wanted=wanted_types(image, self.policy),
        )
        if isinstance(found, ImageEvidence):
            found = replace(
                found, release=question.covered, revocations=revocations, again=question.again
            )
        return replace(image, evidence=found)


def _first(
    image: ReviewedImage,
    policy: Policy,
    now: datetime,
    registry: Registry,
    verifier: AttachedVerifier,
) -> ReviewedImage | None:
    try:
        return until_open(image, policy, now, registry, verifier)
    except Exception:  # noqa: BLE001  # whatever it is, gathering everything meets and says it
        return None


def _answer(said: Mapping[str, Outcome], known_until: datetime | None) -> ImageAnswer:
    return ImageAnswer(
        {name: _light(outcome) for name, outcome in said.items()},
        relied_on(said.values()),
        min((*_ends(said.values()), *filter(None, (known_until,))), default=None),
    )


def _light(outcome: Outcome) -> Outcome:
    """Return an outcome without the evidence that it rests on, which can be large."""
    match outcome:
        case Passed(until=until):
            return Passed(until=until)
        case Failed():
            return replace(outcome, relied_on=())
        case Undecided():
            return outcome


def _ends(said: Iterable[Outcome]) -> Iterator[datetime]:
    for outcome in said:
        if isinstance(outcome, Passed | Failed) and outcome.until is not None:
            yield outcome.until
