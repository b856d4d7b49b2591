"""What several tests make of recorded layouts."""

from __future__ import annotations

from datetime import UTC, datetime

BEFORE = datetime(2026, 11, 21, tzinfo=UTC)


AT_EXPIRY = datetime(2027, 1, 2, 3, 4, 6, tzinfo=UTC)


ONLY_AN_INSPECTION_SEES_IT = {"demo-final-product-changed/"}


NO_STEPS = {"empty-layout/"}
"""The reference passes it; it proves nothing about any image."""


CODES = {
    "demo-at-expiry/": "layout-expired",
    "demo-expired/": "layout-expired",
    "demo-link-not-json/": "layout-malformed",
    "demo-link-tampered/": "layout-step-unproven",
    "demo-link-unauthorised-key/": "layout-step-unproven",
    "demo-missing-link/": "layout-step-unproven",
    "demo-require-absent/": "layout-rule-broken",
    "demo-require-after-consumed/": "layout-rule-broken",
    "demo-wrong-layout-key/": "layout-wrong-signer",
    "dsse-wrong-layout-key/": "layout-wrong-signer",
    "empty-layout/": "layout-proves-nothing",
    "go-demo-missing-links/": "layout-step-unproven",
    "threshold-two-disagree/": "layout-links-disagree",
}
"""Where the reference refuses, gate does, for this reason."""


FILE_NAMES_ALONE = {"demo-links-swapped/"}
"""The reference goes by the names of files; gate by the step that each link is signed for."""
