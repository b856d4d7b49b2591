"""What is exported of identities is enforced by Kyverno's own command.

The command is told of a private Sigstore, by a TUF repository in place of the public one and by the
address of its log. All else in the policies is as exported.
"""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
import yaml

from gate.cli.reads.find_policy import find_policy
from gate.export.kyverno import export_kyverno
from tests.builders.tuf import Repository
from tests.fakes.sigstore import WORKFLOW
from tests.interop.tools import required_kyverno, run
from tests.interop.workshop import Workshop, workshop

FLOW = WORKFLOW.partition("@")[0]


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Print nothing."""


@dataclass(frozen=True)
class Shop:
    """Images of a workflow: one that it signed, and one of which it attested something else."""

    made: Workshop
    images: dict[str, str]
    tuf: dict[str, object]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    required_kyverno()
    with workshop(tmp_path_factory.mktemp("workshop")) as made:
        signed, attested = made.image("signed"), made.image("attested")
        made.sign(signed, 1, keyed=False)
        made.attest(attested, 1, keyed=False)
        named = {"signed": signed, "attested": attested, "bare": made.image("bare")}
        folder = made.folder / "tuf"
        folder.mkdir()
        repository = Repository(folder, (made.folder / "root.json").read_bytes())
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield Shop(
                made,
                {name: f"{one.reference.name}@{one.digest}" for name, one in named.items()},
                {
                    "mirror": f"http://127.0.0.1:{server.server_port}",
                    "root": {"data": base64.b64encode(repository.first).decode()},
                },
            )
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def taken(shop: Shop, signers: dict[str, str], demand: str) -> set[str]:
    """Return the images that Kyverno takes under a policy with these signers."""
    folder, url = shop.made.folder, shop.made.sigstore.url
    listed = {name: {"issuer": url, "identity": one} for name, one in signers.items()}
    (folder / "policy.yaml").write_text(
        f"version: 1\nsigners: {json.dumps(listed)}\nimages: [{{match: '**', {demand}}}]\n"
    )
    policy = yaml.safe_load(export_kyverno(find_policy(str(folder / "policy.yaml"), None)).body)
    for attestor in policy["spec"]["attestors"]:
        attestor["cosign"] |= {"tuf": shop.tuf, "ctlog": {"url": url}}
    (folder / "ivpol.yaml").write_text(yaml.safe_dump(policy))
    pods = [
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": name, "namespace": "default"},
            "spec": {"containers": [{"name": "a", "image": image}]},
        }
        for name, image in shop.images.items()
    ]
    (folder / "pods.yaml").write_text("\n---\n".join(map(json.dumps, pods)))
    answer = run(
        *(required_kyverno(), "apply", folder / "ivpol.yaml"),
        *("--resource", folder / "pods.yaml", "--registry", "--remove-color"),
        HOME=str(folder),
    )
    refused = set(re.findall(r"-> resource default/Pod/(\w+) failed", answer.output))
    told = f"pass: {len(shop.images) - len(refused)}, fail: {len(refused)}, warn: 0, error: 0"
    assert told in answer.output
    return shop.images.keys() - refused


def test_a_signature_of_a_workflow_counts_and_no_other_attestation_of_it(shop: Shop) -> None:
    assert taken(shop, {"ci": WORKFLOW}, "signature: {by: [ci]}") == {"signed"}
    assert taken(shop, {"ci": WORKFLOW}, "sbom: {by: [ci]}") == set()


@pytest.mark.parametrize(
    ("identity", "counts"),
    [
        (f"{FLOW}@refs/heads/*", True),
        (f"{FLOW}@refs/heads/ma*", True),
        (WORKFLOW.replace("gate.yml", "*.yml"), True),
        (WORKFLOW.replace("gate.yml", "other.yml"), False),
        (f"{FLOW}@refs/tags/*", False),
        (f"{FLOW}@refs/*", False),
        (f"{FLOW[:-1]}@refs/heads/*", False),
        (WORKFLOW[:-1], False),
        (WORKFLOW.replace("gate.yml", "gate?yml").replace("?", "x"), False),
    ],
)
def test_an_identity_is_compared_as_gate_compares_it(
    shop: Shop, identity: str, *, counts: bool
) -> None:
    found = taken(shop, {"ci": identity}, "signature: {by: [ci]}")
    assert found == ({"signed"} if counts else set())


def test_each_of_two_demanded_identities_must_have_signed(shop: Shop) -> None:
    signers = {"ci": WORKFLOW, "other": WORKFLOW.replace("gate.yml", "other.yml")}
    assert taken(shop, signers, "signature: {by: [ci, other], at-least: 2}") == set()
    assert taken(shop, signers, "signature: {by: [ci, other]}") == {"signed"}
