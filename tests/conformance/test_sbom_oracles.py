"""What is read of an SBOM, compared with what other projects' libraries read of it."""

from __future__ import annotations

import importlib
import importlib.util
import json
import logging
import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from packageurl import PackageURL

from gate.model.predicates import Sbom
from gate.predicates import parse
from tests.builders.recorded_sboms import is_read
from tests.conformance.corpora import Row, rows

CYCLONEDX, SPDX = "https://cyclonedx.org/bom", "https://spdx.dev/Document"
LARGEST = 100_000
SLOW = 20_000
"""spdx-tools takes seconds for what is larger."""
FEWER = settings(
    max_examples=40, suppress_health_check=[HealthCheck.too_slow]
)  # the libraries are slow
LIBRARY_REFUSES = {
    # data classifications as objects, and a hash of a dict
    *("valid-saasbom-1.5.json", "valid-saasbom-1.6.json", "valid-cryptography-full-1.7.json"),
}
"""Valid by CycloneDX's own test suite; docs/evidence.md lists them."""

pytestmark = pytest.mark.filterwarnings("ignore")

Facts = tuple[set[tuple[str, str, str]], set[str], set[str], str]
"""Components by name, version and purl; licences; tools; the time to the second."""


def installed(module: str) -> None:
    if importlib.util.find_spec(module.partition(".")[0]) is None:
        if os.environ.get("CI"):
            pytest.fail(f"{module} is not installed")
        pytest.skip(f"{module} is not installed, so there is nothing to compare with")


def ours(sbom: Sbom) -> Facts:
    return (
        {(p.name, p.version, spelt(p.purl)) for p in sbom.packages},
        {plain(text) for p in sbom.packages for text in p.licenses},
        set(sbom.tools),
        f"{sbom.created:%Y-%m-%dT%H:%M:%S}" if sbom.created else "",
    )


def spelt(purl: str) -> str:
    try:
        return str(PackageURL.from_string(purl))
    except ValueError:  # none at all, or one without a name, which stays as it is
        return purl


def plain(licence: str) -> str:
    """Return a licence without what an expression may differ in and mean the same."""
    return re.sub(r"[()\s]", "", licence).lower()


def cyclonedx_says(value: dict[str, Any]) -> Facts:
    bom = importlib.import_module("cyclonedx.model.bom").Bom.from_json(value)
    components = list(nested(bom.components))
    stated = bom.metadata.tools
    tools = (*stated.tools, *stated.components, *stated.services)
    dated = "timestamp" in value.get("metadata", {})
    return (
        {(c.name, c.version or "", str(c.purl or "")) for c in components},
        {plain(named(choice)) for c in components for choice in c.licenses},
        {f"{t.name} {t.version or ''}".strip() for t in tools if t.name},
        f"{bom.metadata.timestamp.astimezone(UTC):%Y-%m-%dT%H:%M:%S}" if dated else "",
    )


def named(choice: Any) -> str:  # noqa: ANN401  # of the library
    return str(next(filter(None, (getattr(choice, k, None) for k in ("value", "id", "name")))))


def nested(components: Any) -> Iterator[Any]:  # noqa: ANN401  # of the library
    for component in components:
        yield component
        yield from nested(component.components)


def spdx_says(value: dict[str, Any]) -> Facts:
    logging.getLogger().setLevel(logging.CRITICAL)
    reader = importlib.import_module("spdx_tools.spdx.parser.jsonlikedict.json_like_dict_parser")
    document = reader.JsonLikeDictParser().parse(value)
    return (
        {(p.name, p.version or "", spelt(purl_of(p))) for p in document.packages},
        {plain(text) for p in document.packages for text in concluded(p)},
        {a.name for a in document.creation_info.creators if a.actor_type.name == "TOOL"},
        f"{document.creation_info.created:%Y-%m-%dT%H:%M:%S}",
    )


def purl_of(package: Any) -> str:  # noqa: ANN401  # of the library
    references = package.external_references
    return next((r.locator for r in references if r.reference_type == "purl"), "")


def concluded(package: Any) -> list[str]:  # noqa: ANN401  # of the library
    stated = (package.license_concluded, package.license_declared)
    texts = [str(s) for s in stated if s is not None]
    return [t for t in texts if t not in ("NOASSERTION", "NONE")][:1]


def compare(uri: str, value: dict[str, Any], theirs: Callable[[dict[str, Any]], Facts]) -> None:
    read = parse(uri, value)
    assert isinstance(read, Sbom), read
    assert ours(read) == theirs(json.loads(json.dumps(value)))


def is_small(row: Row, largest: int) -> bool:
    return is_read(row) and len(row.content) <= largest


@pytest.mark.parametrize(
    "row", rows("sboms", lambda row: row.format.startswith("cdx:") and is_small(row, LARGEST))
)
def test_cyclonedx_python_lib_reads_a_recorded_document_alike(row: Row) -> None:
    installed("cyclonedx")
    if any(row.file.endswith(f"__{name}") for name in LIBRARY_REFUSES):
        with pytest.raises((ValueError, TypeError)):
            cyclonedx_says(row.value)
        return
    compare(CYCLONEDX, row.value, cyclonedx_says)


@pytest.mark.parametrize(
    "row", rows("sboms", lambda row: row.format.startswith("spdx:SPDX-2") and is_small(row, SLOW))
)
def test_spdx_tools_reads_a_recorded_document_alike(row: Row) -> None:
    installed("spdx_tools")
    value = row.value
    # What is not compared is left out, and what released tools write and the library refuses is
    # put right: see docs/evidence.md.
    for key in ("files", "relationships", "snippets", "annotations"):
        value.pop(key, None)
    creation = value.get("creationInfo", {})
    if not {"created", "creators"} <= creation.keys() or "documentNamespace" not in value:
        return  # the library reads none without
    creation["created"] = re.sub(r"\.\d+Z", "Z", creation["created"])
    for package in value.get("packages", []):
        package.setdefault("downloadLocation", "NOASSERTION")
        if not re.match(r"(Organization|Person): |NOASSERTION", package.get("supplier", "")):
            package.pop("supplier", None)
        package.pop("originator", None)
    compare(SPDX, value, spdx_says)


WORDS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._ +-]{0,12}", fullmatch=True).map(str.strip)
IDS = st.sampled_from(["MIT", "Apache-2.0", "GPL-2.0-only", "BSD-3-Clause", "0BSD"])
EXPRESSIONS = st.sampled_from(
    ["MIT OR Apache-2.0", "GPL-2.0-only WITH Classpath-exception-2.0", "MIT AND 0BSD"]
)
NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True)
PURLS = st.builds(
    "pkg:{}/{}@{}".format, st.sampled_from(["npm", "pypi", "golang", "deb"]), NAMES, NAMES
)
LICENSES: st.SearchStrategy[list[dict[str, Any]]] = st.one_of(
    st.just([]),
    IDS.map(lambda i: [{"license": {"id": i}}]),
    EXPRESSIONS.map(lambda e: [{"expression": e}]),
    WORDS.map(lambda n: [{"license": {"name": n}}]),
)
COMPONENTS = st.recursive(
    st.fixed_dictionaries(
        {"type": st.sampled_from(["library", "file", "operating-system"]), "name": WORDS},
        optional={"version": WORDS, "purl": PURLS, "licenses": LICENSES},
    ),
    lambda inner: st.builds(
        lambda outer, within: {**outer, "components": within},
        st.fixed_dictionaries({"type": st.just("application"), "name": WORDS}),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=6,
)
TIMES = st.datetimes().map(lambda at: f"{at.replace(year=2026):%Y-%m-%dT%H:%M:%SZ}")


@FEWER
@given(
    st.lists(COMPONENTS, max_size=5),
    st.lists(st.tuples(WORDS, WORDS), max_size=2),
    TIMES,
    st.sampled_from(["1.2", "1.3", "1.4", "1.5", "1.6"]),
)
def test_cyclonedx_python_lib_reads_any_document_alike(
    components: list[dict[str, Any]], tools: list[tuple[str, str]], time: str, version: str
) -> None:
    installed("cyclonedx")
    listed = [{"name": name, "version": number} for name, number in tools]
    new = {"components": [{"type": "application", **tool} for tool in listed]}
    value = {
        "bomFormat": "CycloneDX",
        "specVersion": version,
        "metadata": {"timestamp": time, "tools": new if version >= "1.5" else listed},
        "components": components,
    }
    compare(CYCLONEDX, value, cyclonedx_says)


PACKAGES = st.fixed_dictionaries(
    {"name": WORDS, "downloadLocation": st.just("NOASSERTION")},
    optional={
        "versionInfo": WORDS,
        "licenseConcluded": st.one_of(IDS, EXPRESSIONS, st.sampled_from(["NOASSERTION", "NONE"])),
        "licenseDeclared": st.one_of(IDS, EXPRESSIONS, st.just("NOASSERTION")),
        "externalRefs": PURLS.map(
            lambda purl: [
                {
                    "referenceCategory": "PACKAGE-MANAGER",
                    "referenceType": "purl",
                    "referenceLocator": purl,
                }
            ]
        ),
    },
)


@FEWER
@given(
    st.lists(PACKAGES, max_size=5),
    st.lists(WORDS, max_size=2, unique=True),
    TIMES,
    st.sampled_from(["SPDX-2.2", "SPDX-2.3"]),
)
def test_spdx_tools_reads_any_document_alike(
    packages: list[dict[str, Any]], tools: list[str], time: str, version: str
) -> None:
    installed("spdx_tools")
    value = {
        "spdxVersion": version,
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": "shop",
        "dataLicense": "CC0-1.0",
        "documentNamespace": "https://acme.example/shop",
        "creationInfo": {
            "created": time,
            "creators": ["Organization: Acme", *(f"Tool: {tool}" for tool in tools)],
        },
        "packages": [{"SPDXID": f"SPDXRef-{n}", **p} for n, p in enumerate(packages)],
    }
    compare(SPDX, value, spdx_says)
