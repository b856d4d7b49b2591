"""What the reason codes of this room mean: a policy that cannot be taken as it is."""

from __future__ import annotations

from typing import Final

from gate.model.code_page import CodePage

CODES: Final[dict[str, CodePage]] = {
    "policy-not-one-document": CodePage(
        "The policy is not one YAML document.",
        "A policy is one document that is not empty.",
        "Write one document, without `---` lines between sections.",
    ),
    "policy-too-large": CodePage(
        "The policy is larger than gate reads.",
        "People read policies: 1 MiB is the bound.",
        "Shorten the policy; one pattern can stand for many images.",
    ),
    "policy-unknown-key": CodePage(
        "The policy has a key that gate does not know.",
        "Most often it is misspelt. A key that is ignored would be a demand that nobody enforces.",
        "Correct the key; `gate schema` prints all keys.",
        "signture: {by: [ci]}   # signature",
    ),
    "policy-missing-key": CodePage(
        "A section of the policy lacks a key.",
        "gate cannot do without it, and guesses no value.",
        "Add the key that the message names.",
    ),
    "policy-empty-value": CodePage(
        "A key of the policy has no value.",
        "What is empty demands nothing. gate never takes that for a demand that is met.",
        "Fill in the value, or remove the key.",
    ),
    "policy-bad-value": CodePage(
        "A value is not of the kind that its key takes.",
        "The message says what the key takes.",
        "Correct the value; `gate schema` prints what each key takes.",
    ),
    "policy-asks-nothing": CodePage(
        "An image entry asks for nothing.",
        "It has no check, so everything that matches it would pass.",
        "Add a check to the entry, such as `signature`.",
        "- match: ghcr.io/acme/**\n  signature: {by: [ci]}",
    ),
    "policy-entry-unreachable": CodePage(
        "No image can reach this entry.",
        "An entry above it matches every image that this one matches, and the first that "
        "matches decides.",
        "Put the narrower entry first.",
    ),
    "policy-file-unreadable": CodePage(
        "A file that the policy names cannot be read.",
        "It is a key, a trusted root, a baseline, definitions of custom kinds or a layout. "
        "Paths start at the policy's own folder.",
        "Correct the path, or put the file there.",
    ),
    "policy-key-malformed": CodePage(
        "The key of a signer is not a public key that gate verifies with.",
        "gate reads ECDSA on P-256, P-384 or P-521, Ed25519, and RSA of at least 2048 bits, in "
        "PEM form.",
        "Name the file of the public key, not of the private one.",
        "signers:\n  build: {key: keys/build.pub}",
    ),
    "policy-root-malformed": CodePage(
        "A trusted root of the policy is not a Sigstore TrustedRoot document.",
        "Without it no certificate and no log can be believed.",
        "Name a file that `cosign trusted-root create` or your Sigstore instance made.",
    ),
    "policy-root-unknown": CodePage(
        "A signer names a trusted root that the policy does not define.",
        "`root:` of a signer is a name under `trusted-roots`.",
        "Define the root, or correct the name.",
    ),
    "waiver-unused": CodePage(
        "A waiver excuses nothing.",
        "It matches no finding of this run. Later it may excuse one that nobody has looked at.",
        "Remove the waiver.",
    ),
}
