"""What a policy says of licences, of text that is no SPDX expression too."""

from __future__ import annotations

import pytest

from gate.packages.licenses import LONGEST, allowed, forbidden

LONG = " AND ".join(["MIT"] * LONGEST)


@pytest.mark.parametrize(
    "text",
    [
        f"{LONG} AND GPL-3.0-only",
        f"{LONG} AND GPL-3.0",
        "GPL-3.0-only AND (MIT",
        "GPL-3.0-only, with parts under MIT.",
        "see COPYING (gpl-3.0-ONLY)",
        "parts are GPL-3.0.",
    ],
)
def test_a_licence_inside_of_what_cannot_be_read_is_forbidden_all_the_same(text: str) -> None:
    assert forbidden(text, {"GPL-3.0-only"})
    assert not allowed(text, {"GPL-3.0-only", "MIT"})


@pytest.mark.parametrize(
    "text", ["GPL-3.0-only-mine (own terms)", "AGPL-3.0-only and, more", "the MIT License", "(", ""]
)
def test_a_licence_whose_id_only_begins_or_ends_alike_is_another(text: str) -> None:
    assert not forbidden(text, {"GPL-3.0-only"})


def test_a_choice_that_can_be_read_is_a_choice() -> None:
    assert not forbidden("GPL-3.0-only OR MIT", {"GPL-3.0-only"})
    assert forbidden("GPL-3.0-only AND MIT", {"GPL-3.0-only"})
