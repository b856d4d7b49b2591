"""Files and positions that cannot be judged.

`gate.manifests` finds these while it reads: images, embedded objects and what changes others later
in its modules of these names. `gate.cli.reads` finds what it could not read.
"""

from __future__ import annotations

from typing import Final

from gate.lint.rule import References, Scope, Violation, lint_rule
from gate.model.verdict import Action, Severity


@lint_rule("yaml-parse-error", Severity.HIGH, Action.BLOCK, Scope.FILE, References())
def yaml_parse_error() -> tuple[Violation, ...]:
    """Every file parses as YAML or JSON.

    Why: what cannot be read was not judged, and a tool that skips it reports success.

    Passes when: each file is UTF-8 YAML as Kubernetes reads it, with every template in it
    rendered.

    Remedy: correct the file at this place, or render the template first.
    """
    return ()


@lint_rule(
    "yaml-duplicate-key",
    Severity.HIGH,
    Action.BLOCK,
    Scope.FILE,
    References(),
)
def yaml_duplicate_key() -> tuple[Violation, ...]:
    """No mapping holds the same key twice.

    Why: parsers disagree on which of the two counts, so what was judged need not be what
    runs; a strict API server refuses the object.

    Passes when: every key of every mapping is there once.

    Remedy: keep one of the two keys.
    """
    return ()


@lint_rule("yaml-limits", Severity.HIGH, Action.BLOCK, Scope.FILE, References())
def yaml_limits() -> tuple[Violation, ...]:
    """Files stay within the bounds of size, depth, parts and documents.

    Why: a small file can unfold to gigabytes, and what is cut short was not judged.

    Passes when: a file has at most 16 MiB, 64 levels, a million parts after its aliases are
    expanded, and 5,000 documents.

    Remedy: split the file, or use fewer aliases.
    """
    return ()


@lint_rule(
    "not-a-kubernetes-object",
    Severity.LOW,
    Action.WARN,
    Scope.FILE,
    References(),
)
def not_a_kubernetes_object() -> tuple[Violation, ...]:
    """Every file holds Kubernetes objects.

    Why: a chart, a kustomization or a file of values is not what runs, and kubectl refuses it;
    judging the folder that holds it says nothing about what a tool makes of it.

    Passes when: each file holds an object. gate's own policy and schema are known by what they
    say, and count as none. One finding tells of a whole folder.

    Remedy: judge what `helm template` or `kustomize build` prints, or leave the files out with
    `manifests: {exclude: […]}`.
    """
    return ()


@lint_rule("mixed-file", Severity.HIGH, Action.BLOCK, Scope.FILE, References())
def mixed_file() -> tuple[Violation, ...]:
    """No file holds objects and other documents at once.

    Why: a document that lost its apiVersion and kind among others that have them is most often
    a mistake, and a tool that applies the file stops at it or skips it.

    Passes when: each document of a file is an object, or none is.

    Remedy: give the document its apiVersion and kind, or move it to a file of its own.
    """
    return ()


@lint_rule(
    "incomplete-object",
    Severity.HIGH,
    Action.BLOCK,
    Scope.FILE,
    References(),
)
def incomplete_object() -> tuple[Violation, ...]:
    """Every object has an apiVersion and a kind.

    Why: without either of them nobody can say what the document is, so it was not judged.

    Passes when: a document that has an apiVersion, a kind, or metadata with a name has both
    apiVersion and kind, as text that is not empty. Each item of a List is an object.

    Remedy: write the apiVersion and the kind.
    """
    return ()


@lint_rule("list-items", Severity.HIGH, Action.BLOCK, Scope.FILE, References())
def list_items() -> tuple[Violation, ...]:
    """Only a List has items, and they are a list.

    Why: kubectl looks at the field `items` alone. It applies the objects under it, and does
    not look at the kind around it, and what looks like a ConfigMap can carry a privileged Pod.

    Passes when: a document with `items` at its top has a kind that ends in List, and the items
    are a list.

    Remedy: write each object as a document of its own, or as an item of a List.
    """
    return ()


@lint_rule("input-not-read", Severity.HIGH, Action.BLOCK, Scope.FILE, References())
def input_not_read() -> tuple[Violation, ...]:
    """Everything in a named folder that could be a manifest is read.

    Why: kubectl follows links and reads what this run may not read. What gate did not read, it
    did not judge.

    Passes when: the folder holds no link to a folder, no link, pipe, socket or device whose
    name ends in .yaml, .yml or .json, and nothing that cannot be opened. A chart or a
    kustomization is rendered to the same objects as it is applied.

    Remedy: put the file itself in its place, correct its permissions, or leave it out with
    `manifests: {exclude: […]}`.
    """
    return ()


@lint_rule("image-missing", Severity.HIGH, Action.BLOCK, Scope.FILE, References())
def image_missing() -> tuple[Violation, ...]:
    """Every container and image volume names its image.

    Why: what runs there is unknown, so nothing of it can be verified.

    Passes when: each image is a text that is not empty and not auto, which is filled in only
    inside the cluster.

    Remedy: name the image, with its digest.
    """
    return ()


@lint_rule("unjudged-image", Severity.HIGH, Action.BLOCK, Scope.FILE, References())
def unjudged_image() -> tuple[Violation, ...]:
    """Every field that looks like an image was judged as one.

    Why: a custom object, an annotation or a variable can make an image run that no check
    has seen.

    Passes when: each text that names an image with its registry, or begins with oci://, is in a
    position that gate knows or that the policy names under manifests.images. Read
    docs/images.md for the positions.

    Remedy: say in the policy, under manifests.images, what this field is.
    """
    return ()


@lint_rule(
    "embedded-manifest-unread",
    Severity.HIGH,
    Action.BLOCK,
    Scope.FILE,
    References(),
)
def embedded_manifest_unread() -> tuple[Violation, ...]:
    """Each manifest that is the text of a field was read.

    Why: something in the cluster creates what the text says, and nobody has judged it.

    Passes when: a text that is written like a manifest, with apiVersion and kind at the
    beginning of a line, is YAML that gate reads.

    Remedy: correct the YAML in the field, or write the objects themselves.
    """
    return ()


@lint_rule(
    "changes-objects-later",
    Severity.MEDIUM,
    Action.WARN,
    Scope.FILE,
    References(),
)
def changes_objects_later() -> tuple[Violation, ...]:
    """No object changes or creates others after gate has judged them.

    Why: a mutating webhook, admission policy or rule can give every pod another image or
    more rights, and what runs is then not what was judged.

    Passes when: the manifests hold no mutating webhook configuration or admission policy, no
    Kyverno rule that mutates or generates, and no mutator of Gatekeeper.

    Remedy: judge what it makes in the cluster too, with an admission webhook.
    """
    return ()


RULES: Final = (
    unjudged_image,
    embedded_manifest_unread,
    changes_objects_later,
    image_missing,
    yaml_parse_error,
    yaml_duplicate_key,
    yaml_limits,
    not_a_kubernetes_object,
    mixed_file,
    incomplete_object,
    list_items,
    input_not_read,
)
