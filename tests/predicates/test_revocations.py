"""The list of ended passes is read strictly, and written as it is read."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.model.identity import CertificateIdentity, KeyIdentity
from gate.model.image import Digest
from gate.model.revocations import EndedBy, EndedDigest, EndedSigner, Revocation, RevocationList
from gate.predicates import revocations
from gate.predicates.revocations import MAX_ENTRIES, MAX_REASON, MEDIA_TYPE, parse, write
from tests.builders.revocations import AT, GOOD, HEX, LINE, NAME


def read(**changed: object) -> RevocationList:
    said = {k: v for k, v in {**GOOD, **changed}.items() if v is not ...}
    return parse(json.dumps(said).encode())


def test_a_list_says_what_is_ended_why_and_since_when() -> None:
    assert read() == RevocationList(
        NAME,
        7,
        AT,
        AT + timedelta(days=7),
        (Revocation(EndedDigest(EndedBy.IMAGE, Digest(HEX)), "a backdoor", AT),),
    )


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        *((({key: ...}, f"the list has no {key}")) for key in sorted(GOOD)),
        ({"more": 1}, "the list has a field that this gate does not know: 'more'"),
        ({"mediaType": "text/plain"}, f"mediaType of the list is not {MEDIA_TYPE}"),
        ({"name": ""}, "name is missing or not text"),
        *(
            ({"serial": bad}, "serial of the list is not a whole number from 1 on")
            for bad in (0, -1, 1.0, "7", True, None, 2**53)
        ),
        ({"issued": "today"}, "issued is not an RFC 3339 time with an offset"),
        ({"expires": "2026-11-29T10:00:00Z"}, "the list expires before it is issued"),
        ({"ended": None}, f"ended is not a list of at most {MAX_ENTRIES} lines"),
        ({"ended": {}}, "ended is not a list"),
        ({"ended": [LINE] * (MAX_ENTRIES + 1)},
         f"ended is not a list of at most {MAX_ENTRIES} lines"),
        ({"ended": ["x"]}, "ended[0] is not an object"),
        ({"ended": [LINE, {**LINE, "until": "x"}]},
         "ended[1] has a field that this gate does not know: 'until'"),
        ({"ended": [{"reason": "x", "at": LINE["at"]}]},
         "ended[0] ends nothing that this gate knows"),
        ({"ended": [{**LINE, "release": f"sha256:{HEX}"}]},
         "ended[0] has a field that this gate does not know: 'image'"),
        ({"ended": [{**LINE, "since": LINE["at"]}]},
         "ended[0] has a field that this gate does not know: 'since'"),
        ({"ended": [{**LINE, "image": HEX}]},
         "ended[0].image is not sha256: and 64 hexadecimal digits"),
        ({"ended": [{**LINE, "reason": "x" * (MAX_REASON + 1)}]},
         f"ended[0].reason is longer than {MAX_REASON} characters"),
        ({"ended": [{**LINE, "reason": ""}]}, "ended[0].reason is missing or not text"),
        ({"ended": [{**LINE, "at": "never"}]},
         "ended[0].at is not an RFC 3339 time with an offset"),
        ({"ended": [{"subject": "a", "reason": "x", "at": LINE["at"]}]}, "ended[0] has no issuer"),
        ({"ended": [{"key": f"sha256:{HEX}", "since": None, "reason": "x", "at": LINE["at"]}]},
         "ended[0].since is not an RFC 3339 time with an offset"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused_with_its_reason(changed: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011  # its text is what is compared
        read(**changed)
    assert str(refused.value) == problem


@pytest.mark.parametrize("serial", [1, 2**53 - 1])
def test_a_serial_is_a_whole_number_that_every_parser_holds(serial: int) -> None:
    assert read(serial=serial).serial == serial


def test_a_list_and_its_reasons_are_read_up_to_their_bounds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(revocations, "MAX_ENTRIES", 2)
    found = read(ended=[{**LINE, "reason": "x" * MAX_REASON}, LINE])
    assert [len(line.reason) for line in found.revocations] == [MAX_REASON, len(LINE["reason"])]
    with pytest.raises(ValueError, match="^ended is not a list of at most 2 lines$"):
        read(ended=[LINE] * 3)


def test_a_reason_is_written_in_its_own_letters() -> None:
    made = read(ended=[{**LINE, "reason": "Hintertür"}])
    assert "Hintertür".encode() in write(made)


def test_a_repeated_key_makes_it_no_list() -> None:
    text = json.dumps(GOOD)
    with pytest.raises(ValueError, match="is there twice"):
        parse(f'{text[:-1]}, "ended": []}}'.encode())


digests = st.text("0123456789abcdef", min_size=64, max_size=64).map(Digest)
times = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(  # noqa: DTZ001  # made UTC below
    lambda at: at.replace(microsecond=0, tzinfo=UTC)
)
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
ended = st.one_of(
    st.builds(EndedDigest, st.sampled_from(EndedBy), digests),
    st.builds(
        EndedSigner,
        st.builds(KeyIdentity, digests) | st.builds(CertificateIdentity, texts, texts),
        st.none() | times,
    ),
)


@given(st.lists(st.builds(Revocation, ended, texts, times), max_size=5), times)
def test_a_list_is_read_as_it_was_written(lines: list[Revocation], at: datetime) -> None:
    made = RevocationList(NAME, 1, at, at + timedelta(hours=1), tuple(lines))
    assert parse(write(made)) == made


def test_a_list_that_would_not_be_read_again_is_not_written() -> None:
    line = Revocation(EndedDigest(EndedBy.IMAGE, Digest(HEX)), "x" * (MAX_REASON + 1), AT)
    with pytest.raises(ValueError, match="longer than"):
        write(RevocationList(NAME, 1, AT, AT + timedelta(days=1), (line,)))


def test_a_time_of_an_early_year_is_written_as_it_is_read() -> None:
    early = read(ended=[{**LINE, "at": "0226-11-29T10:00:00Z"}])
    assert parse(write(early)) == early
