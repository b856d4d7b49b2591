"""`cosign verify` and `cosign verify-attestation` in a workflow or a script.

Lines are read as a shell would, with those that end in a backslash. A variable that the file sets
to one text, and to no other, is that text. What another holds is not known: an image that is one
may be any, so it is asked of every image.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import field, replace
from typing import Any, Final

from gate.export.imports.account import TakenLine
from gate.export.imports.call import ImportCall
from gate.export.imports.proposal import ImportedPolicy, union
from gate.export.imports.signing import SignerSaid, keyed, keyless
from gate.export.imports.variables import Variables
from gate.export.imports.words import OWN_ROOT, check_of, image_pattern
from gate.model.expressions import expression
from gate.model.location import Location
from gate.model.records import dataclass

_CALL: Final = expression(r"(?<![\w./-])cosign\s+(verify-attestation|verify)(?=\s|$)")
_VARIABLE: Final = expression(r"\$\{\{.*?\}\}|\$\{[^}]*\}|\$\([^)]*\)|\$\w+")
_BREAKS: Final = "|;&<>"
"""What ends a command, or sends its output elsewhere."""
_SPOKEN: Final = expression(r"(?:^|[|;&(])\s*(?:-\s+)?(?:echo|printf|name:|description:)\s[^|;&]*$")
"""What comes before words that are printed, or are the name of a step."""
_MOST_LINES: Final = 64
_FIELDS: Final = {
    "certificate-github-workflow-repository": "source-repository",
    "certificate-github-workflow-ref": "ref",
    "certificate-github-workflow-trigger": "trigger",
}
_SWITCHES: Final = frozenset(
    (
        *("allow-insecure-registry", "allow-http-registry", "insecure-ignore-tlog", "offline"),
        *("insecure-ignore-sct", "private-infrastructure", "local-image", "check-claims"),
        *("new-bundle-format", "experimental-oci11", "use-signed-timestamps", "verbose", "d"),
        "k8s-keychain",
    )
)
"""Flags without a value, or with one after `=` alone."""
_SILENT: Final = frozenset(
    (
        *("output", "o", "output-file", "timeout", "t", "max-workers", "verbose", "d"),
        *("allow-insecure-registry", "allow-http-registry", "k8s-keychain", "new-bundle-format"),
        *("experimental-oci11", "registry-username", "registry-password", "registry-token"),
        *("offline", "attachment-tag-prefix"),
    )
)
"""Flags that say where and how, and demand nothing."""
_ABOUT_SIGNERS: Final = frozenset(
    (
        *("key", "certificate-identity", "certificate-identity-regexp", *_FIELDS),
        *("certificate-oidc-issuer", "certificate-oidc-issuer-regexp"),
    )
)
_ANY_REF: Final = expression(r"(@refs/(?:tags|heads)/)(?:\$\{\{[^{}$]*\}\}|\$\{\w+\}|\$\w+)\$?")
_WHY: Final = {
    "insecure-ignore-sct": "gate always demands that a certificate is in a log, where it is logged",
    "a": "gate compares no annotations of signatures",
    "annotations": "gate compares no annotations of signatures",
    "certificate-github-workflow-sha": "a policy names refs and no commits",
    "certificate-github-workflow-name": "a policy names the file of a workflow, and not its name",
    "policy": "gate reads no CUE and no Rego: its checks read what an attestation says",
    "certificate": "gate takes the certificate that is with the signature",
    "certificate-chain": OWN_ROOT,
    "ca-roots": OWN_ROOT,
    "rekor-url": OWN_ROOT,
    "trusted-root": OWN_ROOT,
    "private-infrastructure": "the signer has `log: optional`, and a root under `trusted-roots`",
    "sk": "write the public key of the token as PEM",
    "signature": "gate reads signatures beside the image, or in a bundle that --bundle names",
    "payload": "gate reads signatures beside the image, or in a bundle that --bundle names",
    "local-image": "name a layout folder in the call: --image oci:FOLDER",
    "check-claims": "gate always compares what a signature is about",
    "attachment": "sign the SBOM as an attestation",
    "use-signed-timestamps": "write `timestamp: required` to the signer",
}


@dataclass(slots=True)
class _Call:
    command: str
    line: int
    flags: dict[str, str] = field(default_factory=dict)
    images: list[str] = field(default_factory=list)


def import_cosign(text: str, path: str, asked: ImportCall) -> list[TakenLine]:
    """Add what the calls in a text demand; return the account, in the order of its lines."""
    lines: list[TakenLine] = []
    variables = Variables.of(text, asked.repository)
    for call in _calls(text):
        for name in _ABOUT_SIGNERS & call.flags.keys():
            call.flags[name] = variables.filled(call.flags[name])
        call.images = [variables.filled(image) for image in call.images]
        lines += _one(call, path, asked.proposal, asked.read)
    return lines


def _calls(text: str) -> Iterator[_Call]:
    written = text.splitlines()
    for index, line in enumerate(written):
        if line.lstrip().startswith("#"):
            continue
        found = _CALL.search(line)
        if found is None or _SPOKEN.search(line[: found.start()]):
            continue
        whole, at = line[found.start() :], index
        while whole.rstrip().endswith("\\") and at + 1 < len(written) and at - index < _MOST_LINES:
            at += 1
            whole = f"{whole.rstrip()[:-1]} {written[at].strip()}"
        yield _read_call(found[1], index + 1, whole)


def _read_call(command: str, line: int, whole: str) -> _Call:
    # What a workflow puts in place of ${{ … }} may have spaces in it, and is one word.
    held = _VARIABLE.sub(lambda found: re.sub(r"\s", "", found[0]), whole)
    try:
        words = list(_words(held))
    except ValueError:
        words = held.replace('"', "").replace("'", "").split()
    call = _Call(command, line)
    rest = iter(words[2:])
    for word in rest:
        if not word.startswith("-") or word == "-":
            call.images.append(word)
            continue
        name, equals, value = word.lstrip("-").partition("=")
        if not equals:
            value = "true" if name in _SWITCHES else next(rest, "")
        call.flags[name] = value
    return call


def _words(command: str) -> Iterator[str]:
    """Yield the words of one command, up to what ends it. Raises ValueError for an open quote."""
    lexer = shlex.shlex(command, posix=True, punctuation_chars=_BREAKS)
    lexer.whitespace_split, lexer.commenters = True, ""
    held = ""
    for word in lexer:
        ends = not set(word) - set(_BREAKS)
        if held and not (ends and held.isdigit()):
            yield held
        if ends:
            return
        held = word
    if held:
        yield held


def _one(
    call: _Call, path: str, proposal: ImportedPolicy, read: Callable[[str], str | None]
) -> Iterator[TakenLine]:
    def told(demand: str, key: str = "", note: str = "") -> TakenLine:
        return TakenLine(location=Location(path, call.line), demand=demand, key=key, note=note)

    yield from (told(f"--{name}", note=why) for name, why in _unread(call.flags))
    spoken = f"cosign {call.command}"
    try:
        signer = _signer(call.flags, proposal, read)
        check, note = _check(call)
    except ValueError as problem:
        yield told(spoken, note=str(problem))
        return
    if not call.images:
        yield told(spoken, note="the image is not on the line")
    for image in call.images:
        demand = f"{spoken} {image}"
        try:
            key, more = _asked(image, check, proposal, signer)
        except ValueError as problem:
            yield told(demand, note=str(problem))
        else:
            yield told(demand, key, "; ".join(filter(None, (note, more))))


def _unread(flags: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield each flag that demands what a policy does not say, and why it does not."""
    known = {"key", "type", "certificate-identity", "certificate-identity-regexp"}
    known |= {"certificate-oidc-issuer", "certificate-oidc-issuer-regexp", "insecure-ignore-tlog"}
    for name, value in sorted(flags.items()):
        if name in _FIELDS:
            if _VARIABLE.search(value):
                yield name, "it is a variable: write its value under `signers`"
        elif name in _WHY:
            if value != "false":
                yield name, _WHY[name]
        elif name not in known and name not in _SILENT:
            yield name, "gate knows no such demand"


def _check(call: _Call) -> tuple[str, str]:
    """Return the check that a call is, and a note. Raises ValueError, with why there is none."""
    if call.command == "verify":
        return "signature", ""
    named = call.flags.get("type", "custom")
    check, note = check_of(named)
    if check is None:
        msg = f"of type {named}: {note}"
        raise ValueError(msg)
    return check, note


def _asked(image: str, check: str, proposal: ImportedPolicy, signer: SignerSaid) -> tuple[str, str]:
    """Demand a check of an image; return the key and a note. Raises ValueError."""
    held = _VARIABLE.split(image)[0]
    variable = held != image
    if variable and held.endswith(("@", ":")) and "/" in held:
        held, variable = held[:-1], False  # the name is written, and the tag alone is not
    pattern = ("**", "the image is a variable, so this is asked of every image")
    if not variable:
        found = image_pattern(held, spans=False)
        if found is None:
            msg = "this is no name of an image that a policy can have"
            raise ValueError(msg)
        pattern = found
    if not proposal.ask(pattern[0], check, union([signer.name])):
        msg = "another line demands other signers of the same images"
        raise ValueError(msg)
    notes = "; ".join(filter(None, (signer.note, pattern[1])))
    return f"images {pattern[0]} {check}.by {signer.name}", notes


def _signer(
    flags: dict[str, str], proposal: ImportedPolicy, read: Callable[[str], str | None]
) -> SignerSaid:
    subject, note = flags.get("certificate-identity", ""), ""
    if _ANY_REF.search(subject) and not _VARIABLE.search(_ANY_REF.sub("", subject)):
        subject = _ANY_REF.sub(r"\g<1>*", subject)
        note = "with every such ref, because the call's own is a variable"
    flags = {**flags, "certificate-identity": subject}
    for name in ("key", "certificate-identity", "certificate-identity-regexp"):
        if _VARIABLE.search(flags.get(name, "")):
            msg = f"--{name} is a variable: write its value under `signers`"
            raise ValueError(msg)
    optional = flags.get("insecure-ignore-tlog") in ("true", "True")
    if "key" in flags:
        return keyed(proposal, flags["key"], read, more=None if optional else {"log": "required"})
    more: dict[str, Any] = {}
    for flag, key in _FIELDS.items():
        value = flags.get(flag, "")
        if value and not _VARIABLE.search(value):
            more[key] = [value] if key == "trigger" else value
            if key == "source-repository" and "://" not in value:
                more[key] = f"https://github.com/{value}"
    if optional:
        more["log"] = "optional"
    signer = keyless(
        proposal,
        issuer=_known(flags.get("certificate-oidc-issuer", "")),
        subject=subject,
        expression=flags.get("certificate-identity-regexp", ""),
        issuer_expression=_known(flags.get("certificate-oidc-issuer-regexp", "")),
        more=more,
    )
    return replace(signer, note="; ".join(filter(None, (note, signer.note))))


def _known(text: str) -> str:
    if _VARIABLE.search(text):
        msg = "the issuer is a variable: write its value under `signers`"
        raise ValueError(msg)
    return text
