"""The commands for cosign that `gate why` prints make what the checks lack."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from gate.checks import CHECKS
from gate.checks.demand.base import SignedParams
from gate.cli.runs.make_evidence import Places, commands
from gate.lint.settings import check_rules
from gate.model.evidence import ImageEvidence
from gate.model.verdict import Failed, Outcome, Passed
from gate.pipeline.evaluate import answer
from gate.pipeline.gather import gather
from gate.policy.load import load_policy
from gate.registry.client import RegistryClient
from gate.registry.configuration import RegistryConfiguration
from gate.trust.policy import verifier_of
from tests.fakes.sigstore import signing_config
from tests.interop.workshop import Workshop, workshop
from tests.properties import pool

ASKED = {
    "signature": "{by: [cosign]}",
    "sbom": "{by: [cosign]}",
    "scan-age": "{by: [cosign], max-age: 7d}",
    "vulnerabilities": "{by: [cosign], fail-on: high}",
    "provenance": "{by: [cosign], builder: https://builder.example/1}",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    """Hand out a workshop with the documents that the commands name."""
    with workshop(tmp_path_factory.mktemp("workshop")) as made:
        now = datetime.now(UTC)
        for name, value in (
            ("sbom.json", pool.cyclonedx(now, "left-pad")),
            ("vuln.json", pool.scan(now)),
            ("provenance.json", pool.provenance("https://builder.example/1")),
            ("services.json", signing_config(made.sigstore.url, rekor=1, tsa=True)),
        ):
            (made.folder / name).write_text(json.dumps(value))
        yield made


@pytest.mark.parametrize("check", ASKED)
def test_what_why_says_to_run_meets_the_check(made: Workshop, check: str) -> None:
    root = (made.folder / "root.json").read_bytes()
    policy = load_policy(
        f"""\
version: 1
trusted-roots: {{own: {{file: root.json, sha256: {hashlib.sha256(root).hexdigest()}}}}}
signers: {{cosign: {{key: cosign.pub, root: own}}}}
images: [{{match: "**", {check}: {ASKED[check]}}}]
""".encode(),
        "policy.yaml",
        checks={name: check.params for name, check in CHECKS.items()},
        check_rules=check_rules,
        read=lambda path: (made.folder / path).read_bytes(),
    )
    now = datetime.now(UTC) + timedelta(minutes=1)
    image = made.image(f"acme/{check}")
    asked = policy.images[0].checks[check]
    assert isinstance(asked, SignedParams)

    def judged() -> Outcome:
        # A client of its own for each look, because one remembers what it saw.
        places = RegistryConfiguration(insecure_hosts=frozenset({made.host}))
        with RegistryClient(places) as client:
            found = gather(str(image), image.reference, client, verifier_of(policy, now, None))
        assert isinstance(found, ImageEvidence), found
        return answer(CHECKS[check], found, asked, now)

    assert isinstance(judged(), Failed)
    _, by_cosign = commands(check, asked, policy, str(image), Places())
    _, command, *words = [
        str(made.folder / word) if (made.folder / word).is_file() else word
        for word in shlex.split(by_cosign)
    ]
    services = ("--signing-config", made.folder / "services.json")
    done = made.cosign(
        command, "--yes", *services, "--trusted-root", made.folder / "root.json", *words
    )
    assert done.accepted, done.output
    assert isinstance(judged(), Passed)
