"""A shell script of cosign's commands, which verifies the images that it is given.

https://docs.sigstore.dev/cosign/verifying/verify/

It is for a place that has cosign and not gate. cosign verifies signatures and who made them; it
reads no SBOM, compares no age, and knows no release. The public keys and the trusted roots of
the policy are in the script, so that it needs no other file.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Collection, Iterator
from typing import Final

from gate.checks.demand.base import Level, SignedParams
from gate.checks.digest import CHECK as DIGEST
from gate.checks.signature import CHECK as SIGNATURE
from gate.checks.verdict_pass import CHECK as PASS
from gate.checks.verdict_pass import PassParams
from gate.export.account import Account, Exported
from gate.export.demanded import key_pem, pass_cue
from gate.export.flags import SignerFlags, signer_flags
from gate.export.names import DIGEST as DIGEST_EXPRESSION
from gate.export.names import IN_FULL, NOT_IN_FULL, allowed_expression, image_expression, spellings
from gate.policy.document import ImageEntry, Policy
from gate.policy.signers import PUBLIC_GOOD, KeySigner
from gate.predicates.types import IMAGE_SIGNATURE
from gate.predicates.verification_summary import TYPES as PASS_TYPES

TARGET: Final = "cosign"
_TYPES: Final[dict[str, tuple[tuple[str, ...], str]]] = {
    "sbom": (("cyclonedx", "spdxjson"), "an SBOM must be signed; nothing in it is read"),
    "scan-age": (("vuln",), "a scan must be signed; its age is not compared"),
    "vulnerabilities": (("vuln",), "a scan must be signed; its findings are not read"),
    "provenance": (
        ("slsaprovenance1", "slsaprovenance02"),
        "provenance must be signed; nothing in it is read",
    ),
}
"""Of each check of an attestation cosign's names of its types, and what that demands."""
_SIGNATURES: Final = (
    f"attested --type {IMAGE_SIGNATURE[0]}",
    "signed --new-bundle-format=false",
)
"""A bundle that is a signature, or one of cosign's older signatures. `cosign verify` alone takes
every attestation of the signer for a signature."""
_ONE_DIGEST: Final = "of an index, cosign looks at the digest that is named, and at no platform"
_NOTHING: Final = 'refuse "$1" "its entry demands nothing that cosign can verify"'
_HEAD: Final = """\
#!/bin/sh
"""
_START: Final = """
# Usage: sh FILE IMAGE...   (cosign 3.0 or newer)
# Exit codes: 0 every image is verified, 1 one is not, 2 none was named or cosign is missing.
# GATE_COSIGN_FLAGS holds more flags for cosign, such as --allow-http-registry.
set -u
command -v cosign >/dev/null || { echo "cosign is not on PATH" >&2; exit 2; }
[ $# -gt 0 ] || { echo "name the images to verify" >&2; exit 2; }
files=$(mktemp -d) || exit 2
trap 'rm -rf "$files"' EXIT

fits() { printf '%s\\n' "$2" | LC_ALL=C grep -Eqe "$1"; }
signed() { cosign verify ${GATE_COSIGN_FLAGS:-} "$@" >/dev/null 2>&1; }
attested() { cosign verify-attestation ${GATE_COSIGN_FLAGS:-} "$@" >/dev/null 2>&1; }
refuse() { printf '%s: %s\\n' "$1" "$2" >&2; return 1; }
"""
_END: Final = """
failed=0
for image in "$@"; do
  case $image in
    -* | *[!A-Za-z0-9._:/@-]*) refuse "one image" "this is no name of one"; failed=1 ;;
    *) if verify "$image"; then printf '%s: verified\\n' "$image"; else failed=1; fi ;;
  esac
done
exit "$failed"
"""


def export_cosign(policy: Policy) -> Exported:
    """Return the script."""
    account = Account(policy)
    parts = [_HEAD, _START, "\n", *_files(policy)]
    for number, entry in enumerate(policy.images):
        parts += [f"\n# {entry.pattern.text}\n", f"entry_{number}() {{\n"]
        lines = [*_entry(entry, number, account)]
        # One that demands nothing here must not look like one that is met.
        lines.append("return 0" if lines else _NOTHING)
        parts += [*(f"  {line}\n" for line in lines), "}\n"]
    parts += ["\nverify() {\n", *(f"  {line}\n" for line in _dispatch(policy, account)), "}\n"]
    return account.closed(TARGET, "".join([*parts, _END]))


def _files(policy: Policy) -> Iterator[str]:
    """Yield what writes each key, trusted root and demand on a pass to a file."""
    for number, (_, signer) in enumerate(sorted(policy.signers.items())):
        if isinstance(signer, KeySigner):
            yield _here(f"key_{number}.pub", key_pem(policy, signer))
    for number, (_, root) in enumerate(sorted(policy.roots.items())):
        if root.file is not None:
            yield _here(f"root_{number}.json", json.dumps(json.loads(policy.files[root.file])))
    for number, entry in enumerate(policy.images):
        asked = entry.checks.get(PASS.name)
        if isinstance(asked, PassParams):
            yield _here(f"pass_{number}.cue", pass_cue(asked))


def _here(name: str, content: str) -> str:
    return f"cat >\"$files/{name}\" <<'GATE_END'\n{content.rstrip()}\nGATE_END\n"


def _dispatch(policy: Policy, account: Account) -> Iterator[str]:
    """Yield what finds the first entry that matches, as gate does."""
    if policy.allowed is not None:
        tests = " || ".join(
            f'fits {shlex.quote(allowed_expression(a.text))} "$1"' for a in policy.allowed
        )
        account.approximated("registries.allow", IN_FULL)
        yield f'{{ {tests}; }} || {{ refuse "$1" "from no allowed registry"; return 1; }}'
    if told := spellings([entry.pattern.text for entry in policy.images]):
        full, other = map(shlex.quote, told)
        refused = f'{{ refuse "$1" {shlex.quote(NOT_IN_FULL)}; return 1; }}'
        yield f'fits {full} "$1" || {refused}'
        yield f'fits {other} "$1" && {refused}'
    for number, entry in enumerate(policy.images):
        word = "if" if number == 0 else "elif"
        expression = shlex.quote(image_expression(entry.pattern.text))
        yield f'{word} fits {expression} "$1"; then entry_{number} "$1"'
    yield 'else refuse "$1" "no entry of the policy matches it"'
    yield "fi"


def _entry(entry: ImageEntry, number: int, account: Account) -> Iterator[str]:
    for name, asked in entry.checks.items():
        at = f"images {entry.pattern.text} {name}"
        if name == DIGEST.name:
            account.expressed(at)
            yield _demand_digest()
        elif name == SIGNATURE.name and isinstance(asked, SignedParams):
            account.expressed(at)
            yield from _counted(at, asked, account, _SIGNATURES, "signature")
        elif isinstance(asked, PassParams):
            yield _demand_digest()
            account.approximated(
                at,
                "a pass must be signed and say what is demanded, as each other pass of that signer "
                "at the image must; no time, no release and no object is compared",
            )
            for key in ("verifier", "environment", "policies"):
                account.expressed(f"{at}.{key}")
            cue = f'"$files/pass_{number}.cue"'
            command = f"attested --type {PASS_TYPES[0]} --policy {cue}"
            yield from _counted(at, asked, account, [command], "pass")
        elif name in _TYPES and isinstance(asked, SignedParams):
            types, how = _TYPES[name]
            account.approximated(at, how)
            commands = [f"attested --type {one}" for one in types]
            yield from _counted(at, asked, account, commands, name)


def _demand_digest() -> str:
    expression = shlex.quote(f"{DIGEST_EXPRESSION}$")
    return f'fits {expression} "$1" || {{ refuse "$1" "it has no digest"; return 1; }}'


def _counted(
    at: str, asked: SignedParams, account: Account, commands: Collection[str], what: str
) -> Iterator[str]:
    """Yield what counts the signers for whom one of the commands succeeds."""
    names, policy = sorted(set(asked.by)), account.policy
    patterns = [name for name in names if not policy.signers[name].literal]
    if "at_least" in asked.model_fields_set:
        if patterns and asked.at_least > 1:
            account.approximated(
                f"{at}.at-least",
                "each signer counts once, also one that is a pattern for several identities",
            )
        else:
            account.expressed(f"{at}.at-least")
    if "on" in asked.model_fields_set:
        if asked.on is Level.INDEX:
            account.expressed(f"{at}.on")
        else:
            account.approximated(f"{at}.on", _ONE_DIGEST)
    yield "met=0"
    for name in names:
        flags = _flags(f"{at}.by.{name}", name, account)
        tries = " || ".join(f'{command} {flags} "$1"' for command in commands)
        yield f"{{ {tries}; }} && met=$((met + 1))"
    wanted = f"{asked.at_least} of {', '.join(names)}" if asked.at_least > 1 else ", ".join(names)
    told = shlex.quote(f"no {what} by {wanted}")
    yield f'[ "$met" -ge {asked.at_least} ] || {{ refuse "$1" {told}; return 1; }}'


def _flags(at: str, name: str, account: Account) -> str:
    policy = account.policy
    signer = policy.signers[name]
    names = sorted(policy.signers)
    flags: SignerFlags = signer_flags(signer, key=f'"$files/key_{names.index(name)}.pub"')
    for key in signer.model_fields_set:
        alias = signer.fields()[key].alias
        if key in flags.approximated:
            account.approximated(f"{at}.{alias}", flags.approximated[key])
        elif key in flags.expressed:
            account.expressed(f"{at}.{alias}")
    words = list(flags.words)
    if signer.root != PUBLIC_GOOD:
        root = policy.roots[signer.root]
        if root.file is not None:
            number = sorted(policy.roots).index(signer.root)
            words += ["--trusted-root", f'"$files/root_{number}.json"']
            account.expressed(f"{at}.root")
    elif "root" in signer.model_fields_set:
        account.expressed(f"{at}.root")
    return " ".join(words)
