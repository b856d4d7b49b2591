"""Whatever is not cleared is not signed: by types, and with every place of the way broken."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, get_type_hints

import pytest

from gate.checks import CHECKS, MODULES
from gate.cli.demo.release import REGISTRY, Keys, Tampering, make_release
from gate.cli.reads.places import Access
from gate.cli.runs.check import run_check
from gate.cli.runs.prepare import Options
from gate.cli.runs.sign_passes import sign_passes
from gate.errors import DocumentError, GateError, RegistryError
from gate.model.evidence import AttachedKind, Rejection, Storage
from gate.model.image import Digest
from gate.model.report import PassState
from gate.model.review import ReviewedImage
from gate.model.verdict import (
    Blocked,
    Cleared,
    Failed,
    Finding,
    Outcome,
    Passed,
    Plan,
    Question,
    Result,
    Severity,
    Undecided,
    decide,
)
from gate.pipeline.evaluate import judge_evidence, judge_name
from gate.policy.document import Policy
from gate.registry.route import LayoutRegistry
from gate.signing import key as signing_key
from gate.signing import statement
from gate.signing.statement import release_statement, statements
from gate.signing.summary import predicate
from gate.trust.verify import AttachedVerifier
from tests.builders.statements import ANSWERS, ISSUER, cleared

KEYS: Final = Keys()
BLOCKING: Final = Failed(
    (Finding(rule="r", code="c", severity=Severity.LOW, message="m", remedy="r"),)
)
UNDECIDED: Final = Undecided("c", "r", "m")
OUTCOMES: Final = (BLOCKING, UNDECIDED)
IN_SIGNATURE: Final = ("signature", "sbom", "scan-age")
Patch = Callable[[pytest.MonkeyPatch], None]


@dataclass
class Run:
    """A release in a folder, and what was signed of it."""

    folder: Path
    signed: list[bytes] = field(default_factory=list)

    def check(self) -> PassState | None:
        """Run `gate check`; return what it says of the pass, and None where it broke."""
        try:
            done = run_check(
                Options(
                    paths=(str(self.folder / "manifests"),),
                    policy=str(self.folder / "policy.yaml"),
                    access=Access(layouts=(f"{REGISTRY}={self.folder / 'images'}",)),
                ),
                folder=str(self.folder / "passes"),
            )
        except Exception:  # noqa: BLE001  # a crash is an answer, and no signature
            return None
        assert done.report.passed is not None
        assert done.report.cleared is (done.report.exit_code == 0)
        return done.report.passed.state

    def files(self) -> dict[str, str]:
        """Return the digest of every file."""
        return {
            str(path): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in self.folder.rglob("*")
            if path.is_file()
        }


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    made = Run(tmp_path / "release")
    made.folder.mkdir()
    make_release(made.folder, KEYS, datetime.now(UTC), Tampering())
    (made.folder / "passes").mkdir()
    sign = signing_key.sign_statement

    def spied(payload: bytes, key: Any) -> bytes:  # noqa: ANN401  # as the function it stands for
        made.signed.append(payload)
        return sign(payload, key)

    monkeypatch.setattr(signing_key, "sign_statement", spied)
    return made


def answering(check: str, outcome: Outcome) -> Patch:
    """Return what makes one check answer so, whatever it sees."""

    def patch(monkeypatch: pytest.MonkeyPatch) -> None:
        def answered(image: ReviewedImage, policy: Policy, now: datetime) -> Iterator[Result]:
            for result in judge_evidence(image, policy, now):
                wanted = result.question.check == check
                yield Result(result.question, outcome) if wanted else result

        monkeypatch.setattr("gate.pipeline.answered.judge_evidence", answered)

    return patch


def without(check: str) -> Patch:
    """Return what loses the answers of one check."""

    def patch(monkeypatch: pytest.MonkeyPatch) -> None:
        def evidence(image: ReviewedImage, policy: Policy, now: datetime) -> Iterator[Result]:
            return (r for r in judge_evidence(image, policy, now) if r.question.check != check)

        def name(*of: Any, **how: Any) -> tuple[Result, ...]:  # noqa: ANN401  # as judge_name
            return tuple(r for r in judge_name(*of, **how) if r.question.check != check)

        monkeypatch.setattr("gate.pipeline.answered.judge_evidence", evidence)
        monkeypatch.setattr("gate.pipeline.plan.judge_name", name)

    return patch


def replaced(place: str, by: object) -> Patch:
    return lambda monkeypatch: monkeypatch.setattr(place, by)


def method(of: type, name: str, by: Callable[..., object]) -> Patch:
    return lambda monkeypatch: monkeypatch.setattr(of, name, by)


def breaking(check: str, by: Callable[..., Any]) -> Patch:
    """Return what gives one check another function."""
    broken = dataclasses.replace(CHECKS[check], run=by)
    return lambda monkeypatch: monkeypatch.setattr(f"gate.checks.{MODULES[check]}.CHECK", broken)


def both(*patches: Patch) -> Patch:
    def patch(monkeypatch: pytest.MonkeyPatch) -> None:
        for one in patches:
            one(monkeypatch)

    return patch


def raising(error: Exception) -> Callable[..., Any]:
    def broken(*_: object, **__: object) -> object:
        raise error

    return broken


def rejected(_: object, attached: Any, image: Any) -> Rejection:  # noqa: ANN401  # as verify
    return Rejection(
        attached.digest, "signature-invalid", "m", AttachedKind.BUNDLE, Storage.FILE, image.digest
    )


def twice(image: ReviewedImage, policy: Policy, now: datetime) -> Iterator[Result]:
    found = tuple(judge_evidence(image, policy, now))
    return iter((*found, *found))


def stray(image: ReviewedImage, policy: Policy, now: datetime) -> Iterator[Result]:
    yield from judge_evidence(image, policy, now)
    yield Result(Question("never-asked", image.name), Passed())


def credulous(plan: Plan, results: list[Result]) -> Cleared:
    """Stand for a `decide` that clears whatever it is given."""
    return Cleared(plan, tuple(results))


def lenient(plan: Plan, results: list[Result]) -> object:
    """Stand for a `decide` that leaves out what blocks."""
    return decide(plan, [r for r in results if not r.blocks])


DOWN: Final = RegistryError("unreachable", "no answer", remedy="run again")
NEVER_BLOCKS: Final = method(Result, "blocks", property(lambda _: False))  # type: ignore[arg-type]  # it stands for one
MUTATIONS: Final[dict[str, Patch]] = {
    **{f"{c} answers {o}": answering(c, o) for c in IN_SIGNATURE for o in OUTCOMES},
    **{f"{c} is lost": without(c) for c in (*IN_SIGNATURE, "registry", "images")},
    **{f"{c} breaks": breaking(c, raising(ValueError())) for c in IN_SIGNATURE},
    **{f"{c} answers None": breaking(c, lambda *_: None) for c in IN_SIGNATURE},
    **{
        f"{c} blocks and the decision clears": both(
            answering(c, o), replaced("gate.pipeline.review.decide", credulous)
        )
        for c in IN_SIGNATURE
        for o in OUTCOMES
    },
    **{
        f"{c} blocks and the decision leaves that out": both(
            answering(c, o), replaced("gate.pipeline.review.decide", lenient)
        )
        for c in IN_SIGNATURE
        for o in OUTCOMES
    },
    **{
        f"{c} blocks and nothing says that it does": both(answering(c, o), NEVER_BLOCKS)
        for c in IN_SIGNATURE
        for o in OUTCOMES
    },
    "every answer comes twice": replaced("gate.pipeline.answered.judge_evidence", twice),
    "an answer that nobody asked for": replaced("gate.pipeline.answered.judge_evidence", stray),
    "no answer from any evidence": replaced(
        "gate.pipeline.answered.judge_evidence", lambda *_: iter(())
    ),
    "no answer from any name": replaced("gate.pipeline.plan.judge_name", lambda *_, **__: ()),
    "no question of any name": replaced("gate.pipeline.plan.name_questions", lambda *_, **__: ()),
    "no question of any evidence": replaced("gate.pipeline.review.questions", lambda *_: ()),
    "no image is looked at": replaced(
        "gate.pipeline.review.gather_all", lambda images, *_: list(images)
    ),
    "gathering breaks": replaced("gate.pipeline.gather.gather", raising(ValueError())),
    "no image is found": replaced("gate.pipeline.review.named_images", lambda *_: []),
    "the decision breaks": replaced("gate.pipeline.review.decide", raising(ValueError())),
    "the decision is that it is blocked": replaced(
        "gate.pipeline.review.decide", lambda plan, results: Blocked(plan, tuple(results))
    ),
    "lint breaks": replaced("gate.lint.engine.lint", raising(ValueError())),
    "the manifests have a finding": replaced(
        "gate.pipeline.review.judge_manifests",
        lambda *_: Result(Question("manifests", "manifests"), BLOCKING),
    ),
    "the manifests have no canonical form": replaced(
        "gate.manifests.canonical.bound_object",
        raising(DocumentError("not-canonical", "p", remedy="r")),
    ),
    "the registry does not resolve": method(LayoutRegistry, "resolve", raising(DOWN)),
    "the registry does not list": method(LayoutRegistry, "attached", raising(DOWN)),
    "the registry breaks": method(LayoutRegistry, "attached", raising(KeyError())),
    "nothing is attached": method(LayoutRegistry, "attached", lambda *_: ()),
    "nothing verifies": method(AttachedVerifier, "verify", rejected),
    "the verifier breaks": method(AttachedVerifier, "verify", raising(ValueError())),
    "stating breaks": replaced("gate.cli.runs.issue.statements", raising(ValueError())),
}


def test_the_run_that_is_broken_below_signs_a_pass_an_image_and_one_of_the_release(
    run: Run,
) -> None:
    assert run.check() is PassState.SIGNED
    assert len(run.signed) == 3


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_a_run_that_is_broken_anywhere_signs_and_stores_nothing(
    mutation: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = run.files()
    MUTATIONS[mutation](monkeypatch)
    assert run.check() in {None, PassState.NOT_ASKED}
    assert run.signed == []
    assert run.files() == before


@pytest.mark.parametrize(
    "tampering",
    [
        Tampering(signed=False),
        Tampering(signed_by_stranger=True),
        Tampering(sbom_of_other_image=True),
        Tampering(privileged=True),
    ],
)
def test_a_release_with_one_thing_wrong_is_not_signed(
    tampering: Tampering, tmp_path: Path, run: Run
) -> None:
    wrong = Run(tmp_path / "wrong", run.signed)
    wrong.folder.mkdir()
    (wrong.folder / "passes").mkdir()
    make_release(wrong.folder, KEYS, datetime.now(UTC), tampering)
    assert (wrong.check(), run.signed) == (PassState.NOT_ASKED, [])


def test_what_signs_takes_a_cleared_verdict_alone() -> None:
    for function in (statements, release_statement, predicate):
        assert get_type_hints(function)["cleared"] is Cleared
    assert get_type_hints(sign_passes)["verdict"] is Cleared
    # The public functions of the room that makes statements are these, and no other.
    made = {
        name
        for name, value in vars(statement).items()
        if callable(value) and getattr(value, "__module__", "") == statement.__name__
    }
    assert {name for name in made if not name.startswith("_")} == {
        "PassStatement",
        "statements",
        "release_statement",
    }


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("question", ANSWERS)
def test_a_blocked_verdict_is_refused_by_type_and_where_types_are_not_held_to(
    question: tuple[str, str], outcome: Outcome
) -> None:
    plan = cleared().plan
    results = tuple(
        Result(Question(*q), outcome if q == question else o) for q, o in ANSWERS.items()
    )
    with pytest.raises(ValueError, match="not clear"):
        Cleared(plan, results)
    blocked = Blocked(plan, results)
    # mypy refuses each of these lines; without its refusal the comment itself is an error.
    with pytest.raises(ValueError, match="what blocks is not signed"):
        statements(blocked, ISSUER)  # type: ignore[arg-type]  # what a type checker refuses too
    with pytest.raises(ValueError, match="what blocks is not signed"):
        release_statement(blocked, ISSUER, [Digest("0" * 64)])  # type: ignore[arg-type]  # what a type checker refuses too


def test_an_error_of_gate_that_stops_the_signing_is_told(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = GateError("c", "p", remedy="r")
    monkeypatch.setattr("gate.cli.runs.issue.statements", raising(error))
    assert (run.check(), run.signed) == (PassState.FAILED, [])
