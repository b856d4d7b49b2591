"""Mutants of `admission` that change nothing that anybody could see, each with the reason."""

from __future__ import annotations

from typing import Final

_THERE: Final = "`read_review` refuses a request without what its operation needs"
_NO_LIST: Final = "no list is held where the policy names none"
_CANCELLED: Final = (
    "the runner cancels what waits for a thread, and so what waits for its turn there"
)
_NEVER: Final = "it is `assert_never`: mypy proves that nothing comes there"
EQUIVALENT: Final[dict[str, str]] = {
    "gate/admission/answer.py answer_to: no call": _NEVER,
    "gate/admission/answer.py outcome_of: no call": _NEVER,
    "gate/admission/judge.py open_case: no call": _NEVER,
    "gate/admission/judge.py _opened: no `{}`": _THERE,
    "gate/admission/judge.py _opened: no `()`": "`marked` takes None as no kinds too",
    "gate/admission/judge.py _covered: no `image.reference is not None`": (
        "only a reference has a pinned name"
    ),
    "gate/admission/door.py Door._answers: False for True": "there is a task for each that lacks",
    "gate/admission/find.py Finder._look: no `reference is None`": (
        "of what is no reference no check is asked, so that nothing is answered either way"
    ),
    "gate/admission/ended.py EndedPasses.current: no `section is None`": _NO_LIST,
    "gate/admission/ended.py EndedPasses.until: no `section is None`": _NO_LIST,
    "gate/admission/book.py AnswerBook._begin: True for `image.reference`": (
        "only an image with a pinned reference is asked for"
    ),
    "gate/admission/book.py AnswerBook._refused: True for `image.reference`": (
        "only an image with a pinned reference is asked for"
    ),
    "gate/admission/audits.py _output: False for `process.stdout is None`": (
        "the process is started with a pipe for its output"
    ),
    "gate/admission/audits.py _output: 65537 for 65536": "how much is read at once shows nowhere",
    "gate/admission/audits.py Audits._summary: GtE for Gt": (
        "a clock that goes on does not show the very moment of the bound"
    ),
    "gate/admission/audits.py Audits._tell_events: no `found is None`": (
        "an object whose kind has no path was not read, and is left out for that"
    ),
    "gate/admission/lease.py _spec: no `''`": (
        "of a Lease without a time only its holder is asked whether it is its own, and no process "
        "is called None"
    ),
    "gate/admission/metrics.py Metrics.__init__: False for True": (
        "each metric describes itself, so that the registry never does"
    ),
    "gate/admission/protocol.py BoundedProtocol._counts: True for False": (
        "the connection is broken off already, so that nobody gets what the header would ask for"
    ),
    "gate/admission/pulls.py _account: no `_DEFAULT`": (
        "what is no name of an account gives the same one a line below"
    ),
    "gate/admission/server.py Server._main: False for True": _CANCELLED,
    "gate/admission/server.py Server._main: False for True (2)": _CANCELLED,
    "gate/admission/certificate.py _read: 2 for 1": "one byte over the bound shows as much as two",
    "gate/admission/changes.py is_no_change: no `asked.object is not None`": _THERE,
    "gate/admission/changes.py is_no_change: no `asked.old is not None`": _THERE,
    "gate/admission/pinner.py tag_uses: no `asked.object is None`": _THERE,
    "gate/admission/pinner.py _images: no `{}`": _THERE,
    "gate/admission/changes.py images_before: no `asked.old is None`": _THERE,
}
