"""What the reason codes of this room mean: files that are not read, each with its place."""

from __future__ import annotations

from typing import Final

from gate.model.code_page import CodePage

CODES: Final[dict[str, CodePage]] = {
    "yaml-parse-error": CodePage(
        "The file is not YAML that every reader takes.",
        "The parser stopped at the place that the message names. What follows it was not read.",
        "Correct the file at this place.",
        "metadata:\n  name: shop\n   labels: {}   # one blank too many",
    ),
    "yaml-encoding": CodePage(
        "The file holds bytes or characters that YAML text cannot have.",
        "YAML is UTF-8 text without control characters. Editors hide some of them, so that a "
        "reviewer and a parser see different files.",
        "Save the file as UTF-8, and remove the character.",
    ),
    "yaml-too-large": CodePage(
        "The file is larger than gate reads.",
        "gate reads files of up to 16 MiB.",
        "Split the file.",
    ),
    "yaml-too-deep": CodePage(
        "The document is nested too deeply.",
        "gate reads 64 levels. Kubernetes objects have about 20.",
        "Flatten the document.",
    ),
    "yaml-too-many-nodes": CodePage(
        "The file has too many parts.",
        "gate counts up to a million parts, with aliases expanded: a few lines of aliases can "
        "stand for billions.",
        "Split the file, or use fewer aliases.",
    ),
    "yaml-too-many-documents": CodePage(
        "The file has too many documents.",
        "gate reads up to 5,000 documents a file.",
        "Split the file.",
    ),
    "yaml-duplicate-key": CodePage(
        "A key is written twice in one mapping.",
        "Readers differ: some take the first value, some the last.",
        "Keep one of the two.",
        "securityContext: {privileged: true}\nsecurityContext: {privileged: false}",
    ),
    "yaml-key": CodePage(
        "A key is not text.",
        "JSON, and so Kubernetes, has only text as keys.",
        "Quote the key, or write it out.",
    ),
    "yaml-tag": CodePage(
        "A tag or directive means nothing here.",
        "Kubernetes reads YAML's own tags alone, and readers differ about all others.",
        "Remove the tag.",
    ),
    "yaml-alias": CodePage(
        "An alias names no anchor that ends before it.",
        "An anchor cannot hold itself, and an alias cannot come before its anchor.",
        "Define the anchor above the alias.",
    ),
    "yaml-merge": CodePage(
        "A merge key is read differently by different readers.",
        "go-yaml v2 lets the merge win over a key above it, and the specification does not.",
        "Put the merge key first in the mapping.",
    ),
    "yaml-not-finite": CodePage(
        "A number is infinite or not a number.",
        "JSON has no such number, so Kubernetes cannot store it.",
        "Write a finite number, or quote the text.",
    ),
}
