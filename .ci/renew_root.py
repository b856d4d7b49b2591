"""Takes the trusted root of Sigstore's public instance over into gate, anew.

    .venv/bin/python .ci/renew_root.py

Its TUF repository is verified from the first root that the locked `sigstore` package brings. The
file is written where it changed, or where gate's copy was last compared 90 days ago or earlier;
its digest and the day are written beside it. Nothing is committed: read the difference first.
"""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Final

from gate.errors import TrustRootError
from gate.model.image import Digest
from gate.trust.embedded import EMBEDDED_AT
from gate.trust.refresh import fetch_trusted_root
from gate.trust.refusal import Refusal
from gate.trust.trusted_root import parse_trusted_root

URL: Final = "https://tuf-repo-cdn.sigstore.dev"
COMPARED: Final = timedelta(days=90)
"""How long a root that did not change needs no new day."""
TRUST: Final = Path(__file__).parents[1] / "gate" / "trust"


def renew(trust: Path, content: bytes, *, at: datetime, last: datetime) -> bool:
    """Write the root, its digest and the day into the folder `trust`. Return whether it did.

    Raises ValueError for a root that gate does not wholly understand: it would lose a key that
    signatures of today may need.
    """
    try:
        root = parse_trusted_root(content)
    except Refusal as refusal:
        raise ValueError(refusal.message) from refusal
    parts = (root.certificate_authorities, root.timestamp_authorities, root.logs, root.ct_logs)
    if root.skipped or not all(parts):
        raise ValueError("; ".join(root.skipped) or "it lacks authorities or logs")
    file, module = trust / "roots" / "public-good.json", trust / "embedded.py"
    if file.read_bytes() == content and at - last < COMPARED:
        return False
    day = f"EMBEDDED_AT: Final = datetime({at.year}, {at.month}, {at.day}, tzinfo=UTC)"
    digest = f'EMBEDDED_DIGEST: Final = "{Digest.of(content)}"'
    text = module.read_text()
    for line in (day, digest):
        name = line.split(":")[0]
        text, changed = re.subn(rf"(?m)^{name}: .*$", line, text)
        if changed != 1:
            raise ValueError(f"{module.name} has no one line of {name}")
    file.write_bytes(content)
    module.write_text(text)
    return True


def main() -> int:
    """Ask the repository, write what changed, say so. Return the exit code."""
    store = resources.files("sigstore") / "_store" / "https%3A%2F%2Ftuf-repo-cdn.sigstore.dev"
    try:
        content = fetch_trusted_root(URL, (store / "root.json").read_bytes())
        written = renew(TRUST, content, at=datetime.now(UTC), last=EMBEDDED_AT)
    except (TrustRootError, ValueError) as error:
        sys.stderr.write(f"the trusted root was not renewed: {error}\n")
        return 1
    said = "was written anew" if written else "is the same, and young enough"
    sys.stdout.write(f"the trusted root {said}: {Digest.of(content)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
