"""What older cosigns hang on images as `.sig` and `.att`, and gate reads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gate.model.evidence import Clock, Storage, VerifiedAttestation
from gate.model.image import ResolvedImage
from gate.model.predicates import Predicate
from tests.fakes.sigstore.encoding import key_pem, pem
from tests.interop.tools import COSIGN_V2, required, run
from tests.interop.workshop import PASSWORD, Workshop, workshop

EITHER = pytest.mark.parametrize("keyed", [True, False], ids=["keyed", "keyless"])


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    with workshop(tmp_path_factory.mktemp("workshop")) as made:
        fulcio, rekor = made.sigstore.sigstore.fulcio, made.sigstore.sigstore.rekor_v1
        (made.folder / "rekor.pub").write_bytes(key_pem(rekor.public_key))
        (made.folder / "ct.pub").write_bytes(key_pem(fulcio.ct_key.public_key()))
        (made.folder / "fulcio.pem").write_bytes(b"".join(map(pem, fulcio.chain)))
        (made.folder / "predicate.json").write_text('{"any": "thing"}')
        yield made


def signed(
    shop: Workshop, command: str, image: ResolvedImage, *options: str | Path, keyed: bool
) -> VerifiedAttestation[Predicate]:
    """Let the older cosign sign, and gate read the one thing that then hangs on the image."""
    url, token = shop.sigstore.url, shop.folder / "token"
    token.write_text(shop.sigstore.oidc.token(datetime.now(UTC)))
    by: tuple[str | Path, ...] = ("--key", shop.folder / "cosign.key")
    if not keyed:
        by = ("--fulcio-url", url, "--identity-token", token)
    answer = run(
        *(required("cosign-v2", COSIGN_V2), command, "--yes", "--allow-http-registry"),
        *("--rekor-url", url, *by, *options, str(image)),
        HOME=str(shop.folder),
        COSIGN_PASSWORD=PASSWORD,
        SIGSTORE_REKOR_PUBLIC_KEY=str(shop.folder / "rekor.pub"),
        SIGSTORE_CT_LOG_PUBLIC_KEY_FILE=str(shop.folder / "ct.pub"),
        SIGSTORE_ROOT_FILE=str(shop.folder / "fulcio.pem"),
    )
    assert answer.accepted, answer.output
    (one,) = shop.read(image)
    assert one.signers == ("key" if keyed else "workflow",)
    return one


def clocks(one: VerifiedAttestation[Predicate]) -> list[Clock]:
    return [time.clock for time in one.times]


@EITHER
def test_a_signature_in_the_log_is_read(shop: Workshop, *, keyed: bool) -> None:
    one = signed(shop, "sign", shop.image(f"logged/{keyed}".lower()), keyed=keyed)
    assert (one.storage, clocks(one)) == (Storage.SIG_TAG, [Clock.LOG])


@EITHER
def test_a_signature_with_a_timestamp_is_read(shop: Workshop, *, keyed: bool) -> None:
    image = shop.image(f"stamped/{keyed}".lower())
    stamp = ("--timestamp-server-url", f"{shop.sigstore.url}/api/v1/timestamp")
    one = signed(shop, "sign", image, *stamp, keyed=keyed)
    assert sorted(clocks(one)) == sorted([Clock.AUTHORITY, Clock.LOG])


def test_a_signature_in_no_log_has_no_time(shop: Workshop) -> None:
    image = shop.image("unlogged")
    one = signed(shop, "sign", image, "--tlog-upload=false", keyed=True)
    assert clocks(one) == []


@EITHER
def test_an_attestation_in_the_log_is_read(shop: Workshop, *, keyed: bool) -> None:
    image = shop.image(f"attested/{keyed}".lower())
    what = ("--type", "https://example.test/any", "--predicate", shop.folder / "predicate.json")
    one = signed(shop, "attest", image, *what, keyed=keyed)
    assert (one.storage, clocks(one)) == (Storage.ATT_TAG, [Clock.LOG])
    assert one.predicate_type == "https://example.test/any"
