"""Reason codes of everything that goes wrong between gate and a registry. Stable."""

from __future__ import annotations

import enum
from typing import Final

from gate.model.code_page import CodePage


class Code(enum.StrEnum):
    """Why a registry or a layout folder gave no answer that can be used."""

    NOT_FOUND = "not-found"
    DENIED = "denied"
    RATE_LIMITED = "rate-limited"
    UNREACHABLE = "unreachable"
    TLS_FAILED = "tls-failed"
    TIMEOUT = "timeout"
    UNEXPECTED_STATUS = "unexpected-status"
    ADDRESS_REFUSED = "address-refused"
    REDIRECT_REFUSED = "redirect-refused"
    TOO_LARGE = "too-large"
    TOO_MANY = "too-many"
    DIGEST_MISMATCH = "digest-mismatch"
    SIZE_MISMATCH = "size-mismatch"
    MALFORMED_MANIFEST = "malformed-manifest"
    MALFORMED_CONFIGURATION = "malformed-configuration"
    MALFORMED_ANSWER = "malformed-answer"
    ENCODED_ANSWER = "encoded-answer"
    UNSUPPORTED_MANIFEST = "unsupported-manifest"
    NOT_AN_IMAGE = "not-an-image"
    NOT_AN_ARTIFACT = "not-an-artifact"
    ARTIFACT_AMBIGUOUS = "artifact-ambiguous"
    ARCHIVE_MALFORMED = "archive-malformed"
    ARCHIVE_UNSAFE = "archive-unsafe"
    ARCHIVE_TOO_LARGE = "archive-too-large"
    MISSING_BLOB = "missing-blob"
    AMBIGUOUS = "ambiguous"
    LAYOUT_UNSAFE = "layout-unsafe"
    LAYOUT_MALFORMED = "oci-layout-malformed"
    LAYOUT_IMAGE_MALFORMED = "layout-image-malformed"
    CREDENTIALS_UNREADABLE = "credentials-unreadable"
    CERTIFICATE_UNREADABLE = "certificate-unreadable"
    PUSH_REFUSED = "push-refused"
    PUSH_CONFLICT = "push-conflict"


CODES: Final[dict[str, CodePage]] = {
    Code.NOT_FOUND: CodePage(
        "The registry does not have what was asked for.",
        "It is not there, or not there for this login: registries hide private things behind 404.",
        "Check the name and the tag, and log in where it is private.",
    ),
    Code.DENIED: CodePage(
        "The registry wants credentials, or other ones.",
        "It answered 401 or 403.",
        "Log in with `docker login`, with an account that may pull this repository.",
    ),
    Code.RATE_LIMITED: CodePage(
        "The registry refuses more requests for now.",
        "It answered 429, also after waiting as it asked.",
        "Log in for a higher limit, or read from a mirror.",
    ),
    Code.UNREACHABLE: CodePage(
        "The registry cannot be reached.",
        "No connection could be made, or it broke off, as often as gate tried.",
        "Check the name of the host and the network, then run again.",
    ),
    Code.TLS_FAILED: CodePage(
        "The registry's certificate is not trusted.",
        "No authority that this machine trusts issued it, or it is for another host.",
        "Name the authority's certificate as `ca-file` in the registries file.",
    ),
    Code.TIMEOUT: CodePage(
        "The registry did not answer in time.",
        "gate waits for one request and for the whole run, and no longer.",
        "Run again when the registry answers.",
    ),
    Code.UNEXPECTED_STATUS: CodePage(
        "The registry answered with an error.",
        "The message has the status. What was asked for is unknown, so it is undecided.",
        "Run again. If it stays so, ask who runs the registry.",
    ),
    Code.ADDRESS_REFUSED: CodePage(
        "The host has a private address that the call does not name.",
        "A registry must not lead gate to a private, loopback or metadata address.",
        "Name the host as `private` in the registries file if it is yours.",
    ),
    Code.REDIRECT_REFUSED: CodePage(
        "The registry redirects where gate does not follow.",
        "gate follows redirects to https alone, and at most five in a row.",
        "Ask who runs the registry where the redirect leads.",
    ),
    Code.TOO_LARGE: CodePage(
        "What is attached or answered is larger than gate reads.",
        "Every answer, document, list of entries and chain of certificates has a bound, so that "
        "nobody fills the machine.",
        "Store smaller documents beside the image.",
    ),
    Code.TOO_MANY: CodePage(
        "There are more entries than gate reads.",
        "Pages, entries and nested indexes have bounds.",
        "Remove old evidence from the image.",
    ),
    Code.DIGEST_MISMATCH: CodePage(
        "The registry gave other bytes than were asked for.",
        "Their SHA-256 is not the digest.",
        "Find out what changes the bytes: a proxy, a cache or the registry.",
    ),
    Code.SIZE_MISMATCH: CodePage(
        "The registry gave more or fewer bytes than it said.",
        "The descriptor states another size.",
        "Find out what changes the bytes: a proxy, a cache or the registry.",
    ),
    Code.MALFORMED_MANIFEST: CodePage(
        "An image manifest is not well formed.",
        "The message says which field.",
        "Push the image again with a current tool.",
    ),
    Code.MALFORMED_CONFIGURATION: CodePage(
        "The image's configuration is not well formed.",
        "A part of it is not of the type that it has to be.",
        "Build and push the image again with a current tool.",
    ),
    Code.MALFORMED_ANSWER: CodePage(
        "The registry's answer is not well formed.",
        "The message says what was expected.",
        "Ask who runs the registry.",
    ),
    Code.ENCODED_ANSWER: CodePage(
        "The registry compressed an answer.",
        "gate hashes the bytes as they are stored, so it asks for them as they are.",
        "Turn compression off for the registry in its proxy.",
    ),
    Code.UNSUPPORTED_MANIFEST: CodePage(
        "The manifest is of a kind that gate does not read.",
        "It is Docker's schema 1, or of a media type that is no image manifest or index.",
        "Push the image again with a current tool.",
    ),
    Code.NOT_AN_IMAGE: CodePage(
        "The name leads to something that is not an image.",
        "It is a chart, a signature or another artifact, or `oci://` names an artifact that is "
        "neither a Helm chart nor a bundle of manifests.",
        "Name an image. A chart or a bundle of manifests is named as a path: oci://REF.",
        "gate check oci://ghcr.io/acme/charts/shop:1.4",
    ),
    Code.NOT_AN_ARTIFACT: CodePage(
        "`oci://` names a container image.",
        "It is for charts and bundles of manifests, which are unpacked and judged as the folders "
        "that they hold.",
        "Name the image with --image.",
        "gate check --image ghcr.io/acme/shop:1.4",
    ),
    Code.ARTIFACT_AMBIGUOUS: CodePage(
        "An artifact has layers of which readers take different ones.",
        "Flux unpacks the first layer, Argo CD the only archive, helm the one of its own type, and "
        "oras takes all. gate judges an artifact where they read the same.",
        "Push one archive, or YAML files alone.",
        "flux push artifact oci://ghcr.io/acme/deploy:1.4 --path deploy",
    ),
    Code.ARCHIVE_MALFORMED: CodePage(
        "The archive of an artifact cannot be read.",
        "It is damaged, or it says something that helm, Flux, Argo CD and tar read in different "
        "ways.",
        "Package and push it again with a current tool.",
    ),
    Code.ARCHIVE_UNSAFE: CodePage(
        "The archive of an artifact holds more than plain files and folders.",
        "It has a link, a device, a path that leads out of it, one path twice, or a `.jsonnet`, "
        "which Argo CD runs. What a reader makes of that differs.",
        "Put plain files and folders into it.",
    ),
    Code.ARCHIVE_TOO_LARGE: CodePage(
        "The archive of an artifact holds more than gate unpacks.",
        "Its bytes, its files and the length of their paths have bounds, which docs/registry.md "
        "lists.",
        "Put only what is applied into it.",
    ),
    Code.MISSING_BLOB: CodePage(
        "A part of the image is missing.",
        "A manifest names it, and the store does not have it.",
        "Push the image again.",
    ),
    Code.AMBIGUOUS: CodePage(
        "The layout folder holds several images.",
        "The name does not tell which one is meant.",
        "Add the tag or the digest to the name.",
    ),
    Code.LAYOUT_UNSAFE: CodePage(
        "The layout folder holds a link or a special file.",
        "A plain file belongs there. A link could lead out of the folder.",
        "Copy the layout without links.",
    ),
    Code.LAYOUT_MALFORMED: CodePage(
        "The folder is not an OCI layout.",
        "A file of it is missing or not well formed.",
        "Write the layout again, for example with `skopeo copy`.",
    ),
    Code.LAYOUT_IMAGE_MALFORMED: CodePage(
        "The call names a layout image in a way that gate cannot read.",
        "It is oci:FOLDER:TAG or oci:FOLDER@DIGEST.",
        "Correct the name.",
        "oci:./image:1.4",
    ),
    Code.CREDENTIALS_UNREADABLE: CodePage(
        "The stored credentials cannot be read.",
        "The docker configuration is broken, or its credential helper failed.",
        "Log in again with `docker login`.",
    ),
    Code.CERTIFICATE_UNREADABLE: CodePage(
        "A certificate file of the registries file cannot be read.",
        "It is not there, or not a PEM certificate.",
        "Name a PEM file that is there.",
    ),
    Code.PUSH_REFUSED: CodePage(
        "The registry did not take what was pushed.",
        "The message has its own words.",
        "Log in with an account that may push to this repository.",
    ),
    Code.PUSH_CONFLICT: CodePage(
        "Somebody else kept writing the same tag at the same time.",
        "gate read, merged and wrote again as often as it is allowed.",
        "Run again.",
    ),
}
"""What each means, for people."""
