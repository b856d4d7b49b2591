"""What the reason codes mean that belong to no check, rule or room of their own."""

from __future__ import annotations

from typing import Final

CODES: Final[dict[str, str]] = {
    "nothing-to-judge": "There was no image to judge. Nothing judged is nothing proven, so it is "
    "an error and not a pass. Name manifests that run something, or images with --image.",
    "policy-missing": "No policy was named, and none lies in this folder or above it up to the "
    "root of the repository. Name one with --policy.",
    "policy-exists": "`gate init` does not write over a policy unless --force says so.",
    "links-unasked": "--links names a run, and no image entry of the policy that applies to an "
    "image of the run has a `layout` with a `file`: nothing was asked of these links, "
    "and nothing is proven by them.",
    "rate-limit-near": "A registry says that it will answer only a few requests more, and then "
    "refuse for some hours. Nothing is wrong yet. gate asks for each digest once a run.",
    "registries-malformed": "The file that says how registries are reached (--registries, or "
    "GATE_REGISTRIES) cannot be read, or says something that it cannot say.",
    "ci-unknown": "`gate init` knows GitHub Actions and GitLab CI. Elsewhere run `gate check` as a "
    "step of its own.",
    "policy-not-one-document": "A policy is one YAML document that is not empty.",
    "policy-too-large": "A policy is read by people: 1 MiB is the bound.",
    "policy-unknown-key": "A key that gate does not know, most often misspelt. A key that is "
    "ignored would be a demand that nobody enforces, so it is refused.",
    "policy-missing-key": "A section lacks a key that it cannot do without.",
    "policy-empty-value": "A key has no value. Fill it in, or remove the key: what is empty "
    "demands nothing, and gate never takes that for a demand that is met.",
    "policy-bad-value": "A value is not of the kind that its key takes. `gate schema` prints what "
    "each key takes.",
    "policy-asks-nothing": "An image entry has no check, so everything that matches it would pass.",
    "policy-entry-unreachable": "An entry above matches every image that this one matches. Entries "
    "are read from the top and the first that matches decides: put the narrower one first.",
    "policy-file-unreadable": "A key, trusted root or in-toto layout that the policy refers to "
    "cannot be read. Paths start at the policy's own folder.",
    "policy-key-malformed": "The key of a signer is no public key that gate verifies with: "
    "ECDSA on P-256, P-384 or P-521, Ed25519, or RSA of at least 2048 bits, in PEM form.",
    "policy-root-malformed": "A trusted root of the policy is no Sigstore TrustedRoot document.",
    "policy-root-unknown": "A signer names a trusted root that trusted-roots does not define.",
    "trust-root-digest": "A trusted root is not the one that the policy pins. Somebody changed it: "
    "find out who, before the new digest is pinned.",
    "trust-root-too-old": "The trusted root in this release of gate is too old to be believed: it "
    "may trust keys that were withdrawn since. Update gate, or pin a newer root in the policy.",
    "trust-root-unreachable": "The TUF repository of a trusted root did not answer, and no copy "
    "that is young enough is at hand.",
    "trust-root-unverified": "What the TUF repository of a trusted root answered does not verify "
    "from the root that the policy pins.",
    "policy-digest-mismatch": "The policy is not the one that --policy-digest names.",
    "policy-digest-malformed": "--policy-digest takes sha256: and 64 hexadecimal digits.",
    "output-malformed": "--output takes FORMAT or FORMAT=FILE, such as json=gate.json.",
    "output-twice": "Two reports would go to the same place. One format can be printed; each "
    "other one takes a file of its own.",
    "output-unwritable": "A report or pass could not be written where it should go: the folder is "
    "not there or not yours, or a link stands in the way.",
    "format-unknown": "There is no report format of that name.",
    "layout-malformed": "--layout takes NAME=FOLDER: the name that policies match, and an OCI "
    "layout folder that holds its images.",
    "bundle-unreadable": "A file that --bundle names cannot be read.",
    "links-unreadable": "--links takes a folder of in-toto link files, and it cannot be opened.",
    "bundle-too-large": "A file that --bundle names is too large to be a Sigstore bundle.",
    "bundle-malformed": "A file that --bundle names holds something else than Sigstore bundles and "
    "DSSE envelopes about images. The image is not judged without it.",
    "time-malformed": "--as-of takes RFC 3339 with an offset, such as 2026-11-21T10:00:00Z.",
    "name-unknown": "`gate explain` takes a check, a lint rule, or a code from a report.",
    "key-unreadable": "The private key that signs is not where the policy or --key says.",
    "key-malformed": "The private key that signs cannot be read: it is no PEM key, or its password "
    "in GATE_KEY_PASSWORD is wrong.",
    "signature-not-verified": "gate verifies what it signed before it stores it, and this did not "
    "verify. Nothing was stored.",
    "no-ambient-identity": "There is no CI job whose identity could sign. Keyless signing works in "
    "GitHub Actions with id-token: write, in GitLab with an id_tokens entry, and in a few others.",
    "id-token-permission": "The GitHub job lacks the permission id-token: write.",
    "identity-token-malformed": "What the CI system gave as an identity token is none.",
    "ambient-identity-refused": "The CI system did not give an identity token.",
    "would-be-published": "A public log would show names of a private repository to everyone, for "
    "ever. Sign with a key, or allow it in the policy with publish-private: true.",
    "trust-config-malformed": "The Sigstore client trust config to sign with cannot be read.",
    "certificate-refused": "Fulcio gave no certificate.",
    "log-refused": "Rekor did not take the entry, or a timestamp authority did not answer.",
    "statement-malformed": "What was to be signed is no in-toto statement v1.",
    "verdict-predicate": "`gate attest` does not sign verdicts: a pass is made by `gate check`, "
    "from a cleared release alone.",
    "attest-type-unknown": "`gate attest --type` takes sbom, vulnerabilities, openvex, provenance, "
    "or custom with --predicate-type.",
    "attest-file": "The file to attest cannot be read, or is not what its type says.",
    "attest-too-large": "The statement is larger than what gate reads of one attestation.",
    "kms-key-unsupported": "The key in the service is of a kind that Sigstore's verifiers do not "
    "read: ECDSA with the hash of its curve, Ed25519 and RSA with PKCS #1 v1.5 are.",
    "kms-library-missing": "The client library of that key management service is not installed.",
    "kms-refused": "The key management service did not do what was asked.",
    "kms-scheme-unknown": "The URI names no key management service that gate knows.",
    "kms-uri-malformed": "The URI is not of the form that its key management service has.",
    "kms-signature-wrong": "The key management service gave a signature that its own key did not "
    "make. Nothing was stored.",
    "key-unsupported": "Passes are signed with ECDSA, Ed25519 or RSA keys.",
    "image-reference-malformed": "What a manifest or --image names is no image reference: "
    "[registry/]repository[:tag][@sha256:digest], in lowercase.",
    "image-not-covered": "No entry of the policy's images matches this image. What no entry "
    "matches is blocked: add an entry that says what it must show.",
    "digest-required": "The image is named by its tag alone, which can move before it is pulled. "
    "Pin it with `gate pin`, or apply what `gate admit --pinned FILE` writes.",
    "registry-not-allowed": "The image lies in no registry that registries.allow lists. It was "
    "not asked for.",
    "not-answered": "The policy asks a question that the run did not answer. That is a defect of "
    "gate, and it blocks.",
    "not-needed": "In `gate why`: this evidence would meet the check alone, and the check relies "
    "on other evidence, such as a newer scan by the same tool.",
    "vex-not-applied": "In `gate why`: no statement of this VEX document excuses anything that was "
    "found. `gate check` says of each finding why: another image, `affected`, no reason.",
    "internal-error": "gate broke. What it was looking at stays blocked; nothing was cleared.",
    "cannot-pin": "An image is written in a way that takes no digest from gate, such as a block "
    "scalar or a part of a longer text. Write it as plain or quoted text, or pin it yourself.",
    "pinned-differs": "gate reads what it wrote to apply before it puts the file in place, and an "
    "object was not the one that was judged. Nothing was written. It is a defect of gate.",
    "cannot-read": "A file that was named is there and cannot be read.",
    "input-too-large": "The files together are larger than one run takes. Judge fewer at once.",
    "lint-option": "An option of `gate lint` has a value that it does not take.",
    "not-canonical": "An object holds something that canonical JSON (RFC 8785) cannot, such as a "
    "whole number beyond 2**53 - 1, so a pass could not bind it. Quote such numbers.",
    "nothing-found": "A path or glob means no file. It is an error, so that a typing mistake "
    "never looks like a clean run.",
    "waiver-unused": "A waiver matches no finding. Remove it, or it will excuse one some day that "
    "nobody has looked at.",
}
