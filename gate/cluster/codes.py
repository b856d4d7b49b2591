"""Reason codes of what goes wrong between gate and a cluster. Stable."""

from __future__ import annotations

from typing import Final

from gate.model.code_page import CodePage

CODES: Final[dict[str, CodePage]] = {
    "kubeconfig-unreadable": CodePage(
        "The kubeconfig cannot be read.",
        "The file is not there, is no YAML, or lacks a cluster, a user or a context that it names.",
        "Name a file that `kubectl --kubeconfig FILE config view` shows without an error.",
    ),
    "kubeconfig-unsupported": CodePage(
        "The kubeconfig asks for a way in that gate does not take.",
        "gate takes a token or a client certificate, and always holds the server to its "
        "certificate. It runs no program that a file names, sends no password, and uses no proxy "
        "of the file.",
        "Make a token, such as with `kubectl create token`, and write a kubeconfig with it.",
    ),
    "cluster-unreachable": CodePage(
        "The API server gives no answer.",
        "Nothing listens there, the certificate is of another authority, or the answer takes too "
        "long.",
        "Try `kubectl --kubeconfig FILE get --raw /readyz`.",
    ),
    "cluster-denied": CodePage(
        "The API server does not let this account list objects.",
        "`gate audit` lists Pods and workloads of every namespace, and reads no Secret.",
        "Give the account the ClusterRole `view`, or name the namespaces with --namespace.",
    ),
    "cluster-unexpected": CodePage(
        "The API server gave another answer than a list.",
        "Its status, its size or its content is not that of a list of objects.",
        "Look at the answer with `kubectl get --raw PATH`.",
    ),
    "cluster-too-large": CodePage(
        "The cluster has more workloads than one run judges.",
        "One run holds 50,000 objects at most, so that its memory is bounded.",
        "Name namespaces with --namespace, and run `gate audit` once for each.",
    ),
    "cluster-account-missing": CodePage(
        "gate has no account at the API server.",
        "It runs outside of a Pod, or its Pod has no token of a service account.",
        "Run it as the chart does, or give --kubeconfig.",
    ),
    "cluster-object-denied": CodePage(
        "The API server does not let gate read or write an object.",
        "gate asks for few objects, each by its exact name, and its account has no right to one.",
        "Give the account the Role and the ClusterRole of the chart.",
    ),
    "cluster-object-missing": CodePage(
        "An object that gate writes to is not there.",
        "gate creates none of the objects that it shares with other replicas: the chart does.",
        "Create it, or correct the name that gate was given.",
        "kubectl -n gate-system create secret generic gate-tls",
    ),
}
