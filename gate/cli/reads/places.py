"""From the options that say where things are to a registry that can be asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path
from typing import Final

from gate.errors import UsageError
from gate.model.evidence import AttachedKind
from gate.model.image import ImageReference
from gate.model.location import IN_REGISTRY
from gate.model.records import dataclass
from gate.registry.bounds import BOUNDS, Bounds
from gate.registry.client import RegistryClient
from gate.registry.configuration import RegistryConfiguration
from gate.registry.layout.image import LayoutImage, folders_of
from gate.registry.login.sources import logins_from
from gate.registry.proxies import Proxies
from gate.registry.route import LayoutRegistry, RoutedRegistry

_GITHUB: Final = "https://api.github.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How a call reaches images. Nothing here says what is allowed."""

    layouts: Sequence[str] = ()
    """`NAME=FOLDER`, each an OCI layout folder in place of a registry or repository."""
    plain_http: Sequence[str] = ()
    """Hosts that are spoken to with http."""
    registries: str | None = None
    """The file that says how registries are reached."""
    bounds: Bounds = BOUNDS
    environ: Mapping[str, str] = field(default_factory=dict)
    """The environment: who we are, and which proxies there are."""

    @property
    def registries_option(self) -> str | None:
        """The file, where another call is told it by an option alone: the environment has not."""
        return None if self.registries == self.environ.get("GATE_REGISTRIES") else self.registries


def open_registry(
    access: Access, images: Iterable[str] = (), bundles: Iterable[str] = ()
) -> tuple[RoutedRegistry, tuple[str, ...]]:
    """Return where to ask, and the names of the images. Raises UsageError. Nothing is asked yet."""
    images = tuple(images)
    if named := next((image for image in images if image.startswith(IN_REGISTRY)), None):
        raise UsageError(
            "artifact-as-image",
            f"{named!r} names a chart or a bundle of manifests, and an image is asked for",
            remedy="give it as a path, without --image, to `gate check` or `gate admit`; an image "
            "has no oci:// before its name",
        )
    asked = [LayoutImage.parse(i) if i.startswith("oci:") else i for i in images]
    in_layouts = [image for image in asked if isinstance(image, LayoutImage)]
    folders = {**dict(map(folder_of, access.layouts)), **folders_of(in_layouts)}
    names = (str(i.reference) if isinstance(i, LayoutImage) else i for i in asked)
    client = RegistryClient(
        configuration_of(access), logins=logins_from(access.environ, Path.home())
    )
    return RoutedRegistry(
        LayoutRegistry(folders, bounds=access.bounds), client, _bundles(bundles)
    ), tuple(names)


def _bundles(paths: Iterable[str]) -> Iterator[tuple[AttachedKind, bytes]]:
    for path in paths:
        from gate.cli.reads.bundle_files import read_bundles  # seldom needed

        for found in read_bundles(path):
            yield found.kind, found.content


def configuration_of(access: Access) -> RegistryConfiguration:
    """Return how registries are reached: by the file that is named, and what the call adds."""
    said = _said(access.registries) if access.registries else RegistryConfiguration()
    github = said.github
    return replace(
        said,
        github=replace(github, token=_token(access.environ, github.api)) if github else None,
        bounds=access.bounds,
        insecure_hosts=said.insecure_hosts | frozenset(map(_plain, access.plain_http)),
        proxies=Proxies.from_environment(access.environ),
    )


def _said(path: str) -> RegistryConfiguration:
    from gate.registry.registries_file import load_reach  # only where a call names the file

    return load_reach(Path(path))


def github_api(access: Access) -> tuple[str, str]:
    """Return the API of GitHub, and the token for it, which may be empty. Raises UsageError.

    The file of --registries names it, else GITHUB_API_URL does, which has to be https.
    """
    said = configuration_of(access).github
    if said is not None:
        return said.api, said.token
    api = (access.environ.get("GITHUB_API_URL") or _GITHUB).rstrip("/")
    if not _is_https(api):
        raise UsageError(
            "deployment-record-option",
            f"GITHUB_API_URL is {api!r}, no https URL, and the token is sent over https alone",
            remedy="correct GITHUB_API_URL, or name the API as `github` in the file of "
            "--registries",
        )
    return api, _token(access.environ, api)


def _is_https(api: str) -> bool:
    from gate.registry.http.url import Url  # only where something is recorded

    try:
        return Url.parse(api).scheme == "https" and "?" not in api
    except ValueError:
        return False


def _token(environ: Mapping[str, str], api: str) -> str:
    """Return the token for an API of GitHub; empty where the environment has none for it.

    GH_TOKEN or GITHUB_TOKEN is for the API that GITHUB_API_URL names, by default
    https://api.github.com. GH_ENTERPRISE_TOKEN is for any other.
    """
    its_own = environ.get("GITHUB_API_URL") or _GITHUB
    names = ("GH_TOKEN", "GITHUB_TOKEN")
    if api != its_own.rstrip("/"):
        names = ("GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN")
    return next((token for name in names if (token := environ.get(name))), "")


def _plain(host: str) -> str:
    """Read a host of --plain-http as names of images have it. Raises UsageError."""
    try:
        return ImageReference(host, "any").registry
    except ValueError as error:
        raise UsageError(
            "plain-http-option",
            f"--plain-http: {host!r} is not a registry's host",
            remedy="write HOST:PORT without http://, such as localhost:5000",
        ) from error


def folder_of(text: str) -> tuple[str, Path]:
    """Read `NAME=FOLDER`. Raises UsageError."""
    name, equals, folder = text.partition("=")
    if not equals or not name or not folder:
        raise UsageError(
            "layout-option",
            f"{text!r} is not NAME=FOLDER",
            remedy="write registry.example/team=./images",
        )
    return name.rstrip("/"), Path(folder)
