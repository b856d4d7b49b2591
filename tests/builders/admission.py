"""What several tests make of admission: passes that are signed for real, and requests."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec

from gate.checks import CHECKS
from gate.errors import RegistryError
from gate.keys.private import generate
from gate.keys.public import public_pem
from gate.lint.settings import check_rules
from gate.model.evidence import Attached, AttachedKind, Storage
from gate.model.image import Digest, ImageReference, ResolvedImage
from gate.model.image_configuration import ImageConfiguration
from gate.model.release import ReleaseImage, ReleaseObject, release_of
from gate.model.verdict import Cleared, Passed, Plan, Question, Result
from gate.policy.document import Policy
from gate.policy.load import load_policy
from gate.registry.artifact import StoredDocument
from gate.signing.declared import declared_of
from gate.signing.key import sign_statement
from gate.signing.statement import statements
from gate.signing.summary import Issuer

NOW: Final = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
VERIFIER: Final = "https://acme.example/gate"
JUDGED: Final = Digest("1" * 64)
"""The digest of the policy that gave the passes."""
POLICY: Final = f"""\
version: 1
signers: {{gate: {{key: gate.pub}}}}
images:
  - match: registry.example/system/*
    signature: {{by: [gate]}}
    without-pass: "signed by the platform team"
  - match: registry.example/**
    pass:
      by: [gate]
      verifier: {VERIFIER}
      environment: production
      policies: ["{JUDGED}"]
      max-age: 24h
      manifests: images
"""
REPLICASETS: Final = "system:serviceaccount:kube-system:replicaset-controller"
PERSON: Final = "kubernetes-admin"


@dataclass
class Clock:
    """A clock that a test sets."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


def pinned(name: str) -> str:
    """Return the pinned name of an image that nobody pushed: its digest is that of its name."""
    return f"registry.example/acme/{name}@{Digest.of(name.encode())}"


@dataclass
class Shelf:
    """A registry in memory: what is attached to each image, and what goes wrong there."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=generate)
    stranger: ec.EllipticCurvePrivateKey = field(default_factory=generate)
    attached_to: dict[str, list[bytes]] = field(default_factory=dict)
    fault: Callable[[str], None] = lambda _: None
    """Raises what the registry shall fail with, for an image's pinned name."""
    asked: list[str] = field(default_factory=list)
    """The pinned names that were asked for, in order."""
    tags: dict[str, str] = field(default_factory=dict)
    """The pinned name of what each `registry/repository:tag` says now."""

    def give_pass(
        self,
        *images: str,
        environment: str = "production",
        at: datetime = NOW - HOUR,
        valid_for: timedelta = DAY,
        by_stranger: bool = False,
        declared: Sequence[dict[str, Any]] = (),
    ) -> None:
        """Sign and attach a pass that covers these images together, and declared objects."""
        found = [ResolvedImage(r, r.digest) for r in map(ImageReference.parse, images) if r.digest]
        objects = [
            ReleaseObject(object_label(one), Digest.of(encoded(one)), one) for one in declared
        ]
        release = release_of([ReleaseImage.parse(str(i)) for i in found], objects)
        asked = tuple(sorted(Question("signature", str(i.reference)) for i in found))
        plan = Plan(asked, tuple(found), release, JUDGED, at)
        issuer = Issuer(
            verifier=VERIFIER,
            environment=environment,
            valid_for=valid_for,
            tool_version="1",
            manifests_bound=bool(declared),
            declared=declared_of(release),
        )
        cleared = Cleared(plan, tuple(Result(q, Passed()) for q in asked))
        for statement in statements(cleared, issuer):
            key = self.stranger if by_stranger else self.key
            bundle = sign_statement(statement.payload, key)
            self.attached_to.setdefault(str(statement.image), []).append(bundle)

    def policy(self, text: str = POLICY) -> Policy:
        """Load a policy whose signer is this registry's key."""
        return load_policy(
            text.encode(),
            "admit.yaml",
            checks={name: check.params for name, check in CHECKS.items()},
            check_rules=check_rules,
            read=lambda _: public_pem(self.key.public_key()),
        )

    def resolve(self, reference: ImageReference) -> ResolvedImage:
        if reference.digest is None:
            self.asked.append(str(reference))
            self.fault(str(reference))
            if str(reference) not in self.tags:
                raise RegistryError("not-found", f"{reference} is not there", remedy="push it")
            said = ImageReference.parse(self.tags[str(reference)])
            assert said.digest is not None
            return ResolvedImage(reference, said.digest)
        self.fault(f"{reference.name}@{reference.digest}")
        return ResolvedImage(reference, reference.digest)

    def attached(
        self, image: ResolvedImage, wanted: frozenset[str] | None = None
    ) -> Iterator[Attached]:
        del wanted
        self.asked.append(str(image))
        self.fault(str(image))
        for content in self.attached_to.get(str(image), ()):
            yield Attached(AttachedKind.BUNDLE, content, Storage.REFERRERS, image.digest)

    def attached_in_order(self, image: ResolvedImage) -> Iterator[Attached]:
        return self.attached(image)

    def configurations(self, image: ResolvedImage) -> tuple[ImageConfiguration, ...]:
        raise AssertionError(image)

    def artifact(self, reference: ImageReference, media_type: str, most: int) -> StoredDocument:
        raise AssertionError(reference, media_type, most)

    def close(self) -> None:
        pass


def down(code: str = "timeout") -> Callable[[str], None]:
    """Return the fault of a registry that does not answer."""

    def fail(name: str) -> None:
        raise RegistryError(code, f"{name} cannot be asked", remedy="try again")

    return fail


def pod_spec(*images: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401  # fields of a pod
    names = [{"name": f"c{number}", "image": image} for number, image in enumerate(images)]
    return {"containers": names, **more}


def pod(*images: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401  # fields of a pod
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": pod_spec(*images, **more),
    }


def deployment(*images: str, replicas: int = 1) -> dict[str, Any]:
    template = {"metadata": {"labels": {"app": "web"}}, "spec": pod_spec(*images)}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"app": "web"}},
            "template": template,
        },
    }


def object_label(value: dict[str, Any]) -> str:
    """Return `namespace/Kind/name`."""
    return f"{value['metadata']['namespace']}/{value['kind']}/{value['metadata']['name']}"


_RESOURCES: Final = {"Pod": "pods", "Deployment": "deployments"}


def request(
    new: dict[str, Any] | None,
    old: dict[str, Any] | None = None,
    *,
    operation: str | None = None,
    user: str = PERSON,
    **more: Any,  # noqa: ANN401  # fields of the request
) -> dict[str, Any]:
    """Return an AdmissionReview: of a creation, or of an update where there is `old`."""
    some = new or old or {}
    group, _, version = str(some["apiVersion"]).rpartition("/")
    kind = str(some["kind"])
    return {
        "apiVersion": "admission.k8s.io/v1",
        "kind": "AdmissionReview",
        "request": {
            "uid": "705ab4f5-6393-11e8-b7cc-42010a800002",
            "kind": {"group": group, "version": version, "kind": kind},
            "resource": {
                "group": group,
                "version": version,
                "resource": _RESOURCES.get(kind, f"{kind.lower()}s"),
            },
            "name": some["metadata"].get("name", ""),
            "namespace": some["metadata"].get("namespace", ""),
            "operation": operation or ("UPDATE" if old else "CREATE"),
            "userInfo": {"username": user, "groups": ["system:authenticated"]},
            "object": new,
            "oldObject": old,
            "dryRun": False,
            **more,
        },
    }


def encoded(review: object) -> bytes:
    return json.dumps(review).encode()
