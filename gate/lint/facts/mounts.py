"""Paths of the node that containers can see."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Final

from gate.documents.lenient import dig, mappings, text
from gate.lint.facts.view import Container, Pod
from gate.model.document import Path

SYSTEM: Final = ("/boot", "/dev", "/etc", "/lib", "/proc", "/sys", "/usr")
"""Folders of the node that are its own system."""
_SOCKETS: Final = (
    "docker.sock",
    "containerd.sock",
    "crio.sock",
    "cri-dockerd.sock",
    "podman.sock",
)
_SOCKET_FOLDERS: Final = frozenset(
    f"{run}/{runtime}"
    for run in ("/run", "/var/run")
    for runtime in ("containerd", "crio", "docker", "podman")
)


def host_paths(pod: Pod) -> Iterator[tuple[Path, str, str]]:
    """Yield place, volume name and normalised path of every hostPath volume."""
    for index, volume in mappings(pod.value.get("volumes")):
        if isinstance(volume.get("hostPath"), dict):
            path = (*pod.path, "volumes", index, "hostPath", "path")
            yield path, text(volume.get("name")), normal(text(dig(volume, "hostPath", "path")))


def host_mounts(container: Container) -> Iterator[tuple[Path, str, Path]]:
    """Yield the place of each mount of a hostPath volume, the path on the node, and its place."""
    paths = {name: (host, place) for place, name, host in host_paths(container.pod)}
    if not paths:
        return
    for key, name in (("volumeMounts", "mountPath"), ("volumeDevices", "devicePath")):
        for index, mount in mappings(container.value.get(key)):
            volume = mount.get("name")
            if isinstance(volume, str) and volume in paths:
                yield (*container.path, key, index, name), *paths[volume]


def is_below(host: str, folders: tuple[str, ...]) -> bool:
    """Whether a path of the node is its root, one of the folders, or below one."""
    return host == "/" or any(host == f or host.startswith(f + "/") for f in folders)


def is_socket(host: str) -> bool:
    """Whether a path of the node is a container runtime's socket, or the folder of one."""
    return posixpath.basename(host).endswith(_SOCKETS) or host in _SOCKET_FOLDERS


def normal(path: str) -> str:
    """Return the path without `.`, `..` and doubled slashes; `/` for an empty one."""
    return posixpath.normpath("/" + path.lstrip("/")) if path else "/"
