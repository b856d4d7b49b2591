"""What the reason codes of a run mean that belong to no check."""

from __future__ import annotations

from typing import Final

from gate.model.code_page import CodePage

CODES: Final[dict[str, CodePage]] = {
    "nothing-to-judge": CodePage(
        "There is nothing to judge.",
        "Nothing judged is nothing proven, so it is an error and not a pass.",
        "Name manifests that run something, or images with --image.",
    ),
    "image-reference-malformed": CodePage(
        "An image name is not an image reference.",
        "A reference is [registry/]repository[:tag][@sha256:digest], in lowercase.",
        "Correct the name.",
        "ghcr.io/acme/shop:1.4",
    ),
    "image-not-covered": CodePage(
        "No entry of the policy matches this image.",
        "What no entry matches is blocked, because nobody said what it must show.",
        "Add an entry that says what this image must show.",
        "images:\n  - match: ghcr.io/acme/**\n    signature: {by: [ci]}",
    ),
    "not-answered": CodePage(
        "The run did not answer a question of the policy.",
        "That is a defect of gate, and it blocks.",
        "Report it with the output of `gate --version`.",
    ),
    "not-needed": CodePage(
        "This evidence would do alone, and the check relies on other evidence.",
        "`gate why` says so, for example of a scan where a newer one by the same tool is there.",
        "Nothing to do.",
    ),
    "vex-not-applied": CodePage(
        "This VEX document excuses nothing that was found.",
        "`gate why` says so. `gate check` says of each finding why: another image, the status "
        "`affected`, no reason.",
        "Look at the finding in `gate check`.",
    ),
    "internal-error": CodePage(
        "gate broke.",
        "What it was looking at stays blocked; nothing was cleared.",
        "Run again with GATE_DEBUG=1 and report what it prints.",
    ),
}
