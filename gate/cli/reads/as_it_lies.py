"""What somebody could apply from a folder as it lies there, though a tool renders it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final

from gate.cli.reads.inputs import collect
from gate.cli.reads.render_command import Renderable
from gate.manifests.canonical import applied_value
from gate.manifests.load import load_manifests
from gate.manifests.manifests import NOT_AN_OBJECT
from gate.manifests.refused import NOT_RENDERED
from gate.model.expressions import expression
from gate.model.kubernetes import KubernetesObject
from gate.model.verdict import Finding, Severity

_RULE: Final = "input-not-read"
_CUT: Final = expression(rb"^---", re.MULTILINE)


def otherwise(
    folder: Renderable, tool: str, output: bytes, exclude: Sequence[str], stdin: BinaryIO
) -> Iterator[Finding]:
    """Yield what somebody could apply from the folder, and the tool's output does not have.

    What nobody but Helm can read in a chart's templates is left to Helm. What kubectl could read
    in them, even between two documents that it cannot, is not.
    """
    templates = f"{folder.path}/templates/", f"{folder.path}/charts/"
    helms = templates if folder.kind == "helm" else ()
    lying = collect([folder.path], stdin, exclude=exclude)
    files = (
        (path, piece)
        for path, data in lying.files
        for piece in (_pieces(data) if path.startswith(helms) and b"{{" in data else [data])
    )
    loaded = load_manifests(files, found=lying.findings)
    for finding in loaded.findings:
        path = finding.location.path if finding.location else ""
        if finding.rule != NOT_AN_OBJECT and (
            finding.code != NOT_RENDERED or not path.startswith(helms)
        ):
            yield finding
    made = {_said(obj) for obj in load_manifests([("", output)]).objects}
    for obj in loaded.objects:
        if _said(obj) not in made and not (helms and "{{" in obj.name.name):
            yield Finding(
                rule=_RULE,
                code="render-or-apply",
                severity=Severity.HIGH,
                message=f"{tool} makes no such object of this folder, and `kubectl apply -f` would "
                "apply it as it is here: only one of the two was judged",
                remedy=f"say with --render that only the output of {tool} is applied, or name the "
                "manifests alone",
                object=obj.name,
                location=obj.place(),
            )
            return


def _pieces(data: bytes) -> Iterator[bytes]:
    """Cut a file as kubectl does before it parses; each piece keeps its line numbers."""
    start = 0
    for match in (*_CUT.finditer(data), None):
        end = match.start() if match else len(data)
        yield b"\n" * data.count(b"\n", 0, start) + data[start:end]
        start = end


def _said(obj: KubernetesObject) -> str:
    return repr(_sorted(applied_value(obj)))


def _sorted(value: object) -> object:
    """Return a value whose text does not depend on the order of keys."""
    if isinstance(value, dict):
        return sorted((str(key), repr(key), _sorted(item)) for key, item in value.items())
    return [_sorted(item) for item in value] if isinstance(value, list) else (type(value), value)
