"""Recorded layouts and the link files beside them, as in-toto's tools wrote them, through the CLI.

Each recorded layout has an inspection, so as it is each is refused. With the inspection taken out
and one step added, which makes an image of what the last one made, and signed by an owner of
our own, its recorded links get the verdict of the reference.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any, Final

import pytest
from typer.testing import CliRunner

from gate.cli.app import app
from gate.model.image import Digest
from tests.builders.in_toto import BUILDER, OTHER, OWNER, dsse, keyid, pem, public
from tests.builders.layouts import make_image
from tests.builders.recorded_layouts import (
    AT_EXPIRY,
    BEFORE,
    CODES,
    FILE_NAMES_ALONE,
    NO_STEPS,
    ONLY_AN_INSPECTION_SEES_IT,
)
from tests.conformance.corpora import ROOT, Row, rows

NAME: Final = "registry.example/shop"


def check(folder: Path, layout: bytes, keys: list[str], links: Path, *more: str) -> tuple[int, Any]:
    digest = make_image(folder / "images", "1.0")
    (folder / "root.layout").write_bytes(layout)
    demand = {"file": "root.layout", "keys": keys}
    policy = {"version": 1, "images": [{"match": "**", "layout": demand}]}
    (folder / "policy.yaml").write_text(json.dumps(policy))
    done = CliRunner().invoke(
        app,
        ["check", "--policy", str(folder / "policy.yaml"), "--links", str(links),
         "--layout", f"{NAME}={folder / 'images'}", "--image", f"{NAME}@{digest}",
         "--format", "json", *more],
    )  # fmt: skip
    assert done.stdout, done.output
    return done.exit_code, json.loads(done.stdout)


def owners(row: Row) -> list[str]:
    keys = sorted((ROOT / "layouts" / row.file / "keys").iterdir())
    return [key.read_text(encoding="utf-8") for key in keys]


@pytest.mark.parametrize("row", rows("layouts"))
def test_a_recorded_layout_as_it_is_is_refused_with_the_policy(row: Row, tmp_path: Path) -> None:
    folder = ROOT / "layouts" / row.file
    code, report = check(tmp_path, (folder / "root.layout").read_bytes(), owners(row), folder)
    assert (code, report["error"]["code"]) == (2, "policy-bad-value")
    said = "has 0 steps" if row.file in NO_STEPS else "has inspections, which would run commands"
    assert said in report["error"]["message"]


def continued(recorded: bytes) -> dict[str, Any]:
    """Return the recorded layout without inspections, and with a step that makes an image."""
    value = json.loads(recorded)
    body = json.loads(base64.b64decode(value["payload"])) if "payload" in value else value["signed"]
    last = body["steps"][-1]["name"] if body["steps"] else "package"
    step = {
        "_type": "step",
        "name": "image",
        "threshold": 1,
        "pubkeys": [keyid(BUILDER)],
        "expected_materials": [["MATCH", "*", "WITH", "PRODUCTS", "FROM", last]],
        "expected_products": [["CREATE", "manifest.json"], ["DISALLOW", "*"]],
        "expected_command": [],
    }
    keys = {**body["keys"], keyid(BUILDER): public(BUILDER)}
    return {**body, "inspect": [], "steps": [*body["steps"], step], "keys": keys}


def image_link(digest: Digest) -> dict[str, Any]:
    body = {
        "_type": "link",
        "name": "image",
        "command": [],
        "materials": {},
        "products": {"manifest.json": {"sha256": digest.hex}},
        "byproducts": {},
        "environment": {},
    }
    return dsse(body, BUILDER)


@pytest.mark.parametrize("row", rows("layouts"))
def test_recorded_links_get_the_verdict_of_the_reference(row: Row, tmp_path: Path) -> None:
    folder = ROOT / "layouts" / row.file
    links = tmp_path / "links"
    links.mkdir()
    for link in folder.glob("*.link"):
        (links / link.name).write_bytes(link.read_bytes())
    digest = make_image(tmp_path / "images", "1.0")
    (links / "image.00000000.link").write_text(json.dumps(image_link(digest)))
    expected = CODES.get(row.file)
    signer = OTHER if expected == "layout-wrong-signer" else OWNER
    layout = json.dumps(dsse(continued((folder / "root.layout").read_bytes()), signer)).encode()
    now = AT_EXPIRY if row.file == "demo-at-expiry/" else BEFORE
    code, report = check(tmp_path, layout, [pem(OWNER)], links, "--as-of", now.isoformat())
    if expected == "layout-wrong-signer":
        assert (code, report["error"]["code"]) == (2, "policy-bad-value")
        assert "not signed by key 1" in report["error"]["message"]
    elif expected is None or row.file in NO_STEPS:
        assert row.verdict == "pass" or row.file in ONLY_AN_INSPECTION_SEES_IT | FILE_NAMES_ALONE
        assert (code, report["verdict"]) == (0, "cleared")
    else:
        assert code == 1
        assert {f["code"] for f in report["findings"]} == {expected}
