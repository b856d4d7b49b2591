"""What an artifact in a registry holds, as the folder that it is when it is unpacked."""

from __future__ import annotations

import io
import posixpath
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, assert_never

from gate.cli.reads.folders import SUFFIXES
from gate.cli.reads.inputs import Inputs, collect
from gate.cli.reads.render_command import Renderable, Rendering, check, render_command
from gate.cli.reads.rendered import CHART, TOOLS, output_of, render_folder, renderable
from gate.cli.reads.renderer import find_renderer
from gate.documents import read_yaml
from gate.errors import DocumentError, UsageError
from gate.manifests.plain import KUSTOMIZATIONS
from gate.model.artifact import ArtifactKind
from gate.model.location import RENDERED, Location
from gate.model.report import Rendered
from gate.model.verdict import Finding, Severity
from gate.policy.paths import PathPattern
from gate.registry.bounds import Bounds
from gate.registry.codes import Code
from gate.registry.packed import Packed

_RULE: Final = "input-not-read"
_GIT: Final = ".git"
_PROGRAM: Final = ".jsonnet"


def collect_unpacked(
    name: str, packed: Packed, bounds: Bounds, rendering: Rendering, *, exclude: Sequence[str] = ()
) -> Inputs:
    """Return the manifests of one artifact, named `NAME/path`, or a finding that blocks.

    A chart is rendered by helm, from its archive and from its folder: both have to be the same. A
    bundle is read as its folder would be. `exclude` leaves out paths as they are in the artifact.
    Raises UsageError where nothing in it is a manifest, and where helm is not there.
    """
    check(rendering)
    try:
        files = packed.files(bounds)
        with tempfile.TemporaryDirectory(prefix="gate-artifact.") as home:
            root = Path(home).resolve() / "unpacked"
            match packed.kind:
                case ArtifactKind.CHART:
                    found = _chart(name, packed.archive, files, root, rendering)
                case ArtifactKind.MANIFESTS:
                    found = _bundle(name, files, root, rendering, exclude)
                case unreachable:
                    assert_never(unreachable)
            return _shown(found, root, name)
    except DocumentError as error:
        return Inputs(findings=(_finding(name, error),))


def _chart(
    name: str, archive: bytes, files: Mapping[str, bytes], root: Path, rendering: Rendering
) -> Inputs:
    top = next((path.partition("/")[0] for path in files), "")
    if f"{top}/{CHART}" not in files or any(not path.startswith(f"{top}/") for path in files):
        raise DocumentError(
            Code.ARCHIVE_MALFORMED,
            f"the archive of a chart holds one folder with {CHART}, and this one does not",
            remedy="package it with `helm package`, and push it again",
        )
    renderer = find_renderer(TOOLS["helm"], str(root.parent))
    if renderer is None:
        raise UsageError(
            "renderer-missing",
            f"helm cannot be found on PATH, and the chart {name} needs it",
            remedy="install it, or render elsewhere and pipe the result in with -",
        )
    _write(files, root)
    packaged = root.parent / "chart.tgz"
    packaged.write_bytes(archive)
    with tempfile.TemporaryDirectory(prefix="gate-values.") as home:
        commands = [
            render_command(
                renderer.path, renderer.tool, Renderable(str(path), "helm", CHART), rendering, home
            )
            for path in (packaged, root / top)
        ]
        folder = Renderable(str(root), "helm", CHART)
        output = output_of(commands[0], folder, renderer.tool, again=commands[1])
    if isinstance(output, Finding):
        return Inputs(findings=(_of_archive(output, renderer.tool),))
    tool = Rendered(path=str(root), tool=renderer.tool, version=renderer.version)
    return Inputs(files=((f"{root}{RENDERED}", output),), rendered=(tool,))


def _of_archive(finding: Finding, tool: str) -> Finding:
    """Return what is wrong with a chart, with the next step for one that is packaged."""
    if finding.code == "render-failed":
        remedy = "correct the chart and push it again; give --values if it needs them"
        return replace(finding, remedy=remedy)
    return replace(
        finding,
        message=f"{tool} makes something else of the archive than of its folder, or something else "
        "each time, so what is applied is not what was judged",
        remedy="package it again with `helm package`; give what a template makes up (a random "
        "text, a key, the time) in a file of values",
    )


def _bundle(
    name: str,
    files: Mapping[str, bytes],
    root: Path,
    rendering: Rendering,
    exclude: Sequence[str],
) -> Inputs:
    patterns = tuple(map(PathPattern, exclude))
    left_out = {path for path in files if any(one.matches(path) for one in patterns)}
    if hidden := next((p for p in files if _GIT in p.split("/") and p not in left_out), None):
        raise DocumentError(
            Code.ARCHIVE_UNSAFE,
            f"{hidden} lies in a folder {_GIT}, which some readers leave out and others do not",
            remedy="leave the folder out of the artifact",
        )
    if not any(path.endswith(SUFFIXES) for path in files):
        raise UsageError(
            "nothing-found",
            f"{name} holds no .yaml, .yml or .json",
            remedy="name the artifact that holds the manifests",
        )
    kept = {path: data for path, data in files.items() if path not in left_out}
    _hold_inside(kept)
    _write(kept, root)
    excluded = tuple(f"{root}/{path}" for path in sorted(left_out) if path.endswith(SUFFIXES))
    if excluded and not any(path.endswith(SUFFIXES) for path in kept):
        return Inputs(excluded=excluded)
    folder, nobody = renderable(str(root)), io.BytesIO()
    if folder is None:
        _hold_no_program(kept)
        found = collect([str(root)], nobody)
    else:
        found = render_folder(folder, rendering, (), nobody)
    return replace(found, excluded=excluded)


def _hold_no_program(files: Mapping[str, bytes]) -> None:
    """Refuse a program of which Argo CD applies what it makes, and nobody else. Raises."""
    if program := next((path for path in files if path.endswith(_PROGRAM)), None):
        raise DocumentError(
            Code.ARCHIVE_UNSAFE,
            f"Argo CD runs {program} and applies what it makes, and other readers leave it out",
            remedy="put what it makes into the artifact, as YAML or JSON, and leave it out",
        )


def _hold_inside(files: Mapping[str, bytes]) -> None:
    """Refuse a kustomization that takes something from outside of the artifact.

    kustomize keeps files inside of its roots, and takes another folder for a root of its own: it
    would read what lies on this machine, and somewhere else where the artifact is applied. Raises
    DocumentError.
    """
    for path, data in files.items():
        folder, name = posixpath.split(path)
        if name not in KUSTOMIZATIONS:
            continue
        for document in read_yaml(data, path, keys_as_written=True):
            value = document.value
            lists = value.values() if isinstance(value, dict) else ()
            for item in (i for one in lists if isinstance(one, list) for i in one):
                named = isinstance(item, str) and posixpath.normpath(posixpath.join(folder, item))
                if named and named.startswith(("/", "..")):
                    raise DocumentError(
                        Code.ARCHIVE_UNSAFE,
                        f"{path} names a folder or file outside of the artifact",
                        remedy="put what it names into the artifact",
                    )


def _write(files: Mapping[str, bytes], root: Path) -> None:
    """Write files below a folder of our own. Raises DocumentError for two names of one file."""
    root.mkdir()
    for path, data in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            with place.open("xb") as file:
                file.write(data)
        except FileExistsError as error:
            raise DocumentError(
                Code.ARCHIVE_UNSAFE,
                f"{path} has the name of another file on this machine",
                remedy="give each file a name that differs in more than its capitals",
            ) from error


def _shown(inputs: Inputs, root: Path, name: str) -> Inputs:
    """Return the inputs with the name of the artifact in place of the folder on this machine."""

    def shown(text: str) -> str:
        return text.replace(str(root), name).replace(str(root.parent), name)

    def finding(one: Finding) -> Finding:
        at = one.location and replace(one.location, path=shown(one.location.path))
        return replace(one, message=shown(one.message), remedy=shown(one.remedy), location=at)

    return Inputs(
        files=tuple((shown(file), data) for file, data in inputs.files),
        named=frozenset(map(shown, inputs.named)),
        findings=tuple(map(finding, inputs.findings)),
        excluded=tuple(map(shown, inputs.excluded)),
        rendered=tuple(replace(one, path=name) for one in inputs.rendered),
    )


def _finding(name: str, error: DocumentError) -> Finding:
    return Finding(
        rule=_RULE,
        code=error.code,
        severity=Severity.HIGH,
        message=error.problem,
        remedy=error.remedy,
        location=Location(name, 1),
    )
