"""The trusted root that comes with gate: whole, Sigstore's, refused where damaged, and young."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from importlib import resources
from itertools import chain
from typing import Final

import pytest

from gate.errors import TrustRootError
from gate.model.image import Digest
from gate.trust import embedded
from gate.trust.embedded import EMBEDDED_AT, EMBEDDED_DIGEST, EmbeddedRoot, embedded_root
from gate.trust.policy import MAX_EMBEDDED_AGE
from gate.trust.root import Authority, Log, TrustedRoot
from gate.trust.trusted_root import parse_trusted_root

CONTENT: Final = resources.files("gate.trust").joinpath("roots", "public-good.json").read_bytes()
NEVER: Final = datetime.max.replace(tzinfo=UTC)


def _refused(monkeypatch: pytest.MonkeyPatch, content: bytes | None) -> TrustRootError:
    monkeypatch.setattr(embedded, "get_data", lambda _package, _file: content)
    with pytest.raises(TrustRootError) as error:
        EmbeddedRoot()
    return error.value


@pytest.mark.parametrize(
    "content",
    [
        *(None, b"", b"{}", b"\x00" * len(CONTENT), CONTENT[:-1]),
        CONTENT + b"\n",  # the same root in JSON
        json.dumps({**json.loads(CONTENT), "ctlogs": []}).encode(),
    ],
    ids=["nothing", "empty", "bare", "zeros", "short", "longer", "another root"],
)
def test_a_damaged_root_of_gates_own_is_refused_before_anything_is_held_against_it(
    monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    error = _refused(monkeypatch, content)
    assert (error.code, error.exit_code) == ("trust-root-damaged", 3)
    assert str(error).startswith("gate's own file roots/public-good.json is not the one of")


def test_a_missing_root_of_gates_own_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_package: str, _file: str) -> bytes:
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr(embedded, "get_data", missing)
    with pytest.raises(TrustRootError, match="cannot be read: No such file") as error:
        EmbeddedRoot()
    assert error.value.code == "trust-root-damaged"


def test_the_root_of_gates_own_as_it_was_released_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "get_data", lambda _package, _file: CONTENT)
    assert EmbeddedRoot().digest == Digest.of(CONTENT)
    assert str(Digest.of(CONTENT)) == EMBEDDED_DIGEST


def test_the_embedded_root_is_wholly_understood_and_has_all_that_sigstores_client_trusts() -> None:
    """The client's copy came with its release, so ours may be newer, and know more keys."""
    root = parse_trusted_root(CONTENT)
    assert root.skipped == ()
    assert all((root.certificate_authorities, root.timestamp_authorities, root.logs, root.ct_logs))
    store = resources.files("sigstore") / "_store" / "https%3A%2F%2Ftuf-repo-cdn.sigstore.dev"
    theirs = parse_trusted_root((store / "trusted_root.json").read_bytes())
    assert _keys(theirs) - _keys(root) == set()


def _keys(root: TrustedRoot) -> set[bytes | tuple[bytes, ...]]:
    authorities = chain(root.certificate_authorities, root.timestamp_authorities)
    chains = {tuple(one.tbs_certificate_bytes for one in held.chain) for held in authorities}
    return {*chains, *(log.id for log in chain(root.logs, root.ct_logs))}


def test_the_embedded_root_is_all_that_its_document_says() -> None:
    held = embedded_root()
    for field in dataclasses.fields(TrustedRoot):
        wanted = getattr(parse_trusted_root(CONTENT), field.name)
        assert getattr(held, field.name) == wanted, field.name


def test_the_embedded_root_verifies_signatures_of_today_for_60_days_more() -> None:
    """Red: merge what the workflow `renew-root` proposed, or run `.ci/renew_root.py` by hand.

    It is held against the day on which the test runs, so that it warns before users are refused.
    """
    now = datetime.now(UTC)
    root = parse_trusted_root(CONTENT)
    ends = {
        "gate believes it": EMBEDDED_AT + MAX_EMBEDDED_AGE,
        "certificate authorities": _last(root.certificate_authorities, now),
        "timestamp authorities": _last(root.timestamp_authorities, now),
        "transparency logs": _last(root.logs, now),
        "certificate logs": _last(root.ct_logs, now),
    }
    soon = now + timedelta(days=60)
    assert {part: f"{end:%Y-%m-%d}" for part, end in ends.items() if end < soon} == {}


def _last(parts: Iterable[Authority | Log], now: datetime) -> datetime:
    """Return until when one of those that sign today is believed: any one is enough."""
    return max(_end(part) for part in parts if part.window.holds(now))


def _end(part: Authority | Log) -> datetime:
    certificates = part.chain if isinstance(part, Authority) else ()
    return min((part.window.end or NEVER, *(held.not_valid_after_utc for held in certificates)))
