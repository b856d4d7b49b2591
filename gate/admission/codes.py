"""What the reason codes of this room mean: requests of an API server, and what serves them."""

from __future__ import annotations

from typing import Final

from gate.model.code_page import CodePage

CODES: Final[dict[str, CodePage]] = {
    "admission-review-malformed": CodePage(
        "The request is no AdmissionReview that gate can read.",
        "It is no JSON, lacks a part, or has a part of another type. Nothing in it was admitted.",
        "Let only the API server ask gate: look who else calls it, or what changes its requests.",
    ),
    "admission-review-too-large": CodePage(
        "The request is larger than 3 MiB.",
        "The API server does not store objects that are so large.",
        "Make the object smaller.",
    ),
    "admission-review-version": CodePage(
        "The request has a version of AdmissionReview that gate does not read.",
        "gate reads admission.k8s.io/v1, which every Kubernetes since 1.16 sends.",
        "List v1 in the webhook's configuration.",
        'admissionReviewVersions: ["v1"]',
    ),
    "admission-operation-unjudged": CodePage(
        "gate does not judge this operation.",
        "It judges CREATE and UPDATE, and lets DELETE pass. CONNECT, as of `kubectl exec`, carries "
        "no object that gate could judge, so it is denied.",
        "Remove the operation from the rules of the webhook's configuration.",
        "operations: [CREATE, UPDATE]",
    ),
    "admission-object-mismatch": CodePage(
        "The object is not of the kind that the request names.",
        "The API server names the kind of the object that it sends. A request where the two differ "
        "does not come from it.",
        "Let only the API server ask gate: look who else calls it, or what changes its requests.",
    ),
    "admission-pod-unreadable": CodePage(
        "An object that runs a pod has no containers.",
        "A pod of every API server has some, at the place that its kind says. A request without "
        "them does not come from one, and what is elsewhere in it was not judged.",
        "Let only the API server ask gate: look who else calls it, or what changes its requests.",
    ),
    "admission-deadline": CodePage(
        "The answer did not come before the webhook's deadline.",
        "A registry answers too slowly. Nobody knows yet whether the image may run, so it is "
        "denied. gate goes on asking: a second try often finds the answer there.",
        "Try again. If it stays so, raise `timeoutSeconds` of the webhook, or use a mirror.",
    ),
    "admission-busy": CodePage(
        "gate looks at as many images as it can.",
        "More images are asked for at the same time than gate keeps in its memory. Nobody knows "
        "yet whether this one may run, so it is denied.",
        "Try again. If it stays so, run more replicas of gate.",
    ),
    "admission-audit-labels": CodePage(
        "The request gives a namespace a label that only certain users may set.",
        "The policy says that nothing is refused in namespaces with this label. Who may write a "
        "namespace could otherwise open the door for all that runs in it.",
        "Leave the label out, or let a user set it whom the policy names.",
        "admission: {audit-labels: {labels: {gate: audit}, set-by: [kubernetes-admin]}}",
    ),
    "admission-audit-labels-unknown": CodePage(
        "The labels of the namespace could not be read.",
        "They would say whether a refusal is only a warning there. While they are unknown, gate "
        "refuses as it does elsewhere.",
        "Give gate's account the right to `get` namespaces. The chart does so where the policy "
        "has `audit-labels`.",
    ),
    "registry-circuit-open": CodePage(
        "gate does not ask this registry for some seconds.",
        "The registry gave no answer several times in a row. To wait for it again would keep "
        "every other request waiting.",
        "Repair the registry or the way to it. gate asks it again by itself.",
    ),
    "serve-extra-missing": CodePage(
        "`gate serve` needs more packages.",
        "The server and its metrics are in the extra `serve`, which is not installed.",
        "Install it.",
        "pip install 'gatepass[serve]'",
    ),
    "serve-certificate": CodePage(
        "The certificate or the key of the server cannot be used.",
        "A file is not there, is no PEM, or the key is of another certificate. The API server "
        "calls webhooks over TLS alone.",
        "Give --cert and --key, a certificate for the name of the service and its key.",
        "gate serve --policy admit.yaml --cert tls.crt --key tls.key",
    ),
    "own-certificate-incomplete": CodePage(
        "A certificate of gate's own needs three names.",
        "gate makes its certificate, keeps it in a Secret that all replicas share, and writes its "
        "authority into the webhook's configuration, so that API servers trust it.",
        "Give --own-certificate, --certificate-for and --webhook, and no --cert and --key.",
        "gate serve --policy admit.yaml --own-certificate gate-system/gate-tls "
        "--certificate-for gate.gate-system.svc --webhook gate-system-gate",
    ),
    "own-certificate-foreign": CodePage(
        "The Secret is not one that gate wrote.",
        "gate overwrites nothing that is not its own.",
        "Name an empty Secret that nobody else uses.",
        "kubectl -n gate-system create secret generic gate-tls",
    ),
    "pull-secrets-namespace": CodePage(
        "--pull-secrets names no namespace.",
        "It takes one name, letter by letter: gate reads secrets of no other namespace.",
        "Write the name, and repeat the option for more.",
        "gate serve --policy admit.yaml --pull-secrets shop --pull-secrets billing",
    ),
    "serve-audit": CodePage(
        "The options of a repeated audit are incomplete.",
        "--audit-every says how often, ten minutes or more, and --audit-lease names the Lease by "
        "which the replicas agree on the one that does it.",
        "Give both options. The chart does so with `audit.every`.",
        "gate serve --policy admit.yaml --audit-every 6h --audit-lease gate-system/gate-audit",
    ),
    "serve-mode": CodePage(
        "--mode is neither enforce nor audit.",
        "In the mode audit nothing is refused: what would be refused is a warning.",
        "Write --mode enforce, or --mode audit.",
    ),
    "static-config-incomplete": CodePage(
        "--print-static-config lacks where the API server reaches gate, or whom it trusts there.",
        "A webhook from a file of the API server is called at a URL, and not through a Service.",
        "Give --url and --ca.",
        "gate serve --print-static-config --url https://127.0.0.1:8443/validate --ca ca.crt",
    ),
    "serve-listen": CodePage(
        "gate cannot listen at this address.",
        "--listen is not HOST:PORT, or something else listens there.",
        "Give another address with --listen.",
        "gate serve --policy admit.yaml --listen 0.0.0.0:8443",
    ),
}
