"""Recorded images of the SLSA generator, through `gate check` from the policy to the verdict."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Final

import pytest

from tests.builders.commands import called
from tests.conformance.sigstore_recorded import FOLDER, GITHUB, recorded

pytestmark = recorded

NAME: Final = "registry.example/slsa/example"
VERSIONS: Final = ("v1.4.0", "v1.10.0", "v2.1.0")
WORKFLOW: Final = (
    "https://github.com/slsa-framework/slsa-github-generator"
    "/.github/workflows/generator_container_slsa3.yml@refs/tags/"
)
SOURCE: Final = "https://github.com/slsa-framework/example-package"
EMPTY: Final = {"mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A policy for one layout; by default the one that clears it."""

    version: str
    layout: Path
    identity: str = ""
    issuer: str = GITHUB
    root: dict[str, Any] | None = None

    def policy(self, folder: Path) -> Path:
        signer = {
            "issuer": self.issuer,
            "identity": self.identity or f"{WORKFLOW}{self.version}",
            "source-repository": SOURCE,
        }
        demand = {"by": ["generator"], "builder": f"{WORKFLOW}{self.version}", "source": SOURCE}
        policy = {
            "version": 1,
            "signers": {"generator": signer},
            "images": [{"match": "**", "provenance": demand}],
        }
        if self.root is not None:
            data = json.dumps(self.root).encode()
            (folder / "root.json").write_bytes(data)
            pinned = {"file": "root.json", "sha256": hashlib.sha256(data).hexdigest()}
            policy["trusted-roots"] = {"own": pinned}
            signer["root"] = "own"
        path = folder / "policy.yaml"
        path.write_text(json.dumps(policy))
        return path


def _check(asked: Asked, folder: Path) -> tuple[int, str, list[str]]:
    """Return the exit code, the verdict, and the reasons for which attestations do not count."""
    image = json.loads((asked.layout / "index.json").read_bytes())["manifests"][0]["digest"]
    where = ["--layout", f"{NAME}={asked.layout}", "--image", f"{NAME}@{image}"]
    policy = ["--policy", str(asked.policy(folder)), "--format", "json"]
    done = called("check", *policy, *where)
    report = json.loads(done.stdout)
    attached = [line.partition(":")[0] for line in report["images"][0]["attached"]]
    # BuildKit leaves its own unsigned statement in some of these images.
    return done.returncode, report["verdict"], [code for code in attached if code != "unsigned"]


def _public_good() -> dict[str, Any]:
    found = resources.files("gate.trust").joinpath("roots", "public-good.json")
    root: dict[str, Any] = json.loads(found.read_bytes())
    return root


def _ended() -> dict[str, Any]:
    root = _public_good()
    for authority in root["certificateAuthorities"]:
        authority["validFor"] = {"start": "2020-01-01T00:00:00Z", "end": "2020-12-31T00:00:00Z"}
    return root


def _with_another_digest(layout: Path, folder: Path) -> Path:
    """Return a copy of the layout whose image is one byte longer, with the same attestations."""
    copy = folder / "layout"
    shutil.copytree(layout, copy)
    index = json.loads((copy / "index.json").read_bytes())
    image = index["manifests"][0]
    blobs = copy / "blobs" / "sha256"
    manifest = (blobs / image["digest"].removeprefix("sha256:")).read_bytes() + b"\n"
    digest = hashlib.sha256(manifest).hexdigest()
    (blobs / digest).write_bytes(manifest)
    image |= {"digest": f"sha256:{digest}", "size": len(manifest)}
    (copy / "index.json").write_text(json.dumps(index))
    return copy


@pytest.mark.parametrize("version", VERSIONS)
def test_a_recorded_image_is_cleared_and_blocked_for_each_reason_of_its_own(
    version: str, tmp_path: Path
) -> None:
    layout = FOLDER / "oci-layouts" / f"slsa-verifier-{version}"
    code, verdict, attached = _check(Asked(version=version, layout=layout), tmp_path)
    assert (code, verdict) == (0, "cleared")
    assert {line.split()[0] for line in attached} == {"verified"}
    elsewhere = _with_another_digest(layout, tmp_path)
    refused = {
        "signer-mismatch": (
            Asked(version=version, layout=layout, identity=f"{WORKFLOW}v9.9.9"),
            Asked(version=version, layout=layout, issuer="https://accounts.google.com"),
        ),
        "subject-mismatch": (Asked(version=version, layout=elsewhere),),
        "log-not-trusted": (Asked(version=version, layout=layout, root=EMPTY),),
        "outside-validity": (Asked(version=version, layout=layout, root=_ended()),),
    }
    for reason, policies in refused.items():
        for asked in policies:
            code, verdict, attached = _check(asked, tmp_path)
            assert (code, verdict, set(attached)) == (1, "blocked", {reason})
