"""The file that says how registries are reached. Nothing in it says what is allowed.

Mirrors, private addresses, plain http, token servers and certificates are facts about a
network, not demands on a release: so they are no part of a policy, and of no pass.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, Field, ValidationError, model_validator

from gate.documents import read_yaml
from gate.errors import DocumentError, UsageError
from gate.model.document import Document
from gate.model.image import ImageReference
from gate.policy import describe
from gate.policy.section import Section
from gate.registry.configuration import RegistryConfiguration

MAX_BYTES: Final = 1024 * 1024
_CODE: Final = "registries-malformed"


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


Host = Annotated[str, AfterValidator(_host)]
Hosts = Annotated[tuple[Host, ...], Field(min_length=1, max_length=1_000, strict=False)]
Name = Annotated[str, Field(min_length=1, max_length=4096)]


class ClientCertificate(Section):
    """What is shown to every host that asks who calls, those of redirects too.

    It tells who you are. The key stays here.
    """

    certificate: Name
    """A PEM file, from this file's folder."""
    key: Name
    """Likewise, its private key."""


class RegistriesFile(Section):
    """How registries are reached. A host is written as in image names, and matches exactly."""

    mirrors: Annotated[dict[Host, Annotated[str, AfterValidator(_place)]], Field(min_length=1)] = (
        Field(default_factory=dict, max_length=1_000)
    )
    """By registry: the `host[/path]` that is read in its place. Policies match the registry."""
    plain_http: Hosts | None = Field(default=None, alias="plain-http")
    """Hosts that are spoken to with http, and may be at a private address."""
    private: Hosts | None = None
    """Registries, token servers and mirrors that may be at a private address."""
    token_servers: dict[Host, Hosts] = Field(
        default_factory=dict, alias="token-servers", max_length=1_000
    )
    """By registry: other hosts to which its credentials may go for a token."""
    ca_file: Name | None = Field(default=None, alias="ca-file")
    """PEM certificates that are trusted besides the system's, from this file's folder."""
    client_certificate: ClientCertificate | None = Field(default=None, alias="client-certificate")
    """What is shown to every host that asks who calls."""

    @model_validator(mode="after")
    def _says_something(self) -> RegistriesFile:
        if not self.model_fields_set:
            msg = "the file says nothing; remove it, or say how a registry is reached"
            raise ValueError(msg)
        return self


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
        ca_file=folder / read.ca_file if read.ca_file else None,
        client_certificate=(folder / client.certificate, folder / client.key) if client else None,
    )


def _parsed(data: bytes, path: Path) -> RegistriesFile:
    if len(data) > MAX_BYTES:
        raise UsageError(
            _CODE, f"{path} is larger than {MAX_BYTES} bytes", remedy="name the file that was meant"
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
