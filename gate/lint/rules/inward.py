"""What leads traffic, or text, into places where it should not go."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import Final

from gate.documents.lenient import dig, labels, text
from gate.lint.rule import References, Scope, Violation, lint_rule
from gate.model.expressions import expression
from gate.model.kubernetes import KubernetesObject
from gate.model.verdict import Action, Severity


@lint_rule(
    "external-name-inside",
    Severity.HIGH,
    Action.BLOCK,
    Scope.OBJECT,
    References(owasp_2022="K07", owasp_2025="K05", peers={"kyverno": ("no-localhost-service",)}),
    kinds=frozenset(("Service",)),
)
def external_name_inside(obj: KubernetesObject) -> Iterator[Violation]:
    """No ExternalName service leads to the node, the API server or the metadata of a cloud.

    Why: an ingress controller that follows the service then asks itself, the API server, or the
    server that hands out the node's credentials, in the name of a stranger.

    Passes when: spec.externalName is no name and no address of the local host (localhost,
    127.0.0.1), of the local link (169.254.169.254), of a metadata server
    (metadata.google.internal, instance-data.ec2.internal), or of the API server
    (kubernetes.default.svc), nor one that holds such an address (127.0.0.1.nip.io).

    Remedy: Remove the service, or name the host that is meant.
    """
    spec = obj.value.get("spec")
    if dig(spec, "type") != "ExternalName":
        return
    name = text(dig(spec, "externalName"))
    if _is_inside(name.strip().rstrip(".").casefold()):
        yield Violation(f"externalName leads to {name}", ("spec", "externalName"))


@lint_rule(
    "ingress-annotation-injection",
    Severity.CRITICAL,
    Action.BLOCK,
    Scope.OBJECT,
    References(owasp_2022="K04", owasp_2025="K04"),
    kinds=frozenset(("Ingress",)),
)
def ingress_annotation_injection(obj: KubernetesObject) -> Iterator[Violation]:
    """No annotation of an ingress ends its own line in the controller's configuration.

    Why: ingress-nginx writes these values into its configuration. A value that closes its line
    adds directives of its own, which run with the secrets of the whole cluster (CVE-2025-24514,
    CVE-2025-1097, CVE-2025-1098).

    Passes when: no annotation of ingress-nginx that holds an address, a name or a path
    (auth-url, auth-tls-match-cn, mirror-target, rewrite-target) has a line feed, a semicolon or
    a brace in it, and no other one has a line feed and one of these. A variable such as
    ${host} and a repetition such as {1,3} are allowed.

    Remedy: Write the value as one line without ; { and }.
    """
    for key, value in labels(dig(obj.value, "metadata", "annotations")).items():
        prefix, _, name = key.partition("/")
        if not prefix.startswith("nginx.") or name.endswith(("-snippet", "-snippets")):
            continue
        rest = _HARMLESS.sub("", value.strip())
        ends = {c for c in "\n\r;{}" if c in rest}
        lines, others = ends & {"\n", "\r"}, ends - {"\n", "\r"}
        if (name in _WRITTEN and ends) or (lines and others):
            message = f"the annotation {name} adds lines to the controller's configuration"
            yield Violation(message, ("metadata", "annotations", key))


def _is_inside(name: str) -> bool:
    if name in _INSIDE or name.endswith((".localhost", ".localdomain", ".metadata.goog")):
        return True
    if name in _API_SERVER or name.startswith("kubernetes.default.svc."):
        return True
    held = _HOLDS_ADDRESS.search(name)
    written = held[1].replace("-", ".") if held else name.removeprefix("[").removesuffix("]")
    try:
        address = ipaddress.ip_address(written)
    except ValueError:
        return False
    local = address.is_loopback or address.is_link_local or address.is_unspecified
    return local or str(address) in _METADATA


_INSIDE: Final = frozenset(
    (
        *("localhost", "localhost4", "localhost6", "ip6-localhost", "ip6-loopback"),
        # https://cloud.google.com/compute/docs/metadata/overview
        *("metadata", "metadata.google.internal", "metadata.goog"),
        # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
        *("instance-data", "instance-data.ec2.internal"),
        *("localtest.me", "lvh.me"),  # names of the local host in the public DNS
    )
)
_HOLDS_ADDRESS: Final = expression(
    r"(?:^|[.-])((?:\d{1,3}[.-]){3}\d{1,3})\.(?:nip\.io|sslip\.io|xip\.io)$", re.ASCII
)
"""Names of public services that answer with the address that is in the name."""
_API_SERVER: Final = frozenset(("kubernetes.default", "kubernetes.default.svc"))
_METADATA: Final = frozenset(
    (
        "100.100.100.200",  # Alibaba Cloud
        "168.63.129.16",  # Azure
        "192.0.0.192",  # Oracle Cloud
        "fd00:ec2::254",  # AWS
        "fd20:ce::254",  # Google Cloud
    )
)
_WRITTEN: Final = frozenset(
    (
        *("app-root", "auth-cache-key", "auth-realm", "auth-signin", "auth-tls-error-page"),
        *("auth-tls-match-cn", "auth-url", "canary-by-header-pattern", "cors-allow-origin"),
        *("mirror-host", "mirror-target", "permanent-redirect", "proxy-cookie-domain"),
        *("proxy-redirect-from", "proxy-redirect-to", "rewrite-target"),
        *("secure-verify-ca-secret", "server-alias", "temporal-redirect", "upstream-vhost"),
        *("x-forwarded-prefix",),
    )
)
"""Annotations whose value is one word of a line.

https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/
"""
_HARMLESS: Final = expression(r"\$\{\w{1,64}\}|\{\d{1,4}(?:,\d{0,4})?\}", re.ASCII)

RULES: Final = (
    external_name_inside,
    ingress_annotation_injection,
)
