"""A JSON report of an earlier run, read back: strictly, within bounds, and only what is compared.

Keys that a later version of gate adds are not looked at. Text in it is foreign.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from gate.documents.strict_json import MalformedJson, read_json
from gate.model.report import PassState, Status
from gate.model.verdict import Action, Severity

MAX_BYTES: Final = 64 * 1024 * 1024
"""The largest report that is read: one of 40,000 findings has about as many bytes."""
_MAX_DEPTH: Final = 64
_SHOWN: Final = 300


class UnreadableReport(ValueError):  # noqa: N818  # said as a fact
    """The bytes are no report of gate in version 1."""


def _utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        msg = "no such time"
        raise ValueError(msg) from error


_Moment = Annotated[AwareDatetime, Field(strict=False), AfterValidator(_utc)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)


class RecordedPlace(_Part):
    """Where a finding is."""

    path: str
    line: int


class RecordedObject(_Part):
    """The object that a finding is about."""

    kind: str
    namespace: str | None
    name: str

    def __str__(self) -> str:
        """Return `namespace/kind/name`, without the namespace where there is none."""
        return "/".join(filter(None, (self.namespace, self.kind, self.name)))


class RecordedFinding(_Part):
    """A finding of any list of the report."""

    rule: str
    code: str
    id: str
    action: Annotated[Action, Field(strict=False)]
    severity: str
    object: RecordedObject | None
    image: str | None
    location: RecordedPlace | None
    message: str
    remedy: str
    fingerprint: Annotated[str, Field(pattern="^[0-9a-f]{32}$")]

    @property
    def rank(self) -> Severity:
        """Return the severity; a word that this version does not know is the highest."""
        return Severity.__members__.get(self.severity.upper(), Severity.CRITICAL)


class RecordedUndecided(_Part):
    """A question that the run could not answer."""

    rule: str
    subject: str
    code: str
    message: str
    remedy: str


class RecordedEvidence(_Part):
    """A statement that a check relied on."""

    kind: str
    digest: str
    signers: tuple[str, ...] = Field(strict=False)
    identity: str
    signed_at: _Moment | None = Field(default=None, alias="signedAt")


class RecordedAge(_Part):
    """How old one thing may be."""

    of: str
    until: _Moment


class RecordedUse(_Part):
    """A place that names an image."""

    object: RecordedObject


class RecordedCheck(_Part):
    """The answer of one check about one image."""

    check: str
    status: Annotated[Status, Field(strict=False)]
    evidence: tuple[RecordedEvidence, ...] = Field(default=(), strict=False)
    until: _Moment | None = None
    ages: tuple[RecordedAge, ...] = Field(default=(), strict=False)


class RecordedImage(_Part):
    """One image of the run."""

    name: str
    digest: str | None
    pinned: str | None = None
    uses: tuple[RecordedUse, ...] = Field(default=(), strict=False)
    checks: tuple[RecordedCheck, ...] = Field(strict=False)


class RecordedPolicy(_Part):
    """The policy of the run."""

    digest: str


class RecordedTool(_Part):
    """The program that judged."""

    version: str


class RecordedRelease(_Part):
    """The release that was judged."""

    digest: str


class RecordedPass(_Part):
    """What became of the pass."""

    state: Annotated[PassState, Field(strict=False)]


class RecordedError(_Part):
    """Why the run did not come to its end."""

    code: str
    message: str


_Findings = Annotated[tuple[RecordedFinding, ...], Field(strict=False)]


class RecordedReport(_Part):
    """One run, as its JSON report tells it."""

    report_schema: Literal["gate/report/v1"] = Field(alias="schema")
    command: str
    tool: RecordedTool
    verdict: Literal["cleared", "blocked"]
    at: _Moment
    policy: RecordedPolicy | None
    release: RecordedRelease | None
    passed: RecordedPass | None = Field(alias="pass")
    error: RecordedError | None = None
    images: tuple[RecordedImage, ...] = Field(strict=False)
    findings: _Findings
    undecided: tuple[RecordedUndecided, ...] = Field(strict=False)
    waived: _Findings
    suppressed: _Findings
    known: _Findings = ()


def read_report(data: bytes) -> RecordedReport:
    """Return the report that the bytes are. Raises UnreadableReport with one cause.

    >>> read_report(b'{"schema": "gate/report/v9"}')
    Traceback (most recent call last):
    gate.reports.recorded.UnreadableReport: its schema is not gate/report/v1
    """
    try:
        value = read_json(data, max_bytes=MAX_BYTES, max_depth=_MAX_DEPTH)
    except MalformedJson as error:
        raise UnreadableReport(str(error)) from error
    if not isinstance(value, dict) or value.get("schema") != "gate/report/v1":
        msg = "its schema is not gate/report/v1"
        raise UnreadableReport(msg)
    try:
        return RecordedReport.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        msg = f"{place}: {first['msg']}"[:_SHOWN]
        raise UnreadableReport(msg) from error
