"""SLSA v1.2: the build track, the source track, and what a consumer verifies."""

from __future__ import annotations

from typing import Final

from gate.explain.evidence_map.item import PASSES, Framework, FrameworkItem

FRAMEWORK: Final = Framework(
    name="slsa",
    title="SLSA v1.2",
    source="https://slsa.dev/spec/v1.2/",
    items=(
        FrameworkItem(
            "Build L1", "Provenance says how the artifact was built.", ("provenance", "layout")
        ),
        FrameworkItem(
            "Build L2",
            "A build platform made the artifact, and signed the provenance.",
            ("provenance",),
        ),
        FrameworkItem(
            "Build L3",
            "The platform keeps builds apart, and no build can forge provenance.",
            ("provenance",),
        ),
        FrameworkItem("Source L1", "A version control system keeps the source."),
        FrameworkItem("Source L2", "The history of a branch is kept and cannot be rewritten."),
        FrameworkItem("Source L3", "Rules of a branch are enforced, and attested."),
        FrameworkItem("Source L4", "Two trusted persons agree to each change."),
        FrameworkItem(
            "Verify: authenticity",
            "Who consumes an artifact verifies the signature of its provenance, and its digest.",
            ("provenance", "signature", "pass"),
        ),
        FrameworkItem(
            "Verify: expectations",
            "The provenance is compared with the builder and the source that are expected.",
            ("provenance",),
        ),
        FrameworkItem(
            "Verify: dependencies",
            "What the artifact was made of is verified too, where that is asked.",
            ("sbom",),
        ),
        FrameworkItem(
            "Verification summary",
            "A verifier signs what it found, so that others need not verify it all again.",
            ("pass", PASSES),
        ),
    ),
)
