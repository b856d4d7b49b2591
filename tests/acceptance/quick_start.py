"""The page docs/quick-start.md, and the folder in which its reader begins."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import yaml

PAGE = Path(__file__).parents[2] / "docs/quick-start.md"
KEYED, KEYLESS = (
    re.findall(r"(?ms)^```(\w+)\n(.*?)^```$", part)
    for part in PAGE.read_text().split("## Without keys\n")
)
FILES = dict(
    zip(
        ("shop.yaml", "registries.yaml"),
        (body for language, body in KEYED if language == "yaml"),
        strict=True,
    )
)
HOST = "localhost:5000"


@dataclass(frozen=True)
class Folder:
    """An empty folder, but for what the page lets its reader write, and an image on a registry."""

    path: Path
    host: str
    environment: dict[str, str]

    def run(self, script: str, **more: str) -> str:
        """Run commands of the page; return what they print."""
        done = subprocess.run(  # noqa: S603  # the page's own script
            ["/bin/sh", "-e", "-c", script.replace(HOST, self.host)],
            cwd=self.path,
            env=self.environment | more,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def edit(self, name: str, pattern: str, new: str) -> None:
        """Put lines into a file in place of others, by hand."""
        text, number = re.subn(pattern, lambda _: new, (self.path / name).read_text())
        assert number == 1
        (self.path / name).write_text(text)

    def applied(self) -> str:
        """Return the image that the page lets its reader apply."""
        applied = yaml.safe_load((self.path / "apply.yaml").read_text())
        (container,) = applied["spec"]["template"]["spec"]["containers"]
        return str(container["image"])
