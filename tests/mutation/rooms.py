"""Which tests are asked for which room: those of a plain checkout, that start no program."""

from __future__ import annotations

from typing import Final

ROOMS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "admission": (("gate/admission/**/*.py",), ("tests/admission",)),
    "checks": (("gate/checks/**/*.py",), ("tests/checks", "tests/pipeline")),
    "documents": (("gate/documents/**/*.py",), ("tests/documents", "tests/test_documents.py")),
    "keys": (("gate/keys/**/*.py",), ("tests/keys",)),
    "manifests": (
        ("gate/manifests/**/*.py",),
        ("tests/manifests", "tests/review/test_hidden_images.py"),
    ),
    "match": (
        ("gate/policy/match*.py", "gate/policy/glob.py", "gate/policy/waive*.py"),
        ("tests/policy",),
    ),
    "pipeline": (("gate/pipeline/**/*.py",), ("tests/pipeline", "tests/checks")),
    "predicates": (("gate/predicates/*.py",), ("tests/predicates",)),
    "trust": (("gate/trust/**/*.py",), ("tests/trust", "tests/keys", "tests/signing")),
    "verdict": (
        tuple(
            f"gate/model/{name}.py"
            for name in ("evidence", "image", "release", "revocations", "verdict")
        ),
        ("tests/model",),
    ),
}
"""For each room the modules, and the tests."""
