"""What is fetched first: a hint orders, and loses nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gate.model.image import Digest
from gate.registry.fetch_order import likely_first
from gate.registry.oci.descriptor import Descriptor

VSA = "https://slsa.dev/verification_summary/v1"


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
    assert likely_first([sbom, old, bare, new]) == tuple(e.digest for e in (new, old, sbom, bare))


@given(
    st.lists(
        st.builds(entry, st.integers(0, 5), st.sampled_from(["", VSA, "sbom"]), st.text(max_size=3))
    )
)
def test_every_entry_is_there_once_whatever_its_annotations_say(entries: list[Descriptor]) -> None:
    found = likely_first(entries)
    assert set(found) == {e.digest for e in entries}
    assert len(found) == len(set(found))
