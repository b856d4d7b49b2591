"""Which certificate is shown, which comes next, and what of the shared Secret is read."""

from __future__ import annotations

import base64
import ipaddress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from gate.admission.certificate import Pair
from gate.admission.own import (
    RENEW_BEFORE,
    VALID_FOR,
    Certificates,
    new_pair,
    read_shared,
    shared_data,
    turned,
)
from gate.errors import UsageError
from tests.builders.admission import DAY, HOUR, NOW

SECOND: Final = timedelta(seconds=1)
NAME: Final = "gate.gate-system.svc"
MADE: Final = new_pair(NAME, NOW)
OLDER: Final = new_pair(NAME, NOW - 80 * DAY)
END: Final = MADE.not_after


def named(name: str, not_after: datetime) -> Pair:
    return Pair(name.encode(), b"key", not_after)


def turn(held: Certificates, now: datetime = NOW, *, settled: bool = False) -> Certificates:
    return turned(held, now, settled=settled, make=lambda: MADE)


def test_the_first_certificate_is_shown_at_once() -> None:
    assert turn(Certificates()) == Certificates(shown=MADE)


@pytest.mark.parametrize("settled", [True, False])
def test_one_that_ended_is_replaced_by_the_next_or_by_a_new_one(
    settled: bool,  # noqa: FBT001  # what is said
) -> None:
    ended, following = named("a", NOW), named("b", NOW + SECOND)
    assert turn(Certificates(shown=ended), settled=settled) == Certificates(shown=MADE)
    assert turn(Certificates(shown=ended, following=following), settled=settled) == (
        Certificates(shown=following)
    )
    assert turn(Certificates(shown=ended, following=ended), settled=settled) == (
        Certificates(shown=MADE)
    )
    assert turn(Certificates(following=following), settled=settled) == (
        Certificates(shown=following)
    )


def test_the_next_is_made_while_a_third_of_the_time_is_left() -> None:
    early = Certificates(shown=named("a", NOW + RENEW_BEFORE + SECOND))
    due = Certificates(shown=named("a", NOW + RENEW_BEFORE))
    assert turn(early) == early
    assert turn(due) == replace(due, following=MADE)


def test_the_next_is_shown_once_it_is_trusted_and_the_one_before_stays_trusted() -> None:
    both = Certificates(shown=named("a", NOW + DAY), following=named("b", NOW + 80 * DAY))
    assert turn(both) == both
    assert turn(both, settled=True) == Certificates(shown=named("b", NOW + 80 * DAY), before=b"a")
    assert both.trusted == b"ab"
    assert turn(both, settled=True).trusted == b"ab"
    assert turn(Certificates(shown=named("a", NOW + 80 * DAY)), settled=True) == (
        Certificates(shown=named("a", NOW + 80 * DAY))
    )


@pytest.mark.parametrize("left", [80 * DAY, DAY])
def test_one_that_was_shown_before_is_trusted_to_its_end(left: timedelta) -> None:
    now = END - SECOND
    held = Certificates(shown=named("a", END + left), before=MADE.certificate)
    assert turn(held, now).before == MADE.certificate
    assert turn(held, END).before == b""


def test_a_certificate_is_for_its_name_signs_nothing_and_is_valid_for_its_time() -> None:
    pair = new_pair(NAME, NOW)
    made = x509.load_pem_x509_certificate(pair.certificate)
    assert (made.not_valid_before_utc, made.not_valid_after_utc) == (NOW - HOUR, NOW + VALID_FOR)
    assert pair.not_after == NOW + VALID_FOR
    said = {type(one.value): (one.critical, one.value) for one in made.extensions}
    assert said == {
        x509.SubjectAlternativeName: (
            False,
            x509.SubjectAlternativeName([x509.DNSName(NAME)]),
        ),
        x509.BasicConstraints: (True, x509.BasicConstraints(ca=False, path_length=None)),
        x509.ExtendedKeyUsage: (
            False,
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]),
        ),
    }
    key = made.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert key.curve.name == "secp256r1"


@pytest.mark.parametrize("address", ["10.0.0.1", "::1"])
def test_a_certificate_for_an_address_names_the_address(address: str) -> None:
    made = x509.load_pem_x509_certificate(new_pair(address, NOW).certificate)
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert list(names) == [x509.IPAddress(ipaddress.ip_address(address))]


FULL: Final = Certificates(shown=MADE, following=OLDER, before=OLDER.certificate)


@pytest.mark.parametrize(
    "held",
    [Certificates(), Certificates(shown=MADE), FULL, Certificates(shown=MADE, before=b"")],
)
def test_what_is_written_is_read(held: Certificates) -> None:
    assert read_shared(shared_data(held), "a/b") == held


def test_no_key_of_the_secret_is_empty() -> None:
    assert shared_data(Certificates()) == {}
    assert sorted(shared_data(Certificates(shown=MADE))) == ["ca.crt", "tls.crt", "tls.key"]
    assert sorted(shared_data(FULL)) == [
        *("ca.crt", "next.crt", "next.key", "previous.crt", "tls.crt", "tls.key")
    ]
    assert base64.b64decode(shared_data(FULL)["ca.crt"]) == FULL.trusted


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"token": "eA=="}, "it has the key 'token'"),
        ({"z": "", "b": ""}, "it has the key 'b'"),
        ({"x" * 200: ""}, f"it has the key '{'x' * 100}'"),
        ({"tls.crt": "%"}, "it cannot be read"),
        ({"tls.crt": "eA==\n"}, "it cannot be read"),
        ({"tls.crt": None}, "it cannot be read"),
        ({"previous.crt": "eA=="}, "it cannot be read"),
    ],
)
def test_a_secret_of_others_is_refused_for_what_it_has(
    change: dict[str, Any], problem: str
) -> None:
    with pytest.raises(UsageError) as caught:
        read_shared({**shared_data(FULL), **change}, "a/b")
    assert (caught.value.code, caught.value.problem) == (
        "own-certificate-foreign",
        f"the Secret a/b is not one that gate wrote: {problem}",
    )


@pytest.mark.parametrize("name", ["tls", "next"])
def test_a_certificate_with_the_key_of_another_is_refused_by_its_name(name: str) -> None:
    data = shared_data(FULL)
    other = new_pair(NAME, NOW)
    data[f"{name}.key"] = base64.b64encode(other.key).decode()
    with pytest.raises(UsageError, match=f"^{name} in a/b: the key is not the key"):
        read_shared(data, "a/b")
