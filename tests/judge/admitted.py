"""A deployment as gate meets it: passes that `gate check` signs, or forged ones, and a run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from gate.model.image import Digest
from gate.model.report import Report
from gate.model.review import Review
from gate.model.verdict import Cleared
from gate.policy.document import Policy
from gate.reports.assemble import assemble
from gate.signing.declared import declared_of
from gate.signing.key import sign_statement
from gate.signing.statement import statements
from gate.signing.summary import Issuer
from tests.judge import listed
from tests.judge.deploy import FOREIGN, Deployment, Forgery
from tests.judge.made import (
    VERIFIER,
    Shelves,
    key,
    load,
    pinned,
    reviewed,
    shelves,
    sigstore,
    when,
)
from tests.judge.world import Image


def _extension(predicate: dict[str, Any], name: str) -> str:
    """Return the whole name of one of gate's own fields, as docs/pass.md tells it."""
    (found,) = [field for field in predicate if field.endswith(f"#{name}")]
    return found


def _forged(payload: bytes, forgery: Forgery) -> bytes:
    """Return the statement with one thing wrong."""
    document = json.loads(payload)
    predicate = document["predicate"]
    match forgery:
        case "failed":
            predicate["verificationResult"] = "FAILED"
        case "endless":
            del predicate[_extension(predicate, "notAfter")]
        case "another":
            predicate["resourceUri"] = pinned(FOREIGN)
        case "dry-run":
            name = _extension(predicate, "release").replace("#release", "#unsigned")
            predicate[name] = "a dry run"
        case "check":
            predicate[_extension(predicate, "checks")][0]["result"] = "undecided"
        case "verifier":
            predicate["verifier"]["id"] = "https://evil.example/gate"
        case "split":
            predicate[_extension(predicate, "images")] = [predicate["resourceUri"]]
        case "" | "stranger":
            pass
    return json.dumps(document).encode()


def passes(
    cleared: Cleared, judged: Review, policy: Policy, asked: Deployment
) -> Iterator[tuple[str, bytes]]:
    """Yield each image's name and the bundle of its pass."""
    issuer = Issuer(
        verifier=VERIFIER,
        environment="production",
        valid_for=timedelta(hours=asked.world.valid_for),
        tool_version="1",
        manifests_bound=asked.world.bound,
        declared=declared_of(cleared.plan.release),
        suppressed=judged.suppressed,
    )
    assert policy.passes is not None
    signer = key("9" if asked.forgery == "stranger" else asked.signer)
    for statement in statements(cleared, issuer):
        payload = _forged(statement.payload, asked.forgery) if asked.forgery else statement.payload
        bundle = sign_statement(payload, signer)
        if asked.logged:
            at = when(asked.world.at)
            bundle = sigstore().keyed_bundle(payload, signer, at=at, rekor=1)
        yield statement.image.repository, bundle


def admitted(asked: Deployment, cleared: Cleared, judged: Review, policy: Policy) -> Report:
    """Run `gate admit` over a deployment."""
    held = shelves(asked.world).images | {FOREIGN: Image(FOREIGN)}
    images = {
        name: replace(image, silent=name == asked.silent, unread=asked.unread)
        for name, image in held.items()
    }
    bundles: dict[str, list[bytes]] = {}
    for name, bundle in passes(cleared, judged, policy, asked):
        bundles.setdefault(name, []).append(bundle)
    deploy = load(_document(asked, policy))
    numbers = {image.name: number for number, image in enumerate(asked.world.images)}
    facts = listed.Facts(
        release=cleared.plan.release.digest,
        policy=policy.digest,
        signer=asked.signer,
        checked=asked.world.at,
    )
    at = asked.world.at + asked.after
    names = [f"{n}:1" if asked.tagged else pinned(n) for n in asked.names]
    done = reviewed(
        [(numbers.get(n, 99), text) for n, text in zip(asked.names, names, strict=True)],
        Shelves(images, bundles),
        deploy,
        at=at,
        ended=listed.found(asked.ended, facts, deploy, at),
        bound=asked.exact,
        deploys=True,
        changed=numbers.get(asked.names[0]) if asked.changed else None,
    )
    return assemble(done, command="admit", tool_version="0", policy_path=deploy.path)


def _document(asked: Deployment, policy: Policy) -> dict[str, Any]:
    accepted = policy.digest if asked.policy_listed else Digest("0" * 64)
    return {
        "signers": {
            "gate": {"key": f"{asked.signer}.pub"},
            **({"security": {"key": "security.pub"}} if asked.ended else {}),
        },
        **listed.section(asked.ended),
        "images": [
            {
                "match": "**",
                "pass": {
                    "by": ["gate"],
                    "verifier": VERIFIER,
                    "environment": asked.environment,
                    "policies": [str(accepted)],
                    "max-age": asked.max_age,
                    "manifests": "exact" if asked.exact else "images",
                    "same-signer": "accepted" if asked.same_signer else "refused",
                    "waivers": "accepted" if asked.waivers else "refused",
                },
            }
        ],
    }
