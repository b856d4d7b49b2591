"""What has to hold of each parser, for all bytes: it reads them, or refuses them in its own words.

Each oracle takes bytes and tells whether they were read. It raises AssertionError where a parser
says what it may not, and lets through what a parser may not raise. Where there is a second reader
of the same format, the two have to agree on what they both take.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import tarfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, Final, NoReturn, TypeVar
from unittest import mock

import httpx

from gate.cluster.kubeconfig import read_kubeconfig
from gate.documents import large_json as large
from gate.documents.json_array import JsonArray
from gate.documents.large_json import LongList, Within
from gate.documents.strict_json import MalformedJson, read_json
from gate.documents.yaml_text import read_yaml
from gate.errors import DocumentError, PolicyError, RegistryError, UsageError
from gate.export.imports.call import ImportCall
from gate.export.imports.ignored import WaiverTerms
from gate.export.imports.kinds import import_file
from gate.export.imports.known_rules import KnownRules
from gate.export.imports.proposal import ImportedPolicy
from gate.keys.public import MalformedKey, load_public_key, public_pem
from gate.lint.baseline import parse_baseline, render_baseline
from gate.lint.rules import RULES
from gate.manifests.load import load_manifests
from gate.model.evidence import Attached, AttachedKind, Storage, VerifiedAttestation
from gate.model.image import Digest, ImageReference
from gate.model.predicates import Unreadable, Unrecognised
from gate.pipeline.shard_record import MalformedRecord, read_record, write_record
from gate.policy.document import Policy
from gate.predicates import PARSERS, parse, revocations
from gate.predicates.scanners import reports
from gate.predicates.statement import parse_statement
from gate.registry.bounds import BOUNDS
from gate.registry.http.question import HttpAnswer
from gate.registry.http.url import Url
from gate.registry.login.challenge import parse_challenge
from gate.registry.login.docker_config import DockerConfig
from gate.registry.oci.archive import unpack
from gate.registry.oci.image_configuration import parse_configuration
from gate.registry.oci.manifest import parse_manifest
from gate.registry.remote.referrers import next_page, parse_page
from gate.reports.recorded import UnreadableReport, read_report
from gate.trust.bundle import parse_bundle
from gate.trust.certificate import parse_certificate
from gate.trust.checkpoint import parse_checkpoint
from gate.trust.claims import claims_of
from gate.trust.cosign import CERTIFICATE, ENTRY, SIGNATURE
from gate.trust.entry import parse_cosign_entry
from gate.trust.refusal import Refusal
from gate.trust.trusted_root import parse_trusted_root
from tests.builders.artifacts import read_by_python
from tests.builders.policies import load
from tests.fuzz import signed

Oracle = Callable[[bytes], bool]
_Given = TypeVar("_Given")

_RULES: Final = KnownRules.of(RULES)
_ARCHIVE: Final = replace(BOUNDS, unpacked_bytes=1 << 20, unpacked_files=100)
PREDICATES: Final = tuple(PARSERS)
"""Types of a predicate, of which the first byte of an input chooses one."""
_WHAT: Final = "registry.example/shop"
_URL: Final = Url.parse("https://registry.example/v2/shop/referrers/x")


def strict_json(data: bytes) -> bool:
    """Hold that what the strict reader takes, Python's own reads as the same value."""
    try:
        value = read_json(data, max_bytes=1 << 20)
    except MalformedJson:
        return False
    assert json.loads(data) == value
    assert json.dumps(value, allow_nan=False)
    return True


def large_json(data: bytes) -> bool:
    """Hold that a large text is read as any other, long lists and all, or refused in its words."""
    shape = Within({"a": LongList(), "b": Within({"a": LongList()})})
    with mock.patch.object(large, "LARGE", 0):
        found = _outcome(lambda: _built(large.read_large_json(data, shape, max_bytes=1 << 20)))
    assert found == _outcome(lambda: read_json(data, max_bytes=1 << 20))
    return found.startswith(("{", "["))


def documents(data: bytes) -> bool:
    """Hold that a file of documents is read the same twice, or refused with its place."""
    try:
        first = read_yaml(data, "a.yaml")
    except DocumentError:
        return False
    assert repr(read_yaml(data, "a.yaml")) == repr(first)
    return True


def manifests(data: bytes) -> bool:
    """Hold that every file is judged: it has objects, or a finding that blocks."""
    read = load_manifests([("a.yaml", data)])
    return bool(read.objects)


def archive(data: bytes) -> bool:
    """Hold that what is read of an archive is what Python's own reader has of it."""
    taken = False
    for gzipped in (False, True):
        try:
            found = unpack(data, gzipped=gzipped, bounds=_ARCHIVE)
        except DocumentError:
            continue
        taken = True
        with contextlib.suppress(tarfile.TarError):  # who refuses it applies nothing of it
            read = read_by_python(gzip.decompress(data) if gzipped else data)
            assert {name.removeprefix("./"): content for name, content in read.items()} == found
    return taken


FORMS: Final = (
    *(AttachedKind.BUNDLE, AttachedKind.COSIGN_ATTESTATION, AttachedKind.BUILDKIT_STATEMENT),
)
"""Forms of a signature that need no annotation."""


def verified(data: bytes) -> bool:
    """Hold that nothing counts but the payloads that were signed; the first byte is the form."""
    kind = FORMS[data[0] % len(FORMS)] if data else FORMS[0]
    return _counts(Attached(kind, data[1:], Storage.FILE, signed.IMAGE.digest, {}))


def cosign_layer(data: bytes) -> bool:
    """Hold the same of cosign's older layers, whose proofs are annotations."""
    parts = [part.decode("utf-8", "replace") for part in data.split(b"\0", 3)]
    names = (SIGNATURE, CERTIFICATE, ENTRY)
    annotations = dict(zip(names, parts[1:], strict=False))
    content = data.split(b"\0", 1)[0]
    found = Attached(
        AttachedKind.COSIGN_SIGNATURE, content, Storage.SIG_TAG, signed.IMAGE.digest, annotations
    )
    return _counts(found)


def _counts(found: Attached) -> bool:
    said = signed.VERIFIER.verify(found, signed.IMAGE)
    if not isinstance(said, VerifiedAttestation):
        return False
    assert signed.was_signed(found.content), "somebody is believed who signed nothing"
    return True


def bundle(data: bytes) -> bool:
    """Hold that a bundle is read or refused."""
    return _reads(Refusal, parse_bundle, data)


def checkpoint(data: bytes) -> bool:
    """Hold that a checkpoint's text is read or refused, and its size is its own."""
    try:
        read = parse_checkpoint(data.decode("utf-8", "replace"))
    except Refusal:
        return False
    assert f"\n{read.size}\n".encode() in read.note
    return True


def log_entry(data: bytes) -> bool:
    """Hold that the annotation in which cosign keeps a log entry is read or refused."""
    return _reads(Refusal, parse_cosign_entry, data.decode("utf-8", "replace"))


def certificate(data: bytes) -> bool:
    """Hold that a certificate and whom it names are read or refused."""
    return _reads(Refusal, lambda der: claims_of(parse_certificate(der)), data)


def trusted_root(data: bytes) -> bool:
    """Hold that a trusted root is read or refused."""
    return _reads(Refusal, parse_trusted_root, data)


def public_key(data: bytes) -> bool:
    """Hold that a key that is read is written in a form that is read as the same."""
    try:
        key = load_public_key(data)
    except MalformedKey:
        return False
    assert public_pem(load_public_key(public_pem(key))) == public_pem(key)
    return True


def statement(data: bytes) -> bool:
    """Hold that a statement names subjects, or is refused."""
    try:
        said = parse_statement(data)
    except ValueError:
        return False
    assert said.subjects
    return True


def predicate(data: bytes) -> bool:
    """Hold that a predicate of every type is read, whatever it is; the first byte is the type."""
    value = _value(data[1:])
    read = parse(PREDICATES[data[0] % len(PREDICATES)] if data else PREDICATES[0], value)
    assert not isinstance(read, Unrecognised)
    if isinstance(read, Unreadable):
        assert not read.problem.startswith("gate broke on it"), read.problem
        return False
    return True


def scan_report(data: bytes) -> bool:
    """Hold that a scanner's report is read, or refused with a sentence."""
    return _reads(ValueError, reports.parse, _value(data))


def manifest(data: bytes) -> bool:
    """Hold that an OCI manifest or index is read or refused."""

    def read(content: bytes) -> object:
        return parse_manifest(content, content_type="", what=_WHAT, bounds=BOUNDS)

    return _reads(RegistryError, read, data)


def image_configuration(data: bytes) -> bool:
    """Hold that an image's configuration is read or refused."""
    digest = Digest("a" * 64)
    return _reads(RegistryError, lambda it: parse_configuration(it, digest, _WHAT), data)


def referrers(data: bytes) -> bool:
    """Hold that a page of referrers is read or refused, and the next one is at the same place."""
    link, _, content = data.partition(b"\0")
    headers = {"link": link.decode("latin-1")}
    answer = HttpAnswer(200, headers, content, _URL)
    read = _reads(RegistryError, lambda it: parse_page(it, what=_WHAT, bounds=BOUNDS), answer)
    try:
        following = next_page(answer, _URL, host="registry.example")
    except RegistryError:
        return False
    if following is not None:
        assert (following.scheme, following.host) == ("https", "registry.example")
    return read


def challenge(data: bytes) -> bool:
    """Hold that a WWW-Authenticate header is read or refused."""
    return _reads(RegistryError, lambda it: parse_challenge(it, _WHAT), data.decode("latin-1"))


def location(data: bytes) -> bool:
    """Hold that a location is refused, or leads where httpx would go."""
    text = data.decode("latin-1")
    found = _URL.join(text)
    if found is None:
        return False
    theirs = httpx.URL(str(_URL)).join(text)
    port = theirs.port or (443 if theirs.scheme == "https" else 80)
    assert found.origin == (theirs.scheme, theirs.raw_host.decode().lower(), port)
    assert Url.parse(str(found)) == found
    return True


def reference(data: bytes) -> bool:
    """Hold that a reference that is read is written as one that is read as the same."""
    try:
        read = ImageReference.parse(data.decode("utf-8", "replace"))
    except ValueError:
        return False
    assert ImageReference.parse(str(read)) == read
    return True


def docker_config(data: bytes) -> bool:
    """Hold that a file of logins is read or refused, and no program that it names runs unasked."""

    def helper(_: str, __: str) -> bytes | None:
        return None

    def find(content: bytes) -> object:
        return DockerConfig(content, what="config.json", run=helper).find("a.example", "shop")

    return _reads(RegistryError, find, data)


def kubeconfig(data: bytes) -> bool:
    """Hold that the access to a cluster is read or refused, and that no file is needed for it."""

    def no_file(name: str) -> NoReturn:
        raise FileNotFoundError(2, "No such file or directory", name)

    def read(content: bytes) -> object:
        return read_kubeconfig(content, "config", context=None, read=no_file)

    return _reads(UsageError, read, data)


def policy(data: bytes) -> bool:
    """Hold that a policy is read or refused with its place."""

    def read(content: bytes) -> Policy:
        return load(content.decode("utf-8", "surrogateescape"))

    return _reads((PolicyError, UnicodeEncodeError), read, data)


IMPORTED: Final = (
    *("verify.sh", "objects.yaml", "values.yaml", ".kube-linter.yaml", ".checkov.yaml"),
    *("trivy.yaml", ".trivyignore", ".trivyignore.yaml", ".grype.yaml", "osv-scanner.toml"),
)
"""Names of configurations, of which the first byte of an input chooses one."""


def imported(data: bytes) -> bool:
    """Hold that a configuration is imported or refused, and that what it becomes is a policy."""
    proposal = ImportedPolicy()
    terms = WaiverTerms("a.example/b", "c", date(2026, 11, 29), "2026-12-24")
    call = ImportCall(proposal, lambda _: None, _RULES, terms, "acme/shop")
    name = IMPORTED[data[0] % len(IMPORTED)] if data else IMPORTED[0]
    reads = (DocumentError, UsageError)
    read = _reads(reads, lambda text: import_file(text, name, call), data[1:])
    if not proposal.empty:
        list(proposal.settled())
        load(proposal.text())
    return read


def revocation_list(data: bytes) -> bool:
    """Hold that a list of ended passes that is read is written as one that is read the same."""
    try:
        read = revocations.parse(data)
    except ValueError:
        return False
    assert revocations.parse(revocations.write(read)) == read
    return True


def baseline(data: bytes) -> bool:
    """Hold that a baseline that is read is written as one that is read as the same."""
    try:
        read = parse_baseline(data)
    except ValueError:
        return False
    assert parse_baseline(render_baseline(read).encode()) == read
    return True


def shard_record(data: bytes) -> bool:
    """Hold that a record of a shard that is read is written as one that is read the same."""
    try:
        read = read_record(data)
    except MalformedRecord:
        return False
    again = read_record(write_record(read.head, read.images.values()))
    assert (again.head, dict(again.images)) == (read.head, dict(read.images))
    return True


def recorded_report(data: bytes) -> bool:
    """Hold that a report of an earlier run is read or refused."""
    return _reads(UnreadableReport, read_report, data)


def _outcome(read: Callable[[], object]) -> str:
    """Return what is read, or why it is not."""
    try:
        return repr(read())
    except MalformedJson as error:
        return str(error)


def _built(value: object) -> object:
    """Return a value with a list in place of each long one."""
    if isinstance(value, dict):
        return {key: _built(inner) for key, inner in value.items()}
    return [_built(item) for item in value] if isinstance(value, list | JsonArray) else value


def _value(data: bytes) -> Any:  # noqa: ANN401  # any JSON value
    try:
        return read_json(data, max_bytes=1 << 20)
    except MalformedJson:
        return None


def _reads(
    errors: type[Exception] | tuple[type[Exception], ...],
    read: Callable[[_Given], object],
    data: _Given,
) -> bool:
    """Read, and tell whether it was not refused with one of these kinds."""
    try:
        read(data)
    except errors:
        return False
    return True
