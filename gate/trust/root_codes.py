"""What the reason codes of trusted roots mean."""

from __future__ import annotations

from typing import Final

from gate.model.code_page import CodePage

CODES: Final[dict[str, CodePage]] = {
    "trust-root-damaged": CodePage(
        "The trusted root that came with gate is damaged.",
        "Its file is missing, or has another digest than this release wrote. Nothing is held "
        "against it.",
        "Install gate again, or pin a root in the policy.",
    ),
    "trust-root-digest": CodePage(
        "A trusted root is not the one that the policy pins.",
        "Somebody changed it since.",
        "Find out who changed it before you pin the new digest.",
    ),
    "trust-root-too-old": CodePage(
        "The trusted root in this release of gate is too old to be believed.",
        "It may trust keys that were withdrawn since.",
        "Update gate, or pin a newer root in the policy.",
    ),
    "trust-root-unreachable": CodePage(
        "The repository of a trusted root did not answer.",
        "No copy that is young enough is at hand.",
        "Run again when the repository answers.",
    ),
    "trust-root-unverified": CodePage(
        "The repository of a trusted root gave what does not verify.",
        "It does not follow from the root that the policy pins.",
        "Find out who changed the repository. Do not pin what it gives now.",
    ),
}
