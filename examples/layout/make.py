"""Make an in-toto layout, two links and their keys for one image manifest.

    python examples/layout/make.py MANIFEST FOLDER
    python examples/layout/make.py MANIFEST > layout-set.json

With a folder, the layout goes to FOLDER/release.layout and the links to FOLDER/links, named as
in-toto names them; else all of them go to standard output as one set. The owner's public key,
which belongs in the policy, goes to standard error.
"""

# ruff: noqa: INP001  # a script, in no package

from __future__ import annotations

import base64
import hashlib
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

KIND = b"application/vnd.in-toto+json"


def public(key: Ed25519PrivateKey) -> str:
    """Return the raw public key in hexadecimal, which serves as its id here."""
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def pem(key: Ed25519PrivateKey) -> str:
    """Return the public key as PEM."""
    data = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return data.decode()


def signed(payload: dict[str, Any], key: Ed25519PrivateKey) -> dict[str, Any]:
    """Put a payload into a DSSE envelope."""
    body = json.dumps(payload).encode()
    signature = key.sign(b"DSSEv1 %d %b %d %b" % (len(KIND), KIND, len(body), body))
    return {
        "payloadType": KIND.decode(),
        "payload": base64.b64encode(body).decode(),
        "signatures": [{"keyid": public(key), "sig": base64.b64encode(signature).decode()}],
    }


def link(name: str, materials: dict[str, bytes], products: dict[str, bytes]) -> dict[str, Any]:
    """Return what one step took and made."""
    return {
        "_type": "link",
        "name": name,
        "command": [],
        "materials": {n: {"sha256": hashlib.sha256(b).hexdigest()} for n, b in materials.items()},
        "products": {n: {"sha256": hashlib.sha256(b).hexdigest()} for n, b in products.items()},
        "byproducts": {},
        "environment": {},
    }


def step(name: str, key: Ed25519PrivateKey, **rules: list[list[str]]) -> dict[str, Any]:
    """Return who may do a step, and what it may take and make."""
    return {
        "_type": "step",
        "name": name,
        "threshold": 1,
        "pubkeys": [public(key)],
        "expected_materials": rules["materials"],
        "expected_products": rules["products"],
        "expected_command": [],
    }


def layout_set(
    manifest: bytes,
    owner: Ed25519PrivateKey,
    developers: Ed25519PrivateKey,
    pipeline: Ed25519PrivateKey,
    expires: datetime,
) -> dict[str, Any]:
    """Return the layout and its links for an image manifest, as gate reads them."""
    source = {"app.py": b"print('hello')\n"}
    image = {"image-manifest.json": manifest}
    nothing_else = ["DISALLOW", "*"]
    layout = {
        "_type": "layout",
        "expires": f"{expires:%Y-%m-%dT%H:%M:%SZ}",
        "readme": "",
        "keys": {
            public(key): {
                "keytype": "ed25519",
                "scheme": "ed25519",
                "keyid": public(key),
                "keyid_hash_algorithms": ["sha256", "sha512"],
                "keyval": {"public": public(key), "private": ""},
            }
            for key in (developers, pipeline)
        },
        "steps": [
            step(
                "clone",
                developers,
                materials=[nothing_else],
                products=[["CREATE", "app.py"], nothing_else],
            ),
            step(
                "build",
                pipeline,
                materials=[["MATCH", "app.py", "WITH", "PRODUCTS", "FROM", "clone"], nothing_else],
                products=[["CREATE", "image-manifest.json"], nothing_else],
            ),
        ],
        "inspect": [],
    }
    return {
        "layout": signed(layout, owner),
        "links": [
            signed(link("clone", {}, source), developers),
            signed(link("build", source, image), pipeline),
        ],
    }


def write(said: dict[str, Any], folder: Path) -> None:
    """Write the set as files: the layout, and each link as `<step>.<8 digits of its key>.link`."""
    (folder / "links").mkdir(parents=True)
    (folder / "release.layout").write_text(json.dumps(said["layout"]))
    for one in said["links"]:
        name = json.loads(base64.b64decode(one["payload"]))["name"]
        keyid = one["signatures"][0]["keyid"]
        (folder / "links" / f"{name}.{keyid[:8]}.link").write_text(json.dumps(one))


def main() -> None:
    """Write or print the set, and print the key that the policy needs."""
    manifest = Path(sys.argv[1]).read_bytes()
    owner, developers, pipeline = (Ed25519PrivateKey.generate() for _ in range(3))
    expires = datetime.now(UTC) + timedelta(days=365)
    sys.stderr.write(pem(owner))
    said = layout_set(manifest, owner, developers, pipeline, expires)
    if sys.argv[2:]:
        write(said, Path(sys.argv[2]))
    else:
        json.dump(said, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
