"""What of a certificate is not as the policy demands, in a phrase, and the line that takes it."""

from __future__ import annotations

from typing import Any

import pytest

from gate.model.identity import CertificateIdentity
from gate.trust.claims import Claims
from tests.fakes.sigstore import GITHUB, WORKFLOW
from tests.trust.given import identity

GITLAB, OWN = "https://gitlab.com", "https://gitlab.acme.example"
CI_FILE = "/acme/shop//.gitlab-ci.yml@refs/heads/main"
SHOP = "https://github.com/acme/shop"


def claims(subject: str = WORKFLOW, issuer: str = GITHUB, **more: str | None) -> Claims:
    return Claims(identity=CertificateIdentity(subject, issuer), **more)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, {}),
        ({}, {"repository_id": "7", "ref": "refs/heads/x", "runner_environment": "self-hosted"}),
        ({"repository_id": "7"}, {"repository_id": "7"}),
        ({"ref": "refs/tags/v1"}, {"ref": "refs/tags/v1"}),
        ({"ref": "refs/tags/v*"}, {"ref": "refs/tags/v1"}),
        ({"triggers": ("push", "release")}, {"trigger": "release"}),
        ({}, {"trigger": "push"}),
    ],
)
def test_what_is_as_demanded_has_no_mismatch(asked: dict[str, Any], said: dict[str, Any]) -> None:
    assert identity(**asked).mismatch(claims(**said)) is None


@pytest.mark.parametrize(
    ("asked", "said", "phrase"),
    [
        ({"owner_id": "7"}, {}, "the owner id must be 7, and is None"),
        ({"ref": "refs/tags/v1"}, {}, "the ref must be refs/tags/v1, and is None"),
        ({"triggers": ("push",)}, {}, "the trigger must be push, and is None"),
    ],
)
def test_what_the_certificate_is_silent_about_has_no_line(
    asked: dict[str, Any], said: dict[str, Any], phrase: str
) -> None:
    assert identity(**asked).mismatch(claims(**said)) == (phrase, "")


def test_another_ref_has_the_line_that_takes_it() -> None:
    assert identity(ref="refs/tags/v*").mismatch(claims(ref="refs/heads/main")) == (
        "the ref must be refs/tags/v*, and is refs/heads/main",
        (
            "write `ref: refs/heads/main` for 'ci' in the policy, if everything that may be built "
            "from it may be released"
        ),
    )


def test_an_identity_of_other_case_has_its_line_and_another_one_has_none() -> None:
    phrase = f"the identity must be {WORKFLOW}"
    shouted = WORKFLOW.replace("acme", "Acme")
    line = (
        f"write `identity: {shouted}` for 'ci' in the policy, if this is your workflow: case, "
        "slashes and ports count in an identity"
    )
    other = WORKFLOW.replace("acme", "evil")
    assert identity().mismatch(claims(shouted)) == (phrase, line)
    assert identity().mismatch(claims(other)) == (phrase, "")


@pytest.mark.parametrize(
    ("asked", "issuer"),
    [
        (GITHUB, f"{GITHUB}/acme/x"),
        (GITHUB, f"{GITHUB}.evil.example/acme"),
        (GITHUB, f"{GITHUB}/{'a' * 101}"),
        ("https://other.example", f"{GITHUB}/acme"),
    ],
)
def test_an_issuer_that_is_no_enterprise_of_githubs_has_no_line(asked: str, issuer: str) -> None:
    found = identity(issuer=asked).mismatch(claims(issuer=issuer))
    assert found == (f"the issuer must be {asked}", "")


@pytest.mark.parametrize("source", [None, SHOP])
def test_a_source_on_another_host_stays_where_it_is_when_the_server_is_ones_own(
    source: str | None,
) -> None:
    signer = identity(issuer=GITLAB, subject=f"{GITLAB}{CI_FILE}", source_repository=source)
    found = signer.mismatch(claims(f"{OWN}{CI_FILE}", OWN, source_repository=source))
    assert found == (
        f"the issuer must be {GITLAB}",
        (
            f"write `issuer: {OWN}` and `identity: {OWN}{CI_FILE}` for 'ci' in the policy, if "
            f"{OWN} is your own server"
        ),
    )


def test_an_identity_on_no_host_of_its_issuer_is_not_moved_to_another() -> None:
    signer = identity(issuer=GITLAB, subject=f"{GITLAB}.example{CI_FILE}")
    found = signer.mismatch(claims(f"{OWN}.example{CI_FILE}", OWN))
    assert found == (f"the issuer must be {GITLAB}", "")


@pytest.mark.parametrize(
    "issuer", ["https://ci.example/?a", "https://a b.example", "https://**", "é", "x" * 2000]
)
def test_an_issuer_that_no_policy_can_name_is_a_mismatch_without_a_line(issuer: str) -> None:
    signer = identity(issuer=GITLAB, subject=f"{GITLAB}{CI_FILE}")
    found = signer.mismatch(claims(f"{OWN}{CI_FILE}", issuer))
    assert found == (f"the issuer must be {GITLAB}", "")
