"""Writes gate/live/kinds.py: the fields of Kubernetes' kinds, and what the API server fills in.

    python docs/kubernetes_live.py 1.37.2

It builds docs/kubernetes_live.go against that release with the Go toolchain. That program runs the
API server's own defaulting on objects of every kind, empty ones and ones with ever more of their
parts, and prints each field that was empty before and is not afterwards.
"""  # noqa: INP001  # a script beside pages, not a package

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent
_TARGET: Final = _HERE.parent / "gate" / "live" / "kinds.py"
_LEFT_OUT: Final = frozenset(("DeviceTaint.timeAdded", "HPAScalingRules.policies"))
"""A field whose default is the time of the request, and one that gate.live.defaults judges."""
_HEAD: Final = '''\
"""The fields of the kinds of Kubernetes {release}: written by docs/kubernetes_live.py.

Names, types and defaults of https://github.com/kubernetes/kubernetes (Apache-2.0);
`gate.live.types` reads the tables.
"""

from __future__ import annotations

from typing import Final

'''

_TAIL: Final = '''\
"""A line a type: each field, `:` its form, and `=` each default. Forms: s text, i whole number, n
number, b truth, q quantity, y bytes, t time, x number or text, o anything, or a type; `*` before
one is a pointer, `[` a list, `{` a mapping, and `-` alone is of the server."""
'''


def main(release: str) -> None:
    """Run the program against a release, and write the module."""
    lines = _run(release).splitlines()
    kinds = [line.removeprefix("@") for line in lines if line.startswith("@")]
    types = [_without_some(line) for line in lines if not line.startswith("@")]
    _TARGET.write_text(
        _HEAD.format(release=release)
        + _table("KINDS", kinds)
        + '"""A line a kind: its API version, its name, and its type."""\n'
        + _table("TYPES", sorted(types))
        + _TAIL
    )


def _run(release: str) -> str:
    environment = {**os.environ, "CGO_ENABLED": "0", "GOFLAGS": "-mod=mod"}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "go.mod").write_text(_module(release))
        program = (_HERE / "kubernetes_live.go").read_text()
        (Path(folder) / "main.go").write_text(program)
        go = ["go", "run", "-trimpath", "."]
        subprocess.run(["go", "mod", "tidy"], cwd=folder, env=environment, check=False)  # noqa: S607  # go of the one who runs it
        done = subprocess.run(go, cwd=folder, env=environment, check=True, capture_output=True)  # noqa: S603  # words of our own
    return done.stdout.decode()


def _module(release: str) -> str:
    """Return a go.mod that names the published staging modules, as .ci/kubernetes does."""
    ask = ["go", "mod", "download", "-json", f"k8s.io/kubernetes@v{release}"]
    told = subprocess.run(ask, check=True, capture_output=True).stdout  # noqa: S603  # words of our own
    upstream = Path(json.loads(told)["GoMod"]).read_text()
    kept = re.findall(r"^go(?:debug)? .*$", upstream, re.MULTILINE)
    staged = re.findall(r"^\s*(k8s\.io/[a-z0-9-]+) => \./staging/", upstream, re.MULTILINE)
    minor = release.partition(".")[2]
    lines = ["module live", *kept, f"require k8s.io/kubernetes v{release}"]
    lines += (f"replace {one} => {one} v0.{minor}" for one in staged)
    return "\n".join(lines)


def _without_some(line: str) -> str:
    name, *fields = line.split(" ")
    kept = [
        field.partition("=")[0] if f"{name}.{field.partition(':')[0]}" in _LEFT_OUT else field
        for field in fields
    ]
    return " ".join((name, *kept))


def _table(name: str, lines: list[str]) -> str:
    body = "\n".join(
        "\n".join(
            textwrap.wrap(
                line, 99, subsequent_indent=" ", break_long_words=False, break_on_hyphens=False
            )
        )
        for line in lines
    )
    return f'{name}: Final = """\\\n{body}\n"""\n'


if __name__ == "__main__":
    main(sys.argv[1])
