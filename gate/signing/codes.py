"""What the reason codes of this room mean: a pass or statement that could not be signed."""

from __future__ import annotations

from typing import Final

from gate.model.code_page import CodePage

CODES: Final[dict[str, CodePage]] = {
    "key-unreadable": CodePage(
        "The private key cannot be read.",
        "It is not where the policy or --key says.",
        "Correct the path, or put the key there.",
    ),
    "key-itself": CodePage(
        "A private key is where the name of its file is expected.",
        "--key, and `key` under `sign` in a policy, name a file. The key itself would be in the "
        "list of processes, in logs and in the repository. gate shows nothing of it.",
        "Write the key to a file that this job alone can read, and name the file. Who could read "
        "the call or the policy has the key: make a new one.",
        "gate sign --key gate.key ghcr.io/acme/shop@sha256:<64 hex>",
    ),
    "key-malformed": CodePage(
        "The private key cannot be used.",
        "It is not a PEM key, or its password in GATE_KEY_PASSWORD is wrong.",
        "Set GATE_KEY_PASSWORD to the key's password, or name a PEM key.",
    ),
    "key-unsupported": CodePage(
        "The key is of a kind that signs no pass.",
        "Passes are signed with ECDSA, Ed25519 or RSA keys.",
        "Make a key of one of these kinds, such as ECDSA on P-256.",
    ),
    "own-signature-not-verified": CodePage(
        "What gate signed did not verify.",
        "gate verifies its own signature before it stores it. Nothing was stored.",
        "Run again. If it stays so, the message says which part does not verify.",
    ),
    "no-ambient-identity": CodePage(
        "There is no CI job whose identity could sign.",
        "Keyless signing works in GitHub Actions with `id-token: write`, in GitLab with an "
        "`id_tokens` entry, and in a few others.",
        "Run in such a job, or sign with a key.",
        "permissions: {id-token: write}",
    ),
    "id-token-permission": CodePage(
        "The GitHub job may not ask for an identity token.",
        "The permission `id-token: write` is missing.",
        "Add the permission to the job.",
        "permissions: {contents: read, id-token: write}",
    ),
    "identity-token-malformed": CodePage(
        "The CI system gave no usable identity token.",
        "What it gave is not a token of the form that Fulcio takes.",
        "Ask for the token with the audience `sigstore`.",
    ),
    "ambient-identity-refused": CodePage(
        "The CI system did not give an identity token.",
        "The job asked, and the answer was a refusal.",
        "Check the job's permissions, then run again.",
    ),
    "would-be-published": CodePage(
        "Signing would publish the name of a private repository.",
        "A public log shows every entry to everyone, for ever.",
        "Sign with a key, or allow it in the policy with `publish-private: true`.",
    ),
    "trust-config-malformed": CodePage(
        "The Sigstore client trust config cannot be read.",
        "It says which Fulcio, Rekor and timestamp authority to ask.",
        "Name a file of the form that your Sigstore instance publishes.",
    ),
    "trust-config-unavailable": CodePage(
        "The Sigstore client trust config cannot be fetched.",
        "The repository that holds it did not answer.",
        "Run again, or name a file with `trust-config`.",
    ),
    "certificate-refused": CodePage(
        "Fulcio gave no certificate.",
        "It did not answer, or did not accept the identity token.",
        "Run again. If it stays so, check that your Fulcio knows the token's issuer.",
    ),
    "log-refused": CodePage(
        "The log or the timestamp authority did not take the signature.",
        "Rekor did not take the entry, or a timestamp authority did not answer.",
        "Run again. Nothing was stored.",
    ),
    "statement-malformed": CodePage(
        "What was to be signed is not an in-toto statement.",
        "gate signs statements of version 1.",
        "Make the statement with `gate attest`.",
    ),
    "kms-key-unsupported": CodePage(
        "The key in the service is of a kind that Sigstore's verifiers do not read.",
        "They read ECDSA with the hash of its curve, Ed25519, and RSA with PKCS #1 v1.5.",
        "Make a key of one of these kinds in the service.",
    ),
    "kms-library-missing": CodePage(
        "The client library of the key management service is not installed.",
        "gate installs it only where it is asked for.",
        "Install gate with the extra of that service, such as gatepass[aws].",
    ),
    "kms-refused": CodePage(
        "The key management service did not do what was asked.",
        "The message has its own words.",
        "Check the login and the key's permissions, then run again.",
    ),
    "kms-scheme-unknown": CodePage(
        "The URI names no key management service that gate knows.",
        "gate knows awskms, azurekms, gcpkms and hashivault.",
        "Write a URI of one of these.",
        "awskms:///alias/gate",
    ),
    "kms-uri-malformed": CodePage(
        "The URI does not have the form of its service.",
        "Each service names its keys in its own way.",
        "Write the URI as the service documents it.",
        "gcpkms://projects/p/locations/l/keyRings/r/cryptoKeys/k/versions/1",
    ),
    "kms-signature-wrong": CodePage(
        "The service gave a signature that its own key did not make.",
        "gate verified it with the public key of the service. Nothing was stored.",
        "Check that the URI names one version of the key, then run again.",
    ),
}
