"""What is exported of identities is enforced by policy-controller's own program.

The program is told of a private Sigstore, and that a timestamp proves the time: of the logs of such
an instance it makes no use. All else in the policies is as exported.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import yaml

from gate.cli.reads.find_policy import find_policy
from gate.export.policy_controller import export_policy_controller
from tests.fakes.sigstore import WORKFLOW
from tests.fakes.sigstore.encoding import key_pem, pem
from tests.interop.tools import required_policy_tester, run
from tests.interop.workshop import Workshop, workshop

OURS = "ours"


@dataclass(frozen=True)
class Shop:
    """Images of a workflow: one that it signed, and one of which it attested something else."""

    made: Workshop
    images: dict[str, str]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    required_policy_tester()
    with workshop(tmp_path_factory.mktemp("workshop")) as made:
        signed, attested = made.image("signed"), made.image("attested")
        made.sign(signed, 1, keyed=False)
        made.attest(attested, 1, keyed=False)
        (made.folder / "root.yaml").write_text(json.dumps(trust_root(made)))
        named = {"signed": signed, "attested": attested, "bare": made.image("bare")}
        yield Shop(made, {name: str(image) for name, image in named.items()})


def trust_root(made: Workshop) -> dict[str, Any]:
    """Return a TrustRoot of the private Sigstore."""

    def chain(certificates: tuple[Any, ...], uri: str) -> dict[str, Any]:
        whole = base64.b64encode(b"".join(map(pem, certificates))).decode()
        about = {"organization": "acme", "commonName": "acme"}
        return {"subject": about, "uri": uri, "certChain": whole}

    def log(key: Any, url: str) -> dict[str, Any]:  # noqa: ANN401  # a public key
        written = base64.b64encode(key_pem(key)).decode()
        return {"baseURL": url, "hashAlgorithm": "sha-256", "publicKey": written}

    sigstore = made.sigstore.sigstore
    keys = {
        "certificateAuthorities": [chain(sigstore.fulcio.chain, "https://ca.example")],
        "tLogs": [log(sigstore.rekor_v1.public_key, "https://log.example")],
        "ctLogs": [log(sigstore.fulcio.ct_key.public_key(), "https://ct.example")],
        "timestampAuthorities": [chain(sigstore.tsa.chain, "https://tsa.example")],
    }
    return {
        "apiVersion": "policy.sigstore.dev/v1alpha1",
        "kind": "TrustRoot",
        "metadata": {"name": OURS},
        "spec": {"sigstoreKeys": keys},
    }


def takes(shop: Shop, image: str, identity: str, demand: str) -> bool:
    made = shop.made
    path = made.folder / "policy.yaml"
    path.write_text(
        f'version: 1\nsigners: {{ci: {{issuer: "{made.sigstore.url}", identity: "{identity}"}}}}\n'
        f'images: [{{match: "**", {demand}}}]\n'
    )
    _, *policies = yaml.safe_load_all(export_policy_controller(find_policy(str(path), None)).body)
    for policy in policies:
        for authority in policy["spec"]["authorities"]:
            del authority["ctlog"]
            authority["keyless"] |= {"trustRootRef": OURS, "insecureIgnoreSCT": True}
            authority["rfc3161timestamp"] = {"trustRootRef": OURS}
    (made.folder / "policies.yaml").write_text(yaml.safe_dump_all(policies))
    answer = run(
        *(required_policy_tester(), "-policy", made.folder / "policies.yaml"),
        *("-trustroot", made.folder / "root.yaml", "-image", shop.images[image]),
        HOME=str(made.folder),
    )
    assert answer.accepted or '{"errors":' in answer.output, answer.output
    return answer.accepted


@pytest.mark.parametrize(
    ("image", "taken"), [("signed", True), ("attested", False), ("bare", False)]
)
def test_a_signature_of_a_workflow_counts_and_no_other_attestation_of_it(
    shop: Shop, image: str, *, taken: bool
) -> None:
    assert takes(shop, image, WORKFLOW, "signature: {by: [ci]}") is taken
    assert takes(shop, image, WORKFLOW, "sbom: {by: [ci]}") is False


@pytest.mark.parametrize(
    ("identity", "taken"),
    [
        (f"{WORKFLOW.partition('@')[0]}@refs/heads/*", True),
        (WORKFLOW.replace("gate.yml", "other.yml"), False),
        (f"{WORKFLOW.partition('@')[0]}@refs/tags/*", False),
    ],
)
def test_an_identity_is_compared_as_gate_compares_it(
    shop: Shop, identity: str, *, taken: bool
) -> None:
    assert takes(shop, "signed", identity, "signature: {by: [ci]}") is taken
