"""The file that says how registries are reached. Nothing in it says what is allowed.

Mirrors, private addresses, plain http, token servers and certificates are facts about a
network, not demands on a release: so they are no part of a policy, and of no pass.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from gate.documents import read_yaml
from gate.errors import DocumentError, UsageError
from gate.model.document import Document
from gate.model.expressions import expression
from gate.model.image import ImageReference
from gate.policy import describe
from gate.policy.fields import After, Sized, written
from gate.policy.pydantic_alone import ValidationError
from gate.policy.section import Section
from gate.registry.configuration import GitHubStore, RegistryConfiguration
from gate.registry.http.url import Url

MAX_BYTES: Final = 1024 * 1024
_CODE: Final = "registries-malformed"
_OWNER: Final = expression(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}(?:/[A-Za-z0-9_.-]{1,100})?")


def _host(text: str) -> str:
    try:
        return ImageReference(text, "any").registry
    except ValueError as error:
        msg = f"{text!r} is no registry host as image names have it, such as registry.example:5000"
        raise ValueError(msg) from error


def _place(text: str) -> str:
    host, slash, path = text.partition("/")
    _host(host)
    try:
        ImageReference(host, f"{path}/any" if slash else "any")
    except ValueError as error:
        msg = f"{text!r} is no host[/path] as image names have it, such as mirror.example/hub"
        raise ValueError(msg) from error
    return text


def _repository(text: str) -> str:
    if "/" not in text:
        msg = f"{text!r} is no registry/repository, such as registry.example/evidence"
        raise ValueError(msg)
    return _place(text)


def _api(text: str) -> str:
    parts = urlsplit(text)
    known = parts.scheme in {"https", "http"} and bool(parts.netloc)
    if not known or "@" in parts.netloc or parts.query or parts.fragment:
        msg = f"{text!r} is no URL of an API, such as https://api.github.com"
        raise ValueError(msg)
    return str(Url.parse(f"{parts.scheme}://{_host(parts.netloc)}{parts.path}")).rstrip("/")


def _owner(text: str) -> str:
    if not _OWNER.fullmatch(text):
        msg = f"{text!r} is no account of GitHub, nor ACCOUNT/REPOSITORY"
        raise ValueError(msg)
    return text


Host = Annotated[str, After(_host)]
_Place = Annotated[str, After(_place)]
Hosts = Annotated[tuple[Host, ...], Sized(min_length=1, max_length=1_000)]
Name = Annotated[str, Sized(min_length=1, max_length=4096)]


class ClientCertificate(Section):
    """What is shown to every host that asks who calls, those of redirects too.

    It tells who you are. The key stays here.
    """

    certificate: Name
    """A PEM file, from this file's folder."""
    key: Name
    """Likewise, its private key."""


class GitHubSection(Section):
    """GitHub's store of attestations, which is asked by the digest of an image."""

    api: Annotated[str, After(_api)]
    """`https://api.github.com`, or of an own server `https://HOST/api/v3`. GITHUB_TOKEN goes there
    and nowhere else."""
    owners: Annotated[dict[_Place, Annotated[str, After(_owner)]], Sized(max_length=1_000)] = (
        written(default_factory=dict)
    )
    """By `registry[/path]`: the account, or `account/repository`, that attests these images. Of
    images at ghcr.io it is the account in their name, unless another is named here."""


class RegistriesFile(Section):
    """How registries are reached. A host is written as in image names, and matches exactly."""

    mirrors: Annotated[dict[Host, _Place], Sized(min_length=1, max_length=1_000)] = written(
        default_factory=dict
    )
    """By registry: the `host[/path]` that is read in its place. Policies match the registry."""
    plain_http: Hosts | None = written(default=None, alias="plain-http")
    """Hosts that are spoken to with http, and may be at a private address."""
    private: Hosts | None = None
    """Registries, token servers and mirrors that may be at a private address."""
    token_servers: Annotated[dict[Host, Hosts], Sized(max_length=1_000)] = written(
        alias="token-servers", default_factory=dict
    )
    """By registry: other hosts to which its credentials may go for a token."""
    evidence: Annotated[
        dict[_Place, Annotated[str, After(_repository)]], Sized(max_length=1_000)
    ] = written(default_factory=dict)
    """By `registry[/path]`: the one repository that holds evidence of these images besides what is
    beside them, as COSIGN_REPOSITORY names it. What gate writes about them goes there."""
    evidence_at_origin: Hosts | None = written(default=None, alias="evidence-at-origin")
    """Registries with a mirror that are asked themselves for evidence."""
    github: GitHubSection | None = None
    """GitHub's store of attestations."""
    ca_file: Name | None = written(default=None, alias="ca-file")
    """PEM certificates that are trusted besides the system's, from this file's folder."""
    client_certificate: ClientCertificate | None = written(default=None, alias="client-certificate")
    """What is shown to every host that asks who calls."""

    def check_whole(self, context: Mapping[str, Any]) -> None:
        """Refuse a file that says nothing, or what does not go together. Raises ValueError."""
        del context
        if not self.model_fields_set:
            msg = "the file says nothing; remove it, or say how a registry is reached"
            raise ValueError(msg)
        for host in self.evidence_at_origin or ():
            if host not in self.mirrors:
                msg = f"evidence-at-origin names {host}, which has no mirror here"
                raise ValueError(msg)
        parts = urlsplit(self.github.api) if self.github else None
        if parts and parts.scheme == "http" and parts.netloc not in (self.plain_http or ()):
            msg = f"the API of github is plain http, and plain-http does not name {parts.netloc}"
            raise ValueError(msg)


def load_reach(path: Path) -> RegistryConfiguration:
    """Read the file, paths in it from its own folder. Raises UsageError, with the place."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(
            _CODE,
            f"{path}, which says how registries are reached, cannot be read: {error.strerror}",
            remedy="name a file that is there, or leave it out",
        ) from error
    read = _parsed(data, path)
    client = read.client_certificate
    folder = path.parent
    return RegistryConfiguration(
        insecure_hosts=frozenset(read.plain_http or ()),
        private_hosts=frozenset(read.private or ()),
        realms={host: frozenset(servers) for host, servers in read.token_servers.items()},
        mirrors=read.mirrors,
        evidence=read.evidence,
        evidence_at_origin=frozenset(read.evidence_at_origin or ()),
        github=GitHubStore(api=read.github.api, owners=read.github.owners) if read.github else None,
        ca_file=folder / read.ca_file if read.ca_file else None,
        client_certificate=(folder / client.certificate, folder / client.key) if client else None,
    )


def _parsed(data: bytes, path: Path) -> RegistriesFile:
    if len(data) > MAX_BYTES:
        raise UsageError(
            _CODE, f"{path} is larger than {MAX_BYTES} bytes", remedy="name the file that was meant"
        )
    if not data.strip():
        raise UsageError(
            _CODE,
            f"{path} is empty",
            remedy="name no such file, by --registries or GATE_REGISTRIES: none is needed",
        )
    try:
        documents = read_yaml(data, str(path), keys_as_written=True)
        if len(documents) == 1 and isinstance(documents[0].value, dict):
            return _validated(documents[0])
    except DocumentError as error:
        raise UsageError(
            _CODE, error.problem, remedy=error.remedy, location=error.location
        ) from error
    raise UsageError(
        _CODE,
        f"{path} is not one YAML mapping",
        remedy="write keys such as mirrors; `gate schema registries` prints what each takes",
    )


def _validated(document: Document) -> RegistriesFile:
    try:
        return RegistriesFile.model_validate(document.value)
    except ValidationError as error:
        raise describe.refused(error, RegistriesFile, document, ()) from error
