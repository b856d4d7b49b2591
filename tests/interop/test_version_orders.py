"""gate's orders of versions, held to the programs and libraries that decide them.

100,000 pairs of each were compared once; a run compares as many as take a second or two.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from packaging.version import InvalidVersion, Version

from gate.packages.versions import compare
from tests.builders import version_texts as texts
from tests.interop.tools import ORACLES, oracle_module, required, run

COUNT = 2000
ONE_AT_A_TIME = 60
"""Pairs for a program that compares one in a run."""
PARTIAL = re.compile(r"v?[0-9]+(\.[0-9]+)?")
"""Versions with parts left out, which gate reads and npm does not."""

Pairs = list[tuple[str, str]]
_SEMVER = """
const semver = require("semver");
const answers = JSON.parse(require("fs").readFileSync(0, "utf8")).map(
  ([one, other]) => semver.valid(one) && semver.valid(other) ? semver.compare(one, other) : null
);
console.log(JSON.stringify(answers));
"""
_GO = """package main

import (
	"encoding/json"
	"os"

	"golang.org/x/mod/semver"
)

func main() {
	var pairs [][2]string
	if json.NewDecoder(os.Stdin).Decode(&pairs) != nil {
		os.Exit(1)
	}
	answers := []*int{}
	for _, pair := range pairs {
		var answer *int
		if semver.IsValid(pair[0]) && semver.IsValid(pair[1]) {
			order := semver.Compare(pair[0], pair[1])
			answer = &order
		}
		answers = append(answers, answer)
	}
	json.NewEncoder(os.Stdout).Encode(answers)
}
"""
_RPM = """%%{lua:
for line in io.lines("%s") do
  local one, other = line:match("^(.-)\\t(.*)$")
  print(rpm.vercmp(one, other) .. "\\n")
end
}"""


def ours(kind: str, pairs: Pairs) -> list[int | None]:
    """Return gate's order of each pair; None where it has none."""

    def order(one: str, other: str) -> int | None:
        try:
            return compare(kind, one, other)
        except ValueError:
            return None

    return [order(one, other) for one, other in pairs]


def made(make: Callable[[Random], str], count: int = COUNT, kind: str = "") -> Pairs:
    """Return pairs; with `kind` only such that gate orders."""
    found = list(texts.pairs(make, count))
    orders = ours(kind, found) if kind else [0] * count
    return [pair for pair, order in zip(found, orders, strict=True) if order is not None]


def test_npms_versions_are_ordered_as_its_own_library_does() -> None:
    pairs = [p for p in made(texts.semantic) if not any(map(PARTIAL.fullmatch, p))]
    node = required("node", "apt-get install nodejs")
    modules = oracle_module("semver", "semver@7.8.6")
    said = run(node, "-e", _SEMVER, asked=json.dumps(pairs), NODE_PATH=str(modules))
    assert ours("npm", pairs) == json.loads(said.output)


def test_gos_versions_are_ordered_as_its_module_does(tmp_path: Path) -> None:
    pairs = [p for p in made(texts.golang) if not any(map(PARTIAL.fullmatch, p))]
    module = ORACLES / "go"
    if not (module / "go.sum").is_file():
        required("a module with golang.org/x/mod", f"`go get golang.org/x/mod@v0.43.0` in {module}")
    go = required("go", "https://go.dev/dl")
    shutil.copytree(module, tmp_path / "order")
    (tmp_path / "order/main.go").write_text(_GO)
    said = run(
        go, "-C", tmp_path / "order", "run", ".", asked=json.dumps(pairs), GOFLAGS="-mod=mod"
    )
    assert ours("golang", pairs) == json.loads(said.output)


def test_pythons_versions_are_ordered_as_packaging_does() -> None:
    def theirs(one: str, other: str) -> int | None:
        try:
            left, right = Version(one), Version(other)
        except InvalidVersion:
            return None
        return (left > right) - (left < right)

    pairs = made(texts.pep440)
    assert ours("pypi", pairs) == [theirs(one, other) for one, other in pairs]


def test_debians_versions_are_ordered_as_dpkg_does() -> None:
    pairs = made(texts.debian, ONE_AT_A_TIME, "deb")
    dpkg = required("dpkg", "apt-get install dpkg")

    def theirs(one: str, other: str) -> int:
        if run(dpkg, "--compare-versions", one, "lt", other).accepted:
            return -1
        return 0 if run(dpkg, "--compare-versions", one, "eq", other).accepted else 1

    assert ours("deb", pairs) == [theirs(one, other) for one, other in pairs]


def test_rpms_versions_are_ordered_as_rpm_does(tmp_path: Path) -> None:
    pairs = made(texts.rpm, kind="rpm")
    rpm = required("rpm", "apt-get install rpm")
    listed = tmp_path / "pairs"
    listed.write_text("".join(f"{one}\t{other}\n" for one, other in pairs))
    said = run(rpm, "--eval", _RPM % listed)
    assert ours("rpm", pairs) == [int(line) for line in said.output.split()]


def test_alpines_versions_are_ordered_as_apk_does() -> None:
    pairs = made(texts.alpine, ONE_AT_A_TIME, "apk")
    apk = shutil.which("apk")
    if apk is None:
        pytest.skip("apk is not installed, and only Alpine has a package of it")
    orders = {"<": -1, "=": 0, ">": 1}
    said = [orders[run(apk, "version", "-t", *pair).output.strip()] for pair in pairs]
    assert ours("apk", pairs) == said


def test_mavens_versions_are_ordered_as_its_own_class_does() -> None:
    pairs = made(texts.maven, 500, "maven")
    java = required("java", "apt-get install maven")
    maven = Path(required("mvn", "apt-get install maven")).resolve()
    jars = [str(jar) for jar in sorted((maven.parents[1] / "lib").glob("*.jar"))]
    said = run(
        java,
        *("-cp", ":".join(jars)),
        "org.apache.maven.artifact.versioning.ComparableVersion",
        *(text for pair in pairs for text in pair),
    )
    # Of neighbours on its command line it prints `   1.0 < 2.0`: every second line is a pair.
    lines = [line for line in said.output.splitlines() if line.startswith("   ")][::2]
    orders = {"<": -1, "==": 0, ">": 1}
    assert ours("maven", pairs) == [orders[line.split()[1]] for line in lines]
