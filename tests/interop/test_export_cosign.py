"""The script of `gate export cosign`, run by a shell with the real cosign, agrees with gate."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from gate.cli.reads.find_policy import find_policy
from gate.export.cosign import export_cosign
from gate.model.image import Digest
from tests.acceptance.door import Door, on_distribution
from tests.fakes.sigstore import WORKFLOW
from tests.interop.tools import COSIGN, required
from tests.interop.workshop import Workshop, workshop

SIGNED = """\
version: 1
signers: {build: {key: keys/build.pub}, gate: {key: keys/gate.pub}}
images: [{match: "**", DEMAND}]
"""


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """An image with a signature by `build` and a pass by `gate`, on a real registry."""
    with on_distribution(tmp_path_factory.mktemp("door")) as made:
        yield made


def verified(here: Door, policy: str, *images: str) -> bool:
    """Whether the script takes images; it is made of a policy in the door's folder."""
    cosign = Path(required("cosign", COSIGN))
    path = here.folder / "exported.yaml"
    path.write_text(policy)
    script = here.folder / "verify.sh"
    script.write_text(export_cosign(find_policy(str(path), None)).body)
    done = subprocess.run(  # noqa: S603  # our own script
        ["/bin/sh", str(script), *(images or (here.image,))],
        check=False,
        capture_output=True,
        text=True,
        env={
            "PATH": f"{cosign.parent}:{os.environ['PATH']}",
            "HOME": str(here.folder),
            "GATE_COSIGN_FLAGS": "--allow-http-registry",
        },
    )
    assert done.returncode in (0, 1), done.stderr
    return done.returncode == 0


@pytest.mark.parametrize(
    ("demand", "taken"),
    [
        ("signature: {by: [build]}", True),
        ("signature: {by: [gate]}", False),
        ("signature: {by: [build, gate]}", True),
        ("signature: {by: [build, gate], at-least: 2}", False),
        ("signature: {by: [build]}, digest: required", True),
        ("sbom: {by: [build]}", False),
    ],
)
def test_a_signature_counts_for_cosign_as_it_does_for_gate(
    here: Door, demand: str, *, taken: bool
) -> None:
    assert verified(here, SIGNED.replace("DEMAND", demand)) is taken


@pytest.mark.parametrize(
    ("old", "new", "taken"),
    [
        ("", "", True),
        ("environment: production", "environment: staging", False),
        ("verifier: https://acme.example/gate", "verifier: https://acme.example/other", False),
        ("by: [gate]", "by: [security]", False),
        ('policies: ["', f'policies: ["sha256:{"0" * 64}", "', True),
        ('policies: ["sha256:', f'policies: ["sha256:{"0" * 64}"] #', False),
    ],
)
def test_a_pass_opens_the_door_of_cosign_only_where_it_says_what_is_demanded(
    here: Door, old: str, new: str, *, taken: bool
) -> None:
    text = (here.folder / "admit.yaml").read_text().partition("revocations:")[0]
    assert verified(here, text.replace(old, new, 1) if old else text) is taken


@pytest.mark.parametrize("name", ["--help", "$(id)", "a b", "-x", "nginx:1.0", "a'b"])
def test_what_is_no_image_by_digest_is_refused_and_runs_nothing(here: Door, name: str) -> None:
    policy = SIGNED.replace("DEMAND", "digest: required")
    assert verified(here, policy, here.image) is True
    assert verified(here, policy, name) is False


def test_an_older_signature_of_cosign_counts_too(here: Door) -> None:
    cosign = required("cosign", COSIGN)
    flags = ["--new-bundle-format=false", "--use-signing-config=false", "--tlog-upload=false"]
    key = here.folder / "keys/security.key"
    subprocess.run(  # noqa: S603  # a fixed program and the test's own arguments
        [cosign, "import-key-pair", "--key", str(key), "--output-key-prefix", "older"],
        check=True, cwd=here.folder, capture_output=True,
        env={**os.environ, "COSIGN_PASSWORD": "", "HOME": str(here.folder)},
    )  # fmt: skip
    subprocess.run(  # noqa: S603  # likewise
        [
            *(cosign, "sign", "--yes", "--allow-http-registry", *flags),
            *("--key", "older.key", here.image),
        ],
        check=True, cwd=here.folder, capture_output=True,
        env={**os.environ, "COSIGN_PASSWORD": "", "HOME": str(here.folder)},
    )  # fmt: skip
    policy = SIGNED.replace("gate.pub", "security.pub")
    assert verified(here, policy.replace("DEMAND", "signature: {by: [gate]}"))


@pytest.fixture(scope="module")
def keyless(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workshop, str]]:
    """An image that cosign signed as a workflow, on a private Sigstore."""
    with workshop(tmp_path_factory.mktemp("workshop")) as made:
        image = made.image("keyless")
        made.sign(image, 2, keyed=False)
        yield made, str(image)


@pytest.mark.parametrize(
    ("identity", "more", "taken"),
    [
        (WORKFLOW, "", True),
        (WORKFLOW.partition("@")[0] + "@refs/heads/*", "", True),
        (WORKFLOW, ", log: optional", True),
        (WORKFLOW + "x", "", False),
        (WORKFLOW.partition("@")[0] + "@refs/tags/*", "", False),
        (WORKFLOW.replace(".", "X", 1), "", False),
    ],
)
def test_an_identity_counts_for_cosign_as_it_does_for_gate(
    keyless: tuple[Workshop, str], identity: str, more: str, *, taken: bool
) -> None:
    shop, image = keyless
    root = (shop.folder / "root.json").read_bytes()
    policy = (
        "version: 1\n"
        f'signers: {{ci: {{issuer: "{shop.sigstore.url}", '
        f'identity: "{identity}", root: own{more}}}}}\n'
        f"trusted-roots: {{own: {{file: root.json, sha256: {Digest.of(root).hex}}}}}\n"
        'images: [{match: "**", signature: {by: [ci]}}]\n'
    )
    assert verified(Door(shop.folder, shop.host, image), policy) is taken
