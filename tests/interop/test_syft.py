"""SBOMs that the real syft makes of a real file system, in each of its formats."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from gate.model.predicates import Sbom
from gate.predicates import parse

FOUND = shutil.which("syft", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
FORMATS = {
    "cyclonedx-json@1.5": "https://cyclonedx.org/bom",
    "cyclonedx-json@1.6": "https://cyclonedx.org/bom",
    "spdx-json@2.2": "https://spdx.dev/Document",
    "spdx-json@2.3": "https://spdx.dev/Document",
    "syft-json": "https://syft.dev/bom",
}
pytestmark = pytest.mark.skipif(
    FOUND is None and not os.environ.get("CI"), reason="syft is not installed"
)


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the metadata of every Python package that is installed here."""
    folder = tmp_path_factory.mktemp("root") / "site-packages"
    for installed in sorted(Path(sysconfig.get_paths()["purelib"]).glob("*.dist-info"))[:40]:
        (folder / installed.name).mkdir(parents=True)
        shutil.copy(installed / "METADATA", folder / installed.name)
    return folder


@pytest.fixture(scope="module")
def written(packages: Path) -> Path:
    """Return a folder with what one run of syft writes, in a file for each format."""
    assert FOUND is not None
    folder = packages.parent
    outputs = [f"--output={form}={folder / form}" for form in FORMATS]
    subprocess.run(  # noqa: S603  # the tool that was found, and paths of this test
        [FOUND, "scan", f"dir:{packages}", "-q", *outputs],
        check=True,
        capture_output=True,
        timeout=120,
        env={**os.environ, "SYFT_CHECK_FOR_APP_UPDATE": "false"},
    )
    return folder


@pytest.mark.parametrize(("form", "uri"), FORMATS.items())
def test_what_syft_writes_is_read_with_every_package(
    form: str, uri: str, packages: Path, written: Path
) -> None:
    sbom = parse(uri, json.loads((written / form).read_bytes()))
    assert isinstance(sbom, Sbom), sbom
    names = {p.name for p in sbom.packages if p.purl.startswith("pkg:pypi/")}
    assert len(names) == len(list(packages.iterdir()))
    assert any("syft" in tool for tool in sbom.tools)
