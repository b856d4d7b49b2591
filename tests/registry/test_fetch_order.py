"""What is fetched first: a hint orders, and loses nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gate.model.image import Digest
from gate.registry.fetch_order import chosen, likely_first
from gate.registry.oci.descriptor import Descriptor

VSA = "https://slsa.dev/verification_summary/v1"
SIGN = "https://sigstore.dev/cosign/sign/v1"
PASSES = frozenset((VSA,))


def entry(number: int, kind: str = "", created: str = "") -> Descriptor:
    told = {
        "dev.sigstore.bundle.predicateType": kind,
        "org.opencontainers.image.created": created,
    }
    digest = Digest.of(str(number).encode())
    return Descriptor(
        "application/json", digest, 1, annotations={k: v for k, v in told.items() if v}
    )


def test_what_is_called_a_pass_comes_first_and_the_newest_before_others() -> None:
    sbom, old, new, bare = (
        entry(1, "sbom", "2027"),
        entry(2, VSA, "2025"),
        entry(3, VSA, "2026"),
        entry(4),
    )
    assert likely_first([sbom, old, bare, new], PASSES) == (new, old, sbom, bare)


@given(
    st.lists(
        st.builds(entry, st.integers(0, 5), st.sampled_from(["", VSA, "sbom"]), st.text(max_size=3))
    )
)
def test_every_entry_is_there_once_whatever_its_annotations_say(entries: list[Descriptor]) -> None:
    found = likely_first(entries, PASSES)
    assert sorted(map(str, found)) == sorted(map(str, entries))


def test_a_list_no_longer_than_the_bound_is_read_whole_whatever_it_is_called() -> None:
    entries = [entry(1, VSA), entry(2, SIGN)]
    assert chosen(entries, frozenset((SIGN,)), read_all=2) == (entries[1], entries[0])


def test_of_a_longer_list_what_claims_to_be_of_a_kind_that_nobody_wants_is_left_out() -> None:
    passes = [entry(number, VSA) for number in range(3)]
    unknown, bare, wanted = entry(4, "https://acme.example/own"), entry(5), entry(6, SIGN)
    every = [*passes, unknown, bare, wanted]
    assert chosen(every, frozenset((SIGN,)), read_all=3) == (wanted, unknown, bare)


def test_of_a_longer_list_everything_is_fetched_where_any_kind_may_count() -> None:
    entries = tuple(entry(number, VSA) for number in range(3))
    assert chosen(entries, None, read_all=2) == entries
