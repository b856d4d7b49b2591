"""What the account of `gate import` says is carried is in the policy, and asks something there."""

from __future__ import annotations

from pathlib import Path

from tests.builders.commands import called

SIGNED = """\
apiVersion: policy.sigstore.dev/v1beta1
kind: ClusterImagePolicy
metadata: {name: images}
spec:
  images: [{glob: "ghcr.io/acme/**"}]
  authorities:
    - keyless:
        identities: [{issuer: "https://token.actions.githubusercontent.com", subject: "WORKFLOW"}]
""".replace(
    "WORKFLOW", "https://github.com/acme/shop/.github/workflows/release.yml@refs/heads/main"
)
ATTESTED = (
    f"{SIGNED}      attestations: [{{name: p, predicateType: https://slsa.dev/provenance/v1}}]\n"
)
OTHER = SIGNED.replace("ghcr.io/acme/**", "quay.io/acme/**")
NO_ENTRY = "no equivalent: nothing that is asked of these images has an equivalent"


def account(folder: Path, **files: str) -> tuple[int, list[str]]:
    """Import files; return the exit code and what is said of each glob and identity."""
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)
    done = called("import", *(f"{name}.yaml" for name in files), folder=folder)
    lines = (done.stdout or done.stderr).splitlines()
    said = [line.removeprefix("# ") for line in lines if ": images." in line or ": auth" in line]
    return done.returncode, [line for line in said if "predicateType" not in line]


def test_a_pattern_and_a_signer_of_which_something_is_asked_are_carried(tmp_path: Path) -> None:
    code, (glob, identity) = account(tmp_path, signed=SIGNED)
    assert code == 0
    assert glob == "signed.yaml:5: images.0.glob ghcr.io/acme/** → images ghcr.io/acme/**"
    assert identity.startswith(
        "signed.yaml:8: authorities.0.keyless.identities.0 → signers release"
    )


def test_a_pattern_and_a_signer_of_which_nothing_is_asked_have_no_equivalent(
    tmp_path: Path,
) -> None:
    code, (glob, identity) = account(tmp_path, attested=ATTESTED)
    assert code == 2
    assert glob == f"attested.yaml:5: images.0.glob ghcr.io/acme/** {NO_ENTRY}"
    assert identity == (
        "attested.yaml:8: authorities.0.keyless.identities.0 no equivalent: nothing that it has to "
        "sign has an equivalent"
    )


def test_a_signer_is_carried_where_another_file_asks_for_its_signature(tmp_path: Path) -> None:
    code, said = account(tmp_path, attested=ATTESTED, other=OTHER)
    assert code == 0
    assert [line.partition(" ")[2].split(": ")[0] for line in said] == [
        "images.0.glob ghcr.io/acme/** no equivalent",
        "authorities.0.keyless.identities.0 → signers release",
        "images.0.glob quay.io/acme/** → images quay.io/acme/**",
        "authorities.0.keyless.identities.0 → signers release",
    ]
