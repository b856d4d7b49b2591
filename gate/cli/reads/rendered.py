"""Charts and kustomizations that a call names: rendered by the user's own tool, or left alone.

Nothing in a folder decides what is judged, and a Chart.yaml lies in the folder. So a folder is
rendered where the call says so (`--render`, `--values`, `--release`), and else only where
nobody could apply it as it lies there: every object in it is what the tool makes of it too.
See docs/decisions/0038-a-folder-is-rendered-where-nobody-could-apply-it.md.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Final

from gate.cli.reads.folders import Search, below
from gate.cli.reads.inputs import MAX_TOTAL_BYTES, Inputs, collect
from gate.cli.reads.render_command import Renderable, Rendering, check, render_command
from gate.errors import UsageError
from gate.model.expressions import expression
from gate.model.location import RENDERED, Location
from gate.model.report import Rendered
from gate.model.verdict import Finding, Severity

CHART: Final = "Chart.yaml"
TOOLS: Final = {"helm": ("helm",), "kustomize": ("kustomize", "kubectl")}
"""What renders a chart, and a kustomization: the first that PATH has. kubectl has kustomize."""
_RULE: Final = "input-not-read"
_SOURCE: Final = expression(rb"^# Source: ([^\s][^\n]*)", re.MULTILINE)


def collect_rendered(
    paths: Sequence[str],
    stdin: BinaryIO,
    rendering: Rendering,
    *,
    exclude: Sequence[str] = (),
    beside: Sequence[Inputs | None] = (),
) -> Inputs:
    """Return what `collect` does, with each named chart and kustomization rendered.

    `beside` is what the artifacts of the call hold; None for one that was not had.

    The output of a tool is one file, named `FOLDER <rendered>`. Where the call says nothing of
    rendering and the tool is not on PATH, the folder is read as any other is. What a tool
    refuses, a link in the folder, an object that somebody could apply otherwise than it was
    judged, and output that differs the second time are findings that block.

    Raises UsageError as `collect` does, and where the call asks for what cannot be done.
    """
    check(rendering)
    folders = {os.path.realpath(path): found for path in paths if (found := renderable(path))}
    elsewhere = any(not one or one.rendered or one.findings for one in beside)
    if rendering.explicit and not folders and not elsewhere:
        raise UsageError(
            "render-nothing",
            "no path of this call is the folder of a chart or a kustomization",
            remedy=f"name the folder that holds {CHART} or kustomization.yaml, or a chart as oci://REF",
        )
    plain = [path for path in paths if os.path.realpath(path) not in folders]
    inputs = [collect(plain, stdin, exclude=exclude)] if plain or not folders else []
    inputs += [render_folder(folder, rendering, exclude, stdin) for folder in folders.values()]
    inputs += filter(None, beside)
    if sum(len(data) for one in inputs for _, data in one.files) > MAX_TOTAL_BYTES:
        raise UsageError(
            "input-too-large",
            f"the files have more than {MAX_TOTAL_BYTES} bytes",
            remedy="judge fewer files in one run",
        )
    return Inputs(
        files=tuple(file for one in inputs for file in one.files),
        named=frozenset(name for one in inputs for name in one.named),
        findings=tuple(finding for one in inputs for finding in one.findings),
        excluded=tuple(dict.fromkeys(name for one in inputs for name in one.excluded)),
        rendered=tuple(tool for one in inputs for tool in one.rendered),
    )


def renderable(path: str) -> Renderable | None:
    """Return what a tool renders, if that is what a path leads to. Raises UsageError."""
    given = Path(path)
    if path == "-" or not given.is_dir():
        return None
    from gate.manifests.plain import KUSTOMIZATIONS  # a run may have no folder

    name = path.rstrip("/") or path
    chart = (given / CHART).is_file()
    kustomization = next(
        (file for file in sorted(KUSTOMIZATIONS) if (given / file).is_file()), None
    )
    if chart and kustomization is not None:
        raise UsageError(
            "render-ambiguous",
            f"the folder {path!r} holds {CHART} and {kustomization}",
            remedy="render it yourself and pipe the result in with -",
        )
    if chart:
        return Renderable(name, "helm", CHART)
    return Renderable(name, "kustomize", kustomization) if kustomization is not None else None


def render_folder(
    folder: Renderable, rendering: Rendering, exclude: Sequence[str], stdin: BinaryIO
) -> Inputs:
    """Return what a tool makes of one folder, or the folder as it lies there. Raises UsageError."""
    import tempfile

    from gate.cli.reads.renderer import find_renderer

    renderer = find_renderer(TOOLS[folder.kind], folder.path)
    if renderer is None and not rendering.explicit:
        return collect([folder.path], stdin, exclude=exclude)
    if renderer is None:
        raise UsageError(
            "renderer-missing",
            f"{' and '.join(TOOLS[folder.kind])} cannot be found on PATH, and "
            f"{folder.path!r} needs {'it' if folder.kind == 'helm' else 'one of them'}",
            remedy="install it, or render elsewhere and pipe the result in with -",
        )
    links = Search(exclude)
    _note_links(folder.path, links)
    if links.findings:
        return Inputs(findings=links.findings, excluded=links.excluded)
    with tempfile.TemporaryDirectory(prefix="gate-values.") as home:
        command = render_command(renderer.path, renderer.tool, folder, rendering, home)
        again = command if rendering.twice else None
        output = output_of(command, folder, renderer.tool, again=again)
    if isinstance(output, Finding):
        return Inputs(findings=(output,))
    name = f"{folder.path}{RENDERED}"
    tool = Rendered(path=folder.path, tool=renderer.tool, version=renderer.version)
    done = Inputs(files=((name, output),), excluded=links.excluded, rendered=(tool,))
    if rendering.explicit:
        return done
    from gate.cli.reads.as_it_lies import otherwise

    return replace(done, findings=tuple(otherwise(folder, renderer.tool, output, exclude, stdin)))


def _note_links(top: str, search: Search) -> None:
    """Note every link below a folder: a renderer follows it, and where it leads can change."""
    for folder in (top, *search.folders_below(top)):
        for entry in search.listed(folder):
            if entry.is_symlink() and not search.leaves_out(below(folder, entry.name)):
                search.linked(below(folder, entry.name))


def output_of(
    command: Sequence[str], folder: Renderable, tool: str, *, again: Sequence[str] | None
) -> bytes | Finding:
    """Return what a command prints, or the finding of why that cannot be judged.

    `again` is the command that has to print the same; None where nothing is compared.
    """
    from gate.cli.reads.renderer import run

    first = run(command)
    second = run(again) if again is not None and not first.failure else first
    if failure := first.failure or second.failure:
        return _finding(
            folder,
            "render-failed",
            f"{tool} does not render this folder: {failure}",
            _remedy(failure, folder, " ".join([tool, *command[1:2]])),
        )
    if first.output != second.output:
        return _finding(
            folder,
            "render-differs",
            f"{tool} makes something else each time{_where(first.output, second.output)}, "
            "so what is applied is not what was judged",
            "give what the template makes up (a random text, a key, the time) in a file of values",
        )
    return first.output


def _remedy(failure: str, folder: Renderable, command: str) -> str:
    import shlex  # of a chart that cannot be rendered alone

    where = shlex.quote(folder.path)
    if "missing in charts/" in failure:
        return f"run `helm dependency build {where}` first: gate fetches nothing"
    if "://" in failure or "'git'" in failure:
        return "copy what lies at this address into the repository: gate fetches nothing"
    values = ", and give --values if the chart needs them" if folder.kind == "helm" else ""
    return f"run `{command} {where}` and correct what it says{values}"


def _where(one: bytes, other: bytes) -> str:
    """Name the template in which two outputs begin to differ."""
    end = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    sources = _SOURCE.findall(one, 0, end)
    return f" in {sources[-1].decode('utf-8', 'replace').strip()}" if sources else ""


def _finding(folder: Renderable, code: str, message: str, remedy: str) -> Finding:
    return Finding(
        rule=_RULE,
        code=code,
        severity=Severity.HIGH,
        message=message,
        remedy=remedy,
        location=Location(below(folder.path, folder.file), 1),
    )
