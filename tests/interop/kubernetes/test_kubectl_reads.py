"""What gate reads is what kubectl reads, or gate refuses it: held against the real kubectl."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pytest

from gate.documents.scalars import as_number
from gate.manifests.load import load_manifests
from gate.manifests.manifests import Manifests
from gate.model.verdict import Action
from tests.interop.kubernetes.streams import stream
from tests.interop.tools import required_kubectl

STREAMS: Final = 2_000
"""Of which more than a third are read by gate, and so put to kubectl."""
BATCH: Final = 250
HEAD: Final = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
POD: Final = "apiVersion: v1\nkind: Pod\nmetadata: {name: b}\nspec: {hostPID: true}\n"


def kubectl(*files: Path) -> tuple[list[Any], str]:
    """Return the objects that kubectl reads from files, in their order, and what it says."""
    program = required_kubectl()
    named = [option for file in files for option in ("-f", str(file))]
    done = subprocess.run(  # noqa: S603  # a fixed program and files of our own
        [program, "label", "--local", *named, "-o", "json", "x=y"],
        capture_output=True,
        check=False,
        timeout=120,
        env={"HOME": "/nonexistent"},
    )
    text = done.stdout.decode("utf-8", "surrogatepass")
    objects = []
    position = 0
    while text[position:].strip():
        value, position = json.JSONDecoder().raw_decode(text, position)
        objects.append(plain(value))
        position += len(text[position:]) - len(text[position:].lstrip())
    return objects, done.stderr.decode("utf-8", "replace")


def plain(value: Any) -> Any:  # noqa: ANN401  # any JSON
    """Return an object without the label, with each number as it is in Kubernetes."""
    metadata = value.get("metadata")
    if isinstance(metadata, dict):
        labels = metadata.get("labels")
        kept = {k: v for k, v in labels.items() if k != "x"} if isinstance(labels, dict) else None
        metadata = {k: v for k, v in metadata.items() if k != "labels"} | (
            {"labels": kept} if kept else {}
        )
    return _typed(
        {k: v for k, v in value.items() if k != "metadata"} | {"metadata": metadata or None}
    )


def _typed(value: Any) -> Any:  # noqa: ANN401  # any JSON
    if isinstance(value, dict):
        return {key: _typed(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_typed(part) for part in value]
    # True is 1 to Python.
    return ("a truth", value) if isinstance(value, bool) else _number(value)


def _number(value: Any) -> Any:  # noqa: ANN401  # a text, a number or None
    return as_number(value) if isinstance(value, int | float) else value


def is_refused(manifests: Manifests) -> bool:
    return any(finding.action is Action.BLOCK for finding in manifests.findings)


def objects(manifests: Manifests) -> list[Any]:
    return [
        plain({"apiVersion": found.api_version, "kind": found.name.kind, **found.value})
        for found in manifests.objects
        if found.holder is None
    ]


def differences(read: dict[Path, list[Any]], files: Sequence[Path]) -> list[tuple[str, Any, Any]]:
    """Return each file of which kubectl reads another object than gate, or more of them.

    Where kubectl refuses a file, what it read before has to be among what gate read.
    """
    theirs, said = kubectl(*files)
    ours = [value for file in files for value in read[file]]
    if not said and theirs == ours:
        return []
    named = [file for file in files if file.name in said]
    if named and len(named) < len(files):
        others = [file for file in files if file not in named]
        return differences(read, others) + [d for f in named for d in differences(read, [f])]
    if len(files) > 1:
        middle = len(files) // 2
        return differences(read, files[:middle]) + differences(read, files[middle:])
    if said and all(value in ours for value in theirs):
        return []
    return [(files[0].read_text("utf-8"), ours, theirs)]


def test_of_generated_streams_gate_reads_what_kubectl_reads_or_refuses(tmp_path: Path) -> None:
    read = {}
    for seed in range(STREAMS):
        data = stream(seed)
        found = load_manifests([("f", data)])
        if not is_refused(found):
            file = tmp_path / f"{seed:06}.yaml"
            file.write_bytes(data)
            read[file] = objects(found)
    files = list(read)
    assert len(files) > STREAMS / 3
    for start in range(0, len(files), BATCH):
        assert differences(read, files[start : start + BATCH]) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (
            f"{HEAD}data: {{}}\n---# next: |\n  {POD.replace(chr(10), chr(10) + '  ')}\n",
            "yaml-separator",
        ),
        (
            f"{HEAD}data: {{}}\n---\u00a0# next: |\n  {POD.replace(chr(10), chr(10) + '  ')}\n",
            "yaml-separator",
        ),
        (f"{POD}a: &x [{{b: &x 1}}]\nc: *x\n", "yaml-anchor"),
        (f"{POD}a: {{&x true: b}}\nc: *x\n", "yaml-anchor"),
        (f"{POD}a: 0b+0\n", "yaml-number"),
        (f"{POD}a: {{<<: {{b: 1}}, <<: {{b: 2}}}}\n", "yaml-merge"),
        (f"{POD}a: ! 1.5\n", "yaml-tag"),
        (f"{POD}on: a\n", "yaml-key"),
        (f"{POD}...\nkind: Other\n", "yaml-parse-error"),
        (HEAD.replace("\n", "\r\n") + f"a: b\r---\r{POD}", "yaml-line-ends"),
        ('\u00a0{"apiVersion": "v1", "kind": "Pod"}', "yaml-encoding"),
    ],
)
def test_what_kubectl_applies_and_a_parser_reads_otherwise_is_refused(
    text: str, code: str, tmp_path: Path
) -> None:
    file = tmp_path / "m.yaml"
    file.write_bytes(text.encode())
    theirs, _ = kubectl(file)
    assert theirs != []
    (finding,) = load_manifests([("m.yaml", text.encode())]).findings
    assert (finding.code, finding.action) == (code, Action.BLOCK)


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}--- # next\n{POD}",
        f"{HEAD}---\n{POD}".replace("\n", "\r\n"),
        f"{HEAD}a: &x {{b: 1}}\nc: {{<<: *x, d: *x}}\n",
        f'{HEAD}a: ! "1.5"\nb: 1_000\nc: 0o17\nd: 1e3\ne: 18446744073709551615\nf: |\n  x',
        '{"apiVersion":"v1","kind":"A","b":"\\ud83d\\ude00"}\n{"apiVersion":"v1","kind":"B","c":1.0}',
        f"apiVersion: v1\nkind: ConfigMapList\nitems:\n- metadata: {{name: a}}\n---\n{POD}",
    ],
)
def test_what_people_write_is_read_as_kubectl_reads_it(text: str, tmp_path: Path) -> None:
    file = tmp_path / "m.yaml"
    file.write_bytes(text.encode())
    theirs, said = kubectl(file)
    found = load_manifests([("m.yaml", text.encode())])
    assert (found.findings, said) == ((), "")
    assert objects(found) == theirs
