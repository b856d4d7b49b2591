"""Connaisseur's and Ratify's demands become a policy, and no image is asked for less."""

from __future__ import annotations

from pathlib import Path

import pytest

from gate.checks.demand.base import SignedParams
from gate.cli.reads.find_policy import find_policy
from gate.export.imports.call import ImportCall
from gate.export.imports.kinds import import_file
from gate.export.imports.known_rules import KnownRules
from gate.export.imports.proposal import ImportedPolicy
from gate.keys.private import generate
from gate.keys.public import public_pem
from gate.policy.document import Policy

GITHUB = "https://token.actions.githubusercontent.com"
FLOW = "https://github.com/acme/shop/.github/workflows/release.yml@refs/tags/v1"


def key() -> str:
    """Return a public key as a text of YAML on one line."""
    return '"' + public_pem(generate().public_key()).decode().replace("\n", "\\n") + '"'


CONNAISSEUR = f"""\
application:
  validators:
    - {{name: allow, type: static, approve: true}}
    - {{name: deny, type: static, approve: false}}
    - {{name: hub, type: notaryv1, host: notary.docker.io, trustRoots: [{{name: default, key: x}}]}}
    - name: default
      type: cosign
      trustRoots:
        - {{name: default, key: {key()}}}
        - {{name: second, key: {key()}}}
        - {{name: flow, keyless: {{issuer: "{GITHUB}", subject: "{FLOW}"}}}}
  policy:
    - {{pattern: "*:*", validator: deny}}
    - {{pattern: "ghcr.io/acme/*:*"}}
    - {{pattern: "ghcr.io/acme/shop:*", with: WITH}}
    - {{pattern: "registry.k8s.io/*:*", validator: allow}}
    - {{pattern: "docker.io/library/*:*", validator: hub}}
    - {{pattern: "quay.io/a/*:*", validator: gone}}
  features: {{namespacedValidation: {{mode: validate}}, detectionMode: true}}
"""
INLINE = f"""\
apiVersion: config.ratify.deislabs.io/v1beta1
kind: KeyManagementProvider
metadata: {{name: ours}}
spec: {{type: inline, parameters: {{contentType: key, value: {key()}}}}}
---
"""
VERIFIER = f"""\
apiVersion: config.ratify.deislabs.io/v1beta1
kind: Verifier
metadata: {{name: verifier-cosign}}
spec:
  name: cosign
  artifactTypes: application/vnd.dev.cosign.artifact.sig.v1+json
  parameters:
    trustPolicies:
      - {{name: keyed, scopes: [ghcr.io/acme/*], keys: [{{provider: gatekeeper-system/ours}}]}}
      - name: flow
        scopes: [ghcr.io/acme/shop]
        keyless: {{certificateIdentity: "{FLOW}", certificateOIDCIssuer: "{GITHUB}"}}
"""
EXECUTOR = f"""\
apiVersion: config.ratify.sh/v2alpha1
kind: Executor
metadata: {{name: one}}
spec:
  scopes: [ghcr.io, quay.io/acme/shop]
  stores: [{{type: registry-store}}]
  verifiers:
    - name: one
      type: cosign
      parameters: {{trustPolicies: [{{scopes: [ghcr.io], keys: {{inline: {{keys: {key()}}}}}}}]}}
    - name: two
      type: cosign
      parameters: {{trustPolicies: [{{scopes: [ghcr.io], keys: {{inline: {{keys: {key()}}}}}}}]}}
    - {{name: notation, type: notation, parameters: {{certificates: [x]}}}}
  policyEnforcer:
    type: threshold-policy
    parameters: {{policy: {{threshold: 1, rules: [{{verifierName: one}}, {{verifierName: two}}]}}}}
"""


def told(text: str) -> tuple[ImportedPolicy, dict[str, tuple[str, str]]]:
    """Return the proposal, and of each demand its key and note."""
    given = ImportedPolicy()
    call = ImportCall(given, lambda _: None, KnownRules())
    lines = import_file(text.encode(), "values.yaml", call)
    return given, {line.demand.split(" ")[0]: (line.key, line.note) for line in lines}


def asks(folder: Path, given: ImportedPolicy) -> dict[str, dict[str, object]]:
    list(given.settled())
    (folder / "policy.yaml").write_text(given.text())
    policy: Policy = find_policy(str(folder / "policy.yaml"), None)
    return {
        entry.pattern.text: {
            check: (sorted(params.by), params.at_least)
            if isinstance(params, SignedParams)
            else "required"
            for check, params in entry.checks.items()
        }
        for entry in policy.images
    }


def test_of_connaisseur_the_most_specific_rule_alone_is_asked(tmp_path: Path) -> None:
    given, lines = told(CONNAISSEUR.replace("WITH", "{trustRoot: flow}"))
    assert asks(tmp_path, given) == {
        "ghcr.io/acme/shop": {"signature": (["release"], 1)},
        "ghcr.io/acme/**": {"signature": (["key"], 1)},
        "registry.k8s.io/**": {"digest": "required"},
    }
    assert "no entry matches is blocked" in lines["policy.0.pattern"][1]
    assert "at least for a digest" in lines["policy.3.pattern"][1]
    for part, why in (
        ("policy.4.pattern", "Notary"),
        ("policy.5.pattern", "no validator gone"),
        ("features.namespacedValidation", "every object"),
        ("features.detectionMode", "blocks"),
    ):
        assert (lines[part][0], why in lines[part][1]) == ("", True), part


@pytest.mark.parametrize(
    ("asked", "signers", "wanted"),
    [
        ('{trustRoot: "*"}', ["key", "key-2", "release"], 3),
        ('{trustRoot: "*", threshold: 2}', ["key", "key-2", "release"], 2),
        ('{trustRoot: "*", threshold: true}', ["key", "key-2", "release"], 3),
        ('{trustRoot: "*", required: [default, flow]}', ["key", "release"], 2),
        (
            '{trustRoot: "*", threshold: 1, required: [default, flow]}',
            ["key", "key-2", "release"],
            2,
        ),
        ("{trust_root: second}", ["key"], 1),
    ],
)  # fmt: skip
def test_trust_roots_of_connaisseur_are_counted(
    tmp_path: Path, asked: str, signers: list[str], wanted: int
) -> None:
    alone = CONNAISSEUR.replace('    - {pattern: "ghcr.io/acme/*:*"}\n', "")
    given, _ = told(alone.replace("WITH", asked))
    assert asks(tmp_path, given)["ghcr.io/acme/shop"] == {"signature": (signers, wanted)}


def test_the_log_is_demanded_of_a_key_unless_connaisseur_is_told_not_to(tmp_path: Path) -> None:
    given, _ = told(CONNAISSEUR.replace("WITH", "{trustRoot: second}"))
    assert {said["log"] for said in given.signers.values() if "key" in said} == {"required"}
    off = "{trustRoot: second, verifyInTransparencyLog: false}"
    given, _ = told(CONNAISSEUR.replace("WITH", off))
    assert [said.get("log") for said in given.signers.values() if "key" in said] == [
        "required",
        None,
    ]
    assert asks(tmp_path, given)["ghcr.io/acme/shop"] == {"signature": (["key-2"], 1)}


def test_values_of_an_older_connaisseur_and_of_a_chart_around_it_are_read(tmp_path: Path) -> None:
    whole = CONNAISSEUR.replace("WITH", "{trustRoot: flow}")
    around = "connaisseur:\n" + "".join(f"  {line}\n" for line in whole.splitlines())
    older = "".join(
        f"{line.removeprefix('  ')}\n"
        for line in whole.replace("trustRoot", "trust_root").splitlines()[1:]
    )
    expected = asks(tmp_path, told(whole)[0])
    assert asks(tmp_path, told(around)[0]) == expected
    assert asks(tmp_path, told(older)[0]) == expected


def test_what_another_tool_demands_of_all_is_asked_beneath_connaisseurs_rules_too(
    tmp_path: Path,
) -> None:
    given, _ = told(CONNAISSEUR.replace("WITH", "{trustRoot: flow}"))
    call = ImportCall(given, lambda _: None, KnownRules())
    other = (
        "apiVersion: policy.sigstore.dev/v1beta1\nkind: ClusterImagePolicy\nspec:\n"
        '  images: [{glob: "ghcr.io/acme/shop/web"}]\n'
        f"  authorities: [{{key: {{data: {key()}}}}}]\n"
    )
    import_file(other.encode(), "cip.yaml", call)
    # Beneath both `ghcr.io/acme/**` of Connaisseur and its own pattern.
    assert asks(tmp_path, given)["ghcr.io/acme/shop/web"] == {"signature": (["key", "key-2"], 2)}


def test_a_verifier_of_ratify_asks_for_keys_and_identities_by_scope(tmp_path: Path) -> None:
    given, lines = told(INLINE + VERIFIER)
    assert asks(tmp_path, given) == {
        "ghcr.io/acme/shop": {"signature": (["release"], 1)},
        "ghcr.io/acme/**": {"signature": (["key"], 1)},
    }
    assert lines["parameters.trustPolicies.0.keys.0"][0] == "signers key"
    # The key of a provider that is not in the file is not known.
    given, lines = told(VERIFIER)
    assert "kept in a service" in lines["parameters.trustPolicies.0.keys.0"][1]
    assert list(asks(tmp_path, given)) == ["ghcr.io/acme/shop"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("notation", "Notary"),
        ("sbom", "forbid-licenses"),
        ("vulnerabilityreport", "scan-age"),
        ("ours", "gate has none"),
    ],
)
def test_other_verifiers_of_ratify_are_told(name: str, why: str) -> None:
    given, lines = told(VERIFIER.replace("name: cosign", f"name: {name}"))
    assert given.empty
    assert why in lines["name"][1]


def test_a_policy_of_ratify_counts_one_signature_or_is_told() -> None:
    head = "apiVersion: config.ratify.deislabs.io/v1beta1\nkind: Policy\n"
    counts = (
        "spec: {type: config-policy, parameters: {artifactVerificationPolicies: {a: any, b: all}}}"
    )
    _, lines = told(head + counts)
    assert lines["parameters.artifactVerificationPolicies.a"][0] == "images signature.by"
    assert "refuses no other" in lines["parameters.artifactVerificationPolicies.b"][1]
    _, lines = told(head + "spec: {type: rego-policy, parameters: {policy: package x}}")
    assert "Rego" in lines["parameters.policy"][1]


def test_an_executor_of_ratify_asks_for_as_many_verifiers_as_it_counts(tmp_path: Path) -> None:
    given, lines = told(EXECUTOR)
    both = {"signature": (["key", "key-2"], 1)}
    assert asks(tmp_path, given) == {"quay.io/acme/shop": both, "ghcr.io/**": both}
    assert "Notary" in lines["verifiers.2.type"][1]
    for said in ("", "threshold: true, "):
        given, _ = told(EXECUTOR.replace("threshold: 1, ", said))
        assert asks(tmp_path, given)["ghcr.io/**"] == {"signature": (["key", "key-2"], 2)}
    either = EXECUTOR.replace("{verifierName: two}]", "{verifierName: notation}]")
    given, lines = told(either)
    assert asks(tmp_path, given)["ghcr.io/**"] == {"signature": (["key"], 1)}
    assert "cosign's signature alone" in lines["policyEnforcer.parameters"][1]


def test_two_keys_of_one_verifier_do_not_stand_for_two_verifiers(tmp_path: Path) -> None:
    more = f"{{scopes: [ghcr.io], keys: {{inline: {{keys: {key()}}}}}}}, "
    text = EXECUTOR.replace("trustPolicies: [", f"trustPolicies: [{more}", 1)
    given, _ = told(text.replace("threshold: 1, ", ""))
    assert asks(tmp_path, given)["ghcr.io/**"] == {"signature": (["key", "key-2", "key-3"], 3)}


def test_rules_inside_of_rules_and_keys_in_a_service_are_told() -> None:
    nested = EXECUTOR.replace("{verifierName: two}]", "{rules: [{verifierName: two}]}]")
    assert "no groups" in told(nested)[1]["policyEnforcer.parameters.policy.rules.1.rules"][1]
    text = EXECUTOR.replace("inline: {keys:", "azurekeyvault: {keys:", 1)
    key_place = "verifiers.0.parameters.trustPolicies.0.keys.azurekeyvault"
    assert "kept in a service" in told(text)[1][key_place][1]


@pytest.mark.parametrize("kind", ["Store", "CertificateStore", "KeyManagementProvider"])
def test_an_object_that_only_holds_something_demands_nothing(kind: str) -> None:
    text = f"apiVersion: config.ratify.deislabs.io/v1beta1\nkind: {kind}\nspec: {{name: oras}}\n"
    given, lines = told(text)
    assert given.empty
    assert [note for _, note in lines.values()] == ["it demands nothing by itself: a Verifier does"]
