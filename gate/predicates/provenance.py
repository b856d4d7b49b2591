"""SLSA provenance, 0.2 and 1.

https://slsa.dev/spec/v0.2/provenance
https://slsa.dev/spec/v1.1/provenance

What was built is read from the fields of the build types that say it: in 0.2 the
`configSource`; in 1 the `workflow` of GitHub, the `buildConfigSource` or `sourceToBuild` of
Google Cloud Build, a `source`, or the `configSource` of BuildKit. A build type that says it
elsewhere states no source, and nor does a document with two of these that differ, or one of a
shape that cannot be read: which was built is then not for gate to choose. Tekton Chains lists
what was built among the resolved dependencies, as inputs of the run: these are read apart, and
count where a policy takes them. GitLab writes the job as `entryPoint` beside the source.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gate.documents import strict
from gate.model.predicates import Provenance
from gate.predicates import fields, types
from gate.predicates.scanners.report import word

TYPES_0_2: Final = types.PROVENANCE_0_2
TYPES_1: Final = types.PROVENANCE_1

_MATERIALS: Final = 100_000
_SOURCES: Final = ("workflow", "buildConfigSource", "sourceToBuild", "source", "configSource")
_INPUT: Final = "inputs/result/"
_GIT: Final = ("git+", "git://", "git@", "ssh://")
_COMMITS: Final = frozenset(("sha1", "gitcommit"))
"""Algorithms of commits, in small letters."""
_BUILDKIT: Final = (
    "https://mobyproject.org/buildkit@v1",
    "https://github.com/moby/buildkit/blob/master/docs/attestations/slsa-definitions.md",
)
"""Build types whose URIs have the ref after a hash sign."""


def parse_0_2(predicate: object) -> Provenance:
    """Read provenance 0.2. Raises ValueError with one sentence."""
    document = strict.mapping(predicate, "the provenance")
    builder = strict.mapping(document.get("builder"), "builder")
    invocation = strict.optional_mapping(document.get("invocation"), "invocation")
    config = strict.optional_mapping(invocation.get("configSource"), "invocation.configSource")
    metadata = strict.optional_mapping(document.get("metadata"), "metadata")
    build_type = strict.optional_text(document.get("buildType"), "buildType")
    source, ref = _split(strict.optional_text(config.get("uri"), "configSource.uri"), build_type)
    return Provenance(
        version="0.2",
        builder=strict.optional_text(builder.get("id"), "builder.id"),
        build_type=build_type,
        source=source,
        ref=ref,
        entry_point=strict.optional_text(config.get("entryPoint"), "configSource.entryPoint"),
        finished=fields.instant_if_stated(metadata.get("buildFinishedOn")),
        materials=_materials(document.get("materials"), "materials"),
    )


def parse_1(predicate: object) -> Provenance:
    """Read provenance 1. Raises ValueError with one sentence."""
    document = strict.mapping(predicate, "the provenance")
    definition = strict.mapping(document.get("buildDefinition"), "buildDefinition")
    details = strict.mapping(document.get("runDetails"), "runDetails")
    builder = strict.mapping(details.get("builder"), "runDetails.builder")
    metadata = strict.optional_mapping(details.get("metadata"), "runDetails.metadata")
    parameters = strict.optional_mapping(definition.get("externalParameters"), "externalParameters")
    build_type = strict.optional_text(definition.get("buildType"), "buildType")
    source, ref, entry_point = _source(parameters, build_type)
    return Provenance(
        version="1",
        builder=strict.optional_text(builder.get("id"), "runDetails.builder.id"),
        build_type=build_type,
        source=source,
        ref=ref,
        entry_point=entry_point,
        finished=fields.instant_if_stated(metadata.get("finishedOn")),
        materials=_materials(definition.get("resolvedDependencies"), "resolvedDependencies"),
        inputs=_inputs(definition.get("resolvedDependencies"), build_type),
    )


def _source(parameters: Mapping[str, Any], build_type: str) -> tuple[str, str, str]:
    """Return the source, its ref and the entry point; each empty where it is not stated alike."""
    stated = [
        _stated(parameters[key], build_type) for key in _SOURCES if parameters.get(key) is not None
    ]
    named = {one for one in stated if one is None or one[0]}
    sources = {None if one is None else one[:2] for one in named}
    (one,) = sources if len(sources) == 1 else (None,)
    if one is None:
        return "", "", ""
    paths = {path for _, _, path in filter(None, named)} | {_whole(parameters.get("entryPoint"))}
    paths.discard("")
    (path,) = paths if len(paths) == 1 else ("",)
    return *one, path or ""


def _inputs(dependencies: object, build_type: str) -> tuple[tuple[str, str], ...]:
    """Return the git repositories that Tekton Chains lists as inputs, each once, in their order.

    Later releases add the name of the task to `inputs/result`.
    """
    listed = (strict.mapping(one, "a dependency") for one in strict.sequence(dependencies, ""))
    return tuple(
        dict.fromkeys(
            _split(_whole(one.get("uri")) or "", build_type)
            for one in listed
            if f"{word(one.get('name'))}/".startswith(_INPUT) and _is_git(one)
        )
    )


def _is_git(dependency: Mapping[str, Any]) -> bool:
    digest = dependency.get("digest")
    algorithms = {name.lower() for name in digest} if isinstance(digest, dict) else set()
    uri = word(dependency.get("uri")).lower()
    return bool(algorithms & _COMMITS) or uri.startswith(_GIT) or uri.endswith(".git")


def _whole(value: object) -> str | None:
    """Return a text, or "" where there is none; None for what is no text, or is too long."""
    if value is None or (isinstance(value, str) and len(value) <= strict.TEXT):
        return value or ""
    return None


def _stated(value: object, build_type: str) -> tuple[str, str, str] | None:
    """Return the source, ref and path of one parameter; None where its parts say two things."""
    if not isinstance(value, dict):
        uri = _whole(value)
        return None if uri is None else (*_split(uri, build_type), "")
    parts = [_whole(value.get(key)) for key in ("repository", "uri", "ref", "path")]
    repository, uri, ref, path = parts
    if repository is None or uri is None or ref is None or path is None:
        return None
    named = [_split(one, build_type) for one in (repository, uri) if one]
    sources = {source for source, _ in named}
    refs = {one for one in (*(r for _, r in named), ref) if one}
    if len(sources) > 1 or len(refs) > 1:
        return None
    return "".join(sources), "".join(refs), path


def _split(uri: str, build_type: str) -> tuple[str, str]:
    """Return the repository's URL and the ref of `git+https://host/path@ref`.

    With two `@` in its path it does not say where the ref begins, and is taken as it is.
    BuildKit's is `https://host/path.git#ref`, or `#ref:folder`.
    """
    if build_type in _BUILDKIT and "#" in uri:
        repository, _, fragment = uri.partition("#")
        uri = f"{repository}@{fragment.partition(':')[0]}"
    plain = uri.removeprefix("git+")
    scheme, separator, rest = plain.rpartition("://")
    host, slash, path = rest.partition("/")
    if path.count("@") > 1:
        return plain, ""
    repository, _, ref = path.partition("@")
    return (
        f"{scheme}{separator}{host}{slash}{repository.removesuffix('/').removesuffix('.git')}",
        ref,
    )


def _materials(value: object, what: str) -> tuple[str, ...]:
    listed = strict.sequence(value, what)
    if len(listed) > _MATERIALS:
        msg = f"{what} has more than {_MATERIALS} items"
        raise ValueError(msg)
    return tuple(word(strict.mapping(m, f"an item of {what}").get("uri")) for m in listed)
