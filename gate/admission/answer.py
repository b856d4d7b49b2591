"""A decision as the AdmissionReview that the API server gets, within its limits.

https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#response
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, assert_never

from gate.admission.decision import Allowed, CouldNotTell, Decision, Denied, Objection
from gate.admission.request import V1, MalformedReviewError
from gate.model.image import Digest
from gate.model.words import clipped
from gate.reports.neutral import terminal

MAX_MESSAGE: Final = 900
"""Of a refusal, in characters: an event of a controller, which quotes it, holds 1,024."""
MAX_WARNING: Final = 250
"""The API server may cut a warning of more than 256 characters."""
MAX_WARNINGS: Final = 15
"""With the bound of each, below the 4,096 characters that it takes of all."""
_MAX_ANNOTATION: Final = 2_000
_MAX_OTHERS: Final = 3
_FORBIDDEN: Final = 403
_UNAVAILABLE: Final = 503


def answer_to(uid: str, decision: Decision, *, policy: Digest) -> dict[str, Any]:
    """Return the answer to a request: `{"apiVersion": …, "response": {"allowed": false, …}}`.

    `allowed` is True for `Allowed` alone. What is denied has the status 403, what could not be
    told has 503, so that tools tell the two apart.
    """
    response: dict[str, Any] = {"uid": uid, "allowed": isinstance(decision, Allowed)}
    match decision:
        case Allowed():
            pass
        case Denied():
            response["status"] = _status(_FORBIDDEN, "Forbidden", decision)
        case CouldNotTell():
            response["status"] = _status(_UNAVAILABLE, "ServiceUnavailable", decision)
        case unreachable:
            assert_never(unreachable)
    warnings = list(_warnings(decision))
    if warnings:
        response["warnings"] = warnings
    response["auditAnnotations"] = _annotations(decision, policy)
    return {"apiVersion": V1, "kind": "AdmissionReview", "response": response}


def refusal_of(error: MalformedReviewError) -> dict[str, Any]:
    """Return the denial of a request that could not be read but for its uid."""
    message = _clipped(f"[{error.code}] {error}. Next: {error.remedy}.", MAX_MESSAGE)
    return {
        "apiVersion": error.version,
        "kind": "AdmissionReview",
        "response": {
            "uid": error.uid,
            "allowed": False,
            "status": {"code": _FORBIDDEN, "reason": "Forbidden", "message": message},
        },
    }


def outcome_of(decision: Decision) -> str:
    """Return the word for a decision in metrics, logs and annotations."""
    match decision:
        case Allowed(would=Denied()):
            return "would-deny"
        case Allowed(would=CouldNotTell()):
            return "would-not-tell"
        case Allowed(judged=False):
            return "not-judged"
        case Allowed():
            return "allowed"
        case Denied():
            return "denied"
        case CouldNotTell():
            return "could-not-tell"
        case unreachable:
            assert_never(unreachable)


def codes_of(decision: Decision) -> tuple[str, ...]:
    """Return the codes of what keeps an object out, or would; sorted, each once."""
    blocked = decision.would if isinstance(decision, Allowed) else decision
    return tuple(sorted({r.code for r in blocked.reasons})) if blocked is not None else ()


def message_of(decision: Denied | CouldNotTell) -> str:
    """Return why, on one line of at most `MAX_MESSAGE` characters: the first reason whole.

    `[pass-absent] container web: no pass is attached to ghcr.io/acme/shop@sha256:…. Next: run
    `gate check` in the pipeline that releases this image, and let it sign.`
    """
    first, *others = _once(decision.reasons)
    said = f"{_sentence(first)}. Next: {_end(first.remedy)}."
    if isinstance(decision, CouldNotTell):
        said = f"gate could not tell, and denies: {said}"
    if others:
        more = "; ".join(_sentence(r) for r in others[:_MAX_OTHERS])
        left = len(others) - _MAX_OTHERS
        said += f" Also: {more}" + (f"; and {left} more." if left > 0 else ".")
    return _clipped(said, MAX_MESSAGE)


def warning_of(objection: Objection) -> str:
    """Return what a person should know, as one warning within its limit."""
    return _clipped(f"gate: {_sentence(objection)}", MAX_WARNING)


def _status(code: int, reason: str, decision: Denied | CouldNotTell) -> dict[str, Any]:
    return {"code": code, "reason": reason, "message": message_of(decision)}


def _warnings(decision: Decision) -> Iterator[str]:
    would = decision.would if isinstance(decision, Allowed) else None
    texts = [f"gate: {_sentence(r)}" for r in _once(decision.warnings)]
    if would is not None:
        refused = [f"gate would refuse this: {_sentence(r)}" for r in _once(would.reasons)]
        texts = [*refused, *(f"gate: {_sentence(r)}" for r in _once(would.warnings)), *texts]
    shown = texts if len(texts) <= MAX_WARNINGS else texts[: MAX_WARNINGS - 1]
    for text in shown:
        yield _clipped(text, MAX_WARNING)
    if len(shown) < len(texts):
        yield f"gate: and {len(texts) - len(shown)} more warnings"


def _annotations(decision: Decision, policy: Digest) -> dict[str, str]:
    said = {
        "outcome": outcome_of(decision),
        "policy": str(policy),
        "codes": ",".join(codes_of(decision)),
        "images": ",".join(decision.images),
        "passes": ",".join(decision.passes) if isinstance(decision, Allowed) else "",
    }
    return {key: _clipped(text, _MAX_ANNOTATION) for key, text in said.items() if text}


def _once(refusals: Iterable[Objection]) -> tuple[Objection, ...]:
    """Return refusals without those that say the same."""
    return tuple(dict.fromkeys(refusals))


def _sentence(refusal: Objection) -> str:
    about = [refusal.place] if refusal.place else []
    if refusal.image not in refusal.problem:
        about.append(refusal.image)
    return f"[{refusal.code}] {': '.join((*about, _end(refusal.problem)))}"


def _end(sentence: str) -> str:
    return sentence.rstrip(". ")


def _clipped(text: str, longest: int) -> str:
    return clipped(terminal(text, limit=longest), longest)
