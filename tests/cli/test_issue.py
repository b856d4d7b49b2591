"""What `gate check` signs is verified before any of it is stored."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gate.cli.reads.signer import Signer
from gate.cli.runs import issue
from gate.keys.private import generate
from gate.model.image import ImageReference
from gate.model.report import PassState
from gate.policy.passes import PassSection
from gate.signing.key import sign_statement
from gate.trust.policy import verifier_of
from tests.properties.pool import INDEX, NOW, SIGN, Held, Pool, reviewed


class Untouched:
    """A registry in which nothing may be stored."""

    def layout_folder(self, reference: ImageReference) -> None:
        """Say that no image is in a folder, which asks nobody."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever is asked of it
        raise AssertionError(name)


def test_a_pass_that_does_not_verify_is_neither_stored_nor_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = Pool()
    entry = "    signature: {by: [build]}\n"
    section = PassSection.model_validate(
        {"environment": "production", "valid-for": "24h", "sign": {"key": "gate.key"}}
    )
    policy = replace(
        pool.policy(entry=entry),
        verifier="https://acme.example/gate",
        passes=section,
    )
    good = pool.item("signature", INDEX, SIGN, {}, pool.build)
    review = reviewed(Held((good.attached,)), policy, verifier_of(policy, NOW, None))
    mine, other = generate(), generate()
    wrong = Signer(sign=lambda payload: sign_statement(payload, other), key=mine.public_key())
    monkeypatch.setattr(issue, "signer_of", lambda *_: wrong)
    registry: Any = Untouched()
    done = issue.issue(
        review, policy, section, registry, roots=(), dry_run=False, folder=str(tmp_path / "passes")
    )
    assert done.report.state is PassState.FAILED
    assert done.error is not None
    assert done.error.code == "own-signature-not-verified"
    assert not (tmp_path / "passes").exists()
