"""What several tests make of recorded sboms."""

from __future__ import annotations

from tests.conformance.corpora import Row

SPDX = "https://spdx.dev/Document"


SYFT = "syft--syft__format__"


OSV = "osv-scanner--cmd__osv-scanner__scan__"


UNREAD = {
    # a time or a serial number is blanked, as snapshots do
    "osv-scanner--internal__output____snapshots____spdx_test.snap-10.json",
    "osv-scanner--internal__output____snapshots____spdx_test.snap-32.json",
    f"{SYFT}cyclonedxjson__testdata__identify__micronaut-1.5.json",
    f"{SYFT}cyclonedxjson__testdata__snapshot__TestCycloneDxImageEncoder.golden.json",
    f"{SYFT}spdxjson__testdata__snapshot__TestSPDX22JSONRequredProperties.golden.json",
    f"{SYFT}spdxjson__testdata__snapshot__TestSPDXJSONDirectoryEncoder.golden.json",
    f"{SYFT}spdxjson__testdata__snapshot__TestSPDXJSONImageEncoder.golden.json",
    # a creator is not text, a component has no type of its version, a component is empty
    "guac--internal__testing__testdata__exampledata__small-spdx.json",
    f"{OSV}image__testdata__lockfile-fixture__alpine-zlib-16.cdx.json",
    "specification--tools__src__test__resources__1.2__skip_invalid-empty-component-1.2.json",
}
"""Documents without a stated verdict that are not well formed, and why."""


def is_spdx_3(row: Row) -> bool:
    return row.format in ("spdx3", "spdx:SPDX-3.0")


def is_invalid(row: Row) -> bool:
    return row.verdict.startswith("invalid")


def is_read(row: Row) -> bool:
    return not (is_invalid(row) or is_spdx_3(row) or row.file in UNREAD)
