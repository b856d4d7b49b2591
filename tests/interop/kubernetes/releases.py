"""A release that was checked and let through, with its pass in a folder."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
from typer.testing import CliRunner

from gate.cli.app import app
from gate.cli.demo.image import push_image
from gate.cli.demo.release import Keys
from gate.keys.private import private_pem
from gate.model.image import ImageReference
from gate.predicates.verification_summary import EXTENSION
from gate.registry.route import LayoutRegistry

POLICY: Final = """\
version: 1
verifier: https://acme.example/gate
signers: {build: {key: keys/build.pub}}
images:
  - match: ghcr.io/acme/**
    signature: {by: [build]}
manifests: {profile: baseline}
pass: {environment: production, valid-for: 24h, sign: {key: keys/gate.key}}
"""
ADMIT: Final = """\
version: 1
signers: {gate: {key: keys/gate.pub}}
images:
  - match: "**"
    pass:
      by: [gate]
      verifier: https://acme.example/gate
      environment: production
      policies: ["DIGEST"]
      max-age: 24h
      manifests: exact
manifests: {profile: baseline}
"""
IMAGE: Final = "ghcr.io/acme/shop:1.0"
LAYOUT: Final = ("--layout", "ghcr.io/acme/shop=img")


@dataclass(frozen=True, slots=True)
class Admitted:
    """A release that was let through."""

    folder: Path
    """With `admit.yaml`, and the image and its pass in `img`."""
    text: str
    """What `--pinned` wrote."""
    digests: frozenset[str]
    """Of the objects that the signed pass binds."""


def admitted_release(folder: Path, manifests: str) -> Admitted:
    """Check manifests whose image is `IMAGE`, sign the pass, and admit them."""
    keys = Keys()
    keys.write(folder / "keys")
    (folder / "keys/build.key").write_bytes(private_pem(keys.build))
    (folder / "all.yaml").write_text(manifests)
    (folder / "policy.yaml").write_text(POLICY)
    (folder / "passes").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        layouts = LayoutRegistry({"ghcr.io/acme/shop": Path("img")})
        push_image(layouts, ImageReference.parse(IMAGE), datetime.now(UTC))
        _gate("sign", IMAGE, "--key", "keys/build.key", *LAYOUT)
        options = ("-p", "policy.yaml", *LAYOUT, "--pass-file=passes", "--format=json")
        report = _gate("check", *options, "all.yaml")
        digest = json.loads(report)["policy"]["digest"]
        (folder / "admit.yaml").write_text(ADMIT.replace("DIGEST", digest))
        _gate("admit", "-p", "admit.yaml", *LAYOUT, "--pinned=apply.yaml", "all.yaml")
    envelope = json.loads((folder / "passes/release.dsse.json").read_text())
    predicate = json.loads(base64.b64decode(envelope["payload"]))["predicate"]
    bound = frozenset(predicate[f"{EXTENSION}objects"])
    return Admitted(folder, (folder / "apply.yaml").read_text(), bound)


def _gate(*arguments: str) -> str:
    done = CliRunner().invoke(app, list(arguments))
    assert done.exit_code == 0, done.output
    return done.stdout
