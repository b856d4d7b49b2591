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
        "reviewer and a parser see different files. White space beyond ASCII at the beginning "
        "is skipped by some tools only.",
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
    "yaml-line-ends": CodePage(
        "A line ends with CR alone.",
        "Parsers of YAML begin a new line there, and kubectl does not: they read other objects.",
        "Save the file with LF or CRLF line ends.",
    ),
    "yaml-separator": CodePage(
        "Readers cut this file into documents at different places.",
        "A line with `---` alone, or with a comment behind a space, divides documents for "
        "kubectl, Helm, Flux and all parsers of YAML. They differ on `---# next`, on "
        "`--- {a: b}`, and on what follows `...`.",
        "Write `---` alone on its line; a comment needs a space before its `#`.",
        "data: {}\n---# next: |          # a separator to kubectl, a key to parsers\n  kind: Pod",
    ),
    "yaml-directive": CodePage(
        "The file has a %YAML or %TAG directive.",
        "At a directive kubectl cuts the file, and then refuses it.",
        "Remove the line that begins with %.",
    ),
    "yaml-key": CodePage(
        "A key is not text, or not the same text to every tool.",
        "JSON, and so Kubernetes, has only text as keys. kubectl makes `true` of the key `on` "
        "and `1.1` of `1.10`; kustomize keeps what is written.",
        "Quote the key, or write it out.",
        '"on": enabled      # without the quotes, kubectl reads true: enabled',
    ),
    "yaml-tag": CodePage(
        "A tag means nothing here, or not the same to every parser.",
        "Kubernetes reads YAML's own tags alone, and readers differ about all others: `! 1.5` is "
        "text to some and a number to others.",
        "Remove the tag, and quote what is text.",
    ),
    "yaml-alias": CodePage(
        "An alias names no anchor that ends before it.",
        "An anchor cannot hold itself, and an alias cannot come before its anchor.",
        "Define the anchor above the alias.",
    ),
    "yaml-anchor": CodePage(
        "An anchor is used twice in one document, or is on a key.",
        "Parsers differ on what an alias to it means: some know an anchor from where its value "
        "begins, some from where it ends, and a key is text to some and a typed value to others.",
        "Give each anchor its own name, and put it on a value.",
    ),
    "yaml-merge": CodePage(
        "A merge key is read differently by different readers.",
        "go-yaml v2 lets the merge win over a key above it, and the specification does not. Of "
        "two merge keys in one mapping, some readers take the first, some the last, and some "
        "refuse both.",
        "Put one merge key first in the mapping; merge several mappings with a list.",
        "<<: [*first, *second]",
    ),
    "yaml-number": CodePage(
        "A number is not the same number to every parser.",
        "Forms such as `0b+0`, `0o+7` and `.5_0` are a number to some and text to others, and "
        "of a number with more than 400 characters each keeps what it can.",
        "Write the number plainly, or quote the text.",
    ),
    "yaml-json": CodePage(
        "An object is not the same when it is read as JSON and as YAML.",
        "A file that begins with { is JSON to kubectl first. A key that is written twice is one "
        "cause.",
        "Write the object as JSON without repeated keys, or as YAML.",
    ),
    "yaml-not-finite": CodePage(
        "A number is infinite or not a number.",
        "JSON has no such number, so Kubernetes cannot store it.",
        "Write a finite number, or quote the text.",
    ),
}
