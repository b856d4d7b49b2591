"""What a call says of rendering, and the command that it becomes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from gate.cli.reads.inputs import MAX_FILE_BYTES
from gate.errors import UsageError
from gate.model.expressions import expression
from gate.model.records import dataclass

_DNS: Final = r"[a-z0-9](?:[-a-z0-9]{0,51}[a-z0-9])?"
_RELEASE: Final = expression(rf"(?:({_DNS})/)?({_DNS})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """How the call wants folders rendered."""

    asked: bool = False
    """Whether what the tool makes is what is applied, with anything else in the folder."""
    values: Sequence[str] = ()
    """Files of Helm values; the last one wins."""
    release: str | None = None
    """`[NAMESPACE/]NAME`, as Helm will install it."""
    kubernetes: str | None = None
    """The cluster's version for a chart to ask for, such as `1.34`."""
    twice: bool = True
    """Whether to render twice, and refuse what comes out otherwise the second time."""

    @property
    def explicit(self) -> bool:
        """Whether the call says anything of rendering."""
        return self.asked or bool(self.values) or self.release is not None


AS_IT_LIES: Final = Rendering()
"""A call that says nothing of rendering."""


@dataclass(frozen=True, slots=True)
class Renderable:
    """A folder that a tool renders."""

    path: str
    kind: str
    """`helm` or `kustomize`."""
    file: str
    """What makes the folder a chart or a kustomization."""


def check(rendering: Rendering) -> None:
    """Raise UsageError where a call cannot mean what it says."""
    release = rendering.release
    if release is not None and not _RELEASE.fullmatch(release):
        raise UsageError(
            "release-malformed",
            f"--release: {release!r} is no name of a Helm release",
            remedy="write NAME or NAMESPACE/NAME, such as shop/web",
        )


def render_command(
    program: str, tool: str, folder: Renderable, rendering: Rendering, home: str
) -> list[str]:
    """Return the words of the command; copies of the values go to `home`. Raises UsageError."""
    where = os.path.realpath(folder.path)
    if folder.kind == "kustomize":
        if rendering.values or rendering.release is not None:
            raise UsageError(
                "render-nothing",
                f"--values and --release are for charts, and {folder.path!r} is a kustomization",
                remedy="drop them, or name the folder of the chart",
            )
        return [program, "kustomize" if tool == "kubectl" else "build", where]
    match = _RELEASE.fullmatch(rendering.release or "default/release-name")
    namespace, name = (match[1] or "default", match[2]) if match else ("default", "release-name")
    command = [program, "template", name, where, "--include-crds", f"--namespace={namespace}"]
    if rendering.kubernetes is not None:
        command.append(f"--kube-version={rendering.kubernetes}")
    for number, file in enumerate(rendering.values):
        # A copy: what helm takes for an address, a list or a link is the name of a file here.
        copy = Path(home, f"values-{number}.yaml")
        copy.write_bytes(_values(file))
        command.append(f"--values={copy}")
    return command


def _values(file: str) -> bytes:
    try:
        with Path(file).open("rb") as opened:
            data = opened.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise UsageError(
            "cannot-read",
            f"--values: {file!r} cannot be read: {error.strerror}",
            remedy="check the file and its permissions",
        ) from error
    if len(data) > MAX_FILE_BYTES:
        raise UsageError(
            "input-too-large",
            f"--values: {file!r} has more than {MAX_FILE_BYTES} bytes",
            remedy="name a smaller file",
        )
    return data
