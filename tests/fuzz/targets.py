"""The parsers, each with its oracle and the bytes that a search begins with."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.builders.artifacts import packed, tar_of
from tests.builders.policies import GOOD
from tests.fuzz import door, oracles, packages, proofs, seeds, stores
from tests.trust import given

_VECTORS: Final = Path(__file__).parents[1] / "vectors"


@dataclass(frozen=True, slots=True)
class Target:
    """A parser of foreign bytes."""

    oracle: oracles.Oracle
    seeds: Callable[[], list[bytes]]
    most: int = 8192
    """The most bytes of an input: a search learns nothing from more of the same."""


def _json(*values: object) -> list[bytes]:
    return [json.dumps(value).encode() for value in values]


TARGETS: Final[dict[str, Target]] = {
    "archive": Target(oracles.archive, lambda: [tar_of({"a/b.yaml": b"x"}), packed({"c": b"y"})]),
    "admission-review": Target(door.admission_review, door.reviews),
    "baseline": Target(oracles.baseline, seeds.baselines),
    "bundle": Target(oracles.bundle, seeds.bundles),
    "certificate": Target(oracles.certificate, seeds.certificates),
    "certificate-extensions": Target(proofs.extensions, seeds.extensions),
    "challenge": Target(
        oracles.challenge,
        lambda: [b'Bearer realm="https://a.example/token",service="a",scope="b"', b"Basic"],
    ),
    "checkpoint": Target(oracles.checkpoint, seeds.checkpoints),
    "cosign-layer": Target(oracles.cosign_layer, seeds.layers),
    "docker-config": Target(
        oracles.docker_config,
        lambda: _json(
            {"auths": {"a.example": {"auth": "YTpi"}}, "credHelpers": {"b.example": "x"}}
        ),
    ),
    "documents": Target(oracles.documents, lambda: seeds.YAML),
    "github-attestations": Target(stores.github, lambda: [*stores.attestations()]),
    "image-configuration": Target(
        oracles.image_configuration,
        lambda: _json({"os": "linux", "config": {"User": "1", "Env": ["A=b"], "Labels": {}}}),
    ),
    "imported": Target(oracles.imported, seeds.imported, most=2048),
    "in-toto": Target(proofs.in_toto, proofs.in_toto_seeds),
    "kubeconfig": Target(oracles.kubeconfig, lambda: [seeds.KUBECONFIG]),
    "licence": Target(
        packages.licence, lambda: [b"MIT OR (GPL-2.0-only WITH Classpath-exception-2.0)", b"mit"]
    ),
    "large-json": Target(
        oracles.large_json,
        lambda: [b'{"a": [1.5e3, {"b": "\\ud83d\\ude00"}], "b": {"a": [-0, "\xc3\xa9"]}}'],
    ),
    "location": Target(
        oracles.location,
        lambda: [b"https://a.example:1/b/../c?d=%2f", b"//[::1]/", b"/v2/?n=1", b"../x"],
        most=512,
    ),
    "log-entry": Target(oracles.log_entry, seeds.log_entries),
    "manifest": Target(oracles.manifest, lambda: _json(seeds.MANIFEST, seeds.INDEX)),
    "manifests": Target(oracles.manifests, lambda: seeds.YAML),
    "policy": Target(oracles.policy, lambda: [GOOD.encode()]),
    "predicate": Target(oracles.predicate, seeds.predicates),
    "public-key": Target(oracles.public_key, lambda: [(_VECTORS / "release.pub").read_bytes()]),
    "purl": Target(
        packages.purl, lambda: [b"pkg:deb/debian/a%2Bb@1:2?arch=amd64#c", b"pkg:npm/a@>=1,<2"]
    ),
    "recorded-report": Target(oracles.recorded_report, seeds.recorded_reports),
    "reference": Target(
        oracles.reference, lambda: [b"nginx", f"ghcr.io:443/acme/shop:1.4@{seeds.DIGEST}".encode()]
    ),
    "referrers": Target(
        oracles.referrers, lambda: [b'</v2/a?n=1>; rel="next"\0' + _json(seeds.INDEX)[0]]
    ),
    "revocation-list": Target(oracles.revocation_list, seeds.revocation_lists),
    "scan-report": Target(oracles.scan_report, seeds.scans),
    "shard-record": Target(oracles.shard_record, seeds.shard_records),
    "snappy": Target(packages.snappy, lambda: [b"\x0a\x04a1234\x01\x05", b"\x01\x00a"]),
    "statement": Target(oracles.statement, lambda: [given.statement()]),
    "strict-json": Target(
        oracles.strict_json, lambda: [b'{"a": [1.5e3, -0, true, null, "\\ud83d\\ude00"]}']
    ),
    "timestamp": Target(proofs.time_stamp, lambda: [proofs.stamp()]),
    "trusted-root": Target(
        oracles.trusted_root, lambda: [(_VECTORS / "roots/own.json").read_bytes()], most=16384
    ),
    "verified": Target(oracles.verified, seeds.verified, most=16384),
    "versions": Target(packages.versions, seeds.versions),
}
