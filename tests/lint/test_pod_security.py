from __future__ import annotations

import pytest

from gate.lint.settings import lint_settings
from gate.manifests.load import load_manifests
from gate.model.verdict import Action
from gate.policy.manifests import ManifestsSection
from tests.fakes.linted import linted

HARDENED = "allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}"
POD = (
    "apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec: {{{pod} containers: [{{name: c,"
    " image: i, securityContext: {{{container}}}}}]}}\n"
)
SAFE = "securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}},"


def _denied(pod: str, container: str, *, profile: str, minor: int) -> set[str]:
    text = POD.format(pod=pod, container=container)
    section = ManifestsSection.model_validate(
        {"profile": profile, "kubernetes-version": f"1.{minor}"}
    )
    found = linted(load_manifests([("f", text.encode())]).objects, lint_settings(section)).findings
    assert all(f.action is Action.BLOCK for f in found)
    return {f.rule for f in found}


def _sysctl(name: str) -> str:
    return f"securityContext: {{sysctls: [{{name: {name}, value: '1'}}]}},"


def test_a_hardened_pod_passes_the_restricted_standard_in_every_version() -> None:
    for minor in range(25, 38):
        assert _denied(SAFE, HARDENED, profile="restricted", minor=minor) == set()


@pytest.mark.parametrize(
    ("pod", "container", "since", "rule"),
    [
        (_sysctl("net.ipv4.ip_local_reserved_ports"), "", 27, "unsafe-sysctls"),
        (_sysctl("net.ipv4.tcp_keepalive_time"), "", 29, "unsafe-sysctls"),
        (_sysctl("net.ipv4.tcp_rmem"), "", 32, "unsafe-sysctls"),
        (_sysctl("net.ipv4.tcp_notsent_lowat"), "", 37, "unsafe-sysctls"),
        ("", "seLinuxOptions: {type: container_engine_t}", 31, "selinux-options"),
        ("hostUsers: false,", "procMount: Unmasked", 35, "unsafe-proc-mount"),
    ],
)
def test_the_baseline_standard_allows_it_from_a_version_on(
    pod: str, container: str, since: int, rule: str
) -> None:
    for minor in range(25, 38):
        expected = set() if minor >= since else {rule}
        assert _denied(pod, container, profile="baseline", minor=minor) == expected


def test_hosts_in_probes_are_denied_from_version_34_on() -> None:
    for minor in range(25, 38):
        text = POD.format(pod="", container="").replace(
            "image: i", "image: i, livenessProbe: {httpGet: {host: 127.0.0.1, port: 1}}"
        )
        section = ManifestsSection.model_validate(
            {"profile": "baseline", "kubernetes-version": f"1.{minor}"}
        )
        objects = load_manifests([("f", text.encode())]).objects
        rules = {f.rule for f in linted(objects, lint_settings(section)).findings}
        assert rules == ({"host-probe-target"} if minor >= 34 else set())


def test_the_restricted_standard_demands_run_as_non_root_in_so_many_words() -> None:
    seccomp = "securityContext: {seccompProfile: {type: RuntimeDefault}},"
    user = HARDENED + ", runAsUser: 1000"
    found = _denied(seccomp, user, profile="restricted", minor=34)
    assert found == {"run-as-non-root-explicit"}
    own_users = "hostUsers: false, " + seccomp
    assert _denied(own_users, user, profile="restricted", minor=35) == set()


def test_windows_pods_are_exempt_from_what_windows_lacks() -> None:
    windows = "os: {name: windows}, securityContext: {runAsNonRoot: true},"
    assert _denied(windows, "", profile="restricted", minor=34) == set()


def test_r164_a_container_overrides_what_its_pod_says() -> None:
    assert _denied(SAFE, HARDENED + ", runAsNonRoot: false", profile="restricted", minor=34) == {
        "run-as-non-root-explicit"
    }
    unconfined = HARDENED + ", seccompProfile: {type: Unconfined}"
    assert _denied(SAFE, unconfined, profile="restricted", minor=34) == {
        "seccomp-unconfined",
        "seccomp-profile-unset",
    }
