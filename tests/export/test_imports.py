"""What other tools demand becomes a policy, and of each demand the account says what became."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.cli.runs.import_policy import run_import
from gate.errors import GateError, UsageError
from gate.export.imports.call import ImportCall
from gate.export.imports.kinds import import_file
from gate.export.imports.proposal import Ask, ImportedPolicy
from gate.export.imports.variables import Variables
from gate.export.imports.words import identity_pattern, image_pattern
from gate.keys.private import generate
from gate.keys.public import public_pem
from gate.policy.glob import covers, spans
from gate.policy.signers import KeylessSigner
from tests.builders.imported_policies import (
    CIP,
    FLOW,
    GITHUB,
    KYVERNO,
    SUBJECT,
    asks,
    imported,
    told,
)
from tests.builders.policies import load

PEM = public_pem(generate().public_key()).decode()
IVPOL = f"""\
apiVersion: policies.kyverno.io/v1
kind: ImageValidatingPolicy
metadata: {{name: shop}}
spec:
  matchImageReferences: [{{glob: "ghcr.io/acme/*"}}]
  attestors:
    - name: ci
      cosign: {{keyless: {{identities: [{{issuer: {GITHUB}, subject: "{FLOW}/v1"}}]}}}}
  attestations: [{{name: bom, intoto: {{type: https://cyclonedx.org/bom}}}}]
  validations:
    - expression: images.containers.map(i, verifyImageSignatures(i, [attestors.ci])).all(e, e > 0)
    - expression: images.containers.map(i, verifyAttestationSignatures(i, attestations.bom,
        [attestors.ci])).all(e, e > 0)
"""
KEYLESS = CIP[CIP.index("keyless:") : CIP.index("ctlog:")]
PLACEHOLDER = (
    'key: {data: "-----BEGIN PUBLIC KEY-----\\nYOUR KEY\\n-----END PUBLIC KEY-----"}\n      '
)
SKIPPING = KYVERNO.replace("attestors:", "skipImageReferences: [a]\n          attestors:")
EXCLUDING = KYVERNO.replace("verifyImages:", "exclude: {a: b}\n      verifyImages:")
REF = "--certificate-github-workflow-ref"
CALL = f"--certificate-oidc-issuer {GITHUB} --certificate-identity {FLOW}/v1"


def test_a_cluster_image_policy_becomes_an_entry(tmp_path: Path) -> None:
    policy, _ = imported(tmp_path, CIP)
    assert asks(policy) == {"ghcr.io/acme/**": {"signature": (["release"], 1)}}


def test_images_that_a_cluster_image_policy_lets_in_unasked_have_a_digest(tmp_path: Path) -> None:
    head = CIP[: CIP.index("    - name: ci")].replace("acme/**", "acme/base")
    policy, _ = imported(tmp_path, f"{head}    - static: {{action: pass}}\n", CIP)
    # What another policy demands of the same images is still demanded.
    signed = (["release"], 1)
    assert asks(policy)["ghcr.io/acme/base"] == {"digest": "required", "signature": signed}
    assert told(f"{head}    - static: {{action: pass}}\n") == {}
    for authorities in ("    - static: {action: fail}\n", "    []\n"):
        with pytest.raises(UsageError):
            imported(tmp_path, head + authorities)


def test_a_cluster_policy_asks_for_a_digest_and_so_many_signers(tmp_path: Path) -> None:
    policy, _ = imported(tmp_path, KYVERNO)
    signed = (["release", "release-2"], 1)
    assert asks(policy) == {"ghcr.io/acme/**": {"digest": "required", "signature": signed}}
    policy, _ = imported(tmp_path, KYVERNO.replace("count: 1", "count: 2"))
    assert asks(policy)["ghcr.io/acme/**"]["signature"] == (["release", "release-2"], 2)
    # Where Kyverno counts nothing, every entry must hold; and `true` counts nothing.
    for said in ("", "count: true\n              "):
        policy, _ = imported(tmp_path, KYVERNO.replace("count: 1\n              ", said))
        assert asks(policy)["ghcr.io/acme/**"]["signature"] == (["release", "release-2"], 2)


def test_an_image_validating_policy_is_read_by_the_functions_that_it_calls(tmp_path: Path) -> None:
    policy, _ = imported(tmp_path, IVPOL)
    one = (["release"], 1)
    expected = {"digest": "required", "signature": one, "sbom": one}
    assert asks(policy) == {"ghcr.io/acme/**": expected}


def test_calls_of_cosign_are_read_as_a_shell_would(tmp_path: Path) -> None:
    text = f"""\
jobs:
  release:
    steps:
      - run: |
          cosign verify \\
            {CALL} \\
            ghcr.io/acme/shop@${{{{ steps.push.outputs.digest }}}} | jq .
          # cosign verify --key never.pub ghcr.io/acme/never
          cosign verify-attestation --type cyclonedx {CALL} ghcr.io/acme/shop:1.0 > out.json
"""
    policy, _ = imported(tmp_path, text)
    one = (["release"], 1)
    assert asks(policy) == {"ghcr.io/acme/shop": {"signature": one, "sbom": one}}


@pytest.mark.parametrize(
    "line",
    ["echo 1/2 cosign verify (signature)", "- name: cosign verify it", "printf 'cosign verify it'"],
)
def test_words_that_are_printed_are_no_call_of_cosign(line: str) -> None:
    assert told(f"{line}\ncosign verify --key gone.pub ghcr.io/a/b\n") == {
        "cosign": "the file of the public key is not there or holds no PEM: write the key yourself"
    }
    with pytest.raises(UsageError):
        told(line)


def test_a_call_after_printed_words_is_one() -> None:
    assert "cosign" in told("echo $X | cosign verify --key gone.pub ghcr.io/a/b")


def test_a_ref_that_is_anything_is_told_to_match_none_with_a_slash() -> None:
    text = CIP.replace(SUBJECT, f"subjectRegExp: '^{FLOW.replace('refs/tags', '.*')}$'")
    call = ImportCall(ImportedPolicy(), lambda _: None)
    lines = import_file(text.encode(), "a.yaml", call)
    assert any("@* matches no ref with a slash" in line.note for line in lines)


def test_a_workflow_that_is_no_file_of_kubernetes_is_read_all_the_same(tmp_path: Path) -> None:
    text = (
        f"permissions:\n  checks: write\non: &o\n  a: *o\nrun: cosign verify {CALL} ghcr.io/a/b\n"
    )
    policy, _ = imported(tmp_path, text)
    assert asks(policy) == {"ghcr.io/a/b": {"signature": (["release"], 1)}}
    assert "the YAML here" not in told(text.replace("  checks: write", "  contents: read"))


@pytest.mark.parametrize(
    "sets",
    [
        f'IDENTITY="{FLOW}/v1"',
        f"env:\n  IDENTITY: {FLOW}/v1",
        f'FLOW={FLOW}\nexport IDENTITY="$FLOW/v1"  # ours',
    ],
)
def test_a_variable_that_the_file_sets_to_one_text_is_that_text(tmp_path: Path, sets: str) -> None:
    call = f"cosign verify --certificate-oidc-issuer {GITHUB} --certificate-identity IT ghcr.io/a/b"
    for used in ('"$IDENTITY"', "${IDENTITY}", "${{ env.IDENTITY }}"):
        policy, _ = imported(tmp_path, f"{sets}\n{call.replace('IT', used)}\n", name="verify.sh")
        (signer,) = policy.signers.values()
        assert isinstance(signer, KeylessSigner)
        assert signer.identity == f"{FLOW}/v1"


@pytest.mark.parametrize(
    "sets",
    [
        "",
        "IDENTITY=a\nIDENTITY=b",
        "IDENTITY=$(pwd)",
        "IDENTITY=a b",
        "IDENTITY=$IDENTITY",
        "IDENTITY='",
    ],
)
def test_a_variable_that_may_hold_anything_is_told(sets: str) -> None:
    call = f"cosign verify --certificate-oidc-issuer {GITHUB} --certificate-identity $IDENTITY a/b"
    assert "is a variable" in told(f"{sets}\n{call}\n")["cosign"]


def test_a_file_that_sets_very_many_variables_or_a_very_long_one_has_none_that_is_known() -> None:
    many = "".join(f"A{n}=1\n" for n in range(10_001))
    assert Variables.of(many).filled("$A1") == "$A1"
    assert Variables.of("A=1").filled("$A") == "1"
    long = Variables.of("A=$B$B$B$B\nB=$C$C$C$C\nC=" + "x" * 1000)
    assert len(long.filled("$A$A$A$A")) < 5000


def test_a_workflow_knows_the_repository_of_its_checkout(tmp_path: Path) -> None:
    where = "https://github.com/ORIGIN/.github/workflows/release.yml@refs/tags/v1"
    call = f"cosign verify --certificate-oidc-issuer {GITHUB} --certificate-identity {where} a/b\n"
    for used in ("${{ github.repository }}", "$GITHUB_REPOSITORY", "$GITHUB_REPOSITORY_OWNER/shop"):
        text = call.replace("ORIGIN", used)
        assert "is a variable" in told(text)["cosign"]
        given = ImportedPolicy()
        asked = ImportCall(given, lambda _: None, repository="acme/shop")
        import_file(text.encode(), "a.yaml", asked)
        assert [said["identity"] for said in given.signers.values()] == [f"{FLOW}/v1"]
    (tmp_path / ".git").mkdir()
    origin = "git@github.com:acme/shop.git"
    (tmp_path / ".git/config").write_text(f'[remote "origin"]\n  url = {origin}\n')
    policy, _ = imported(tmp_path, call.replace("ORIGIN", "$GITHUB_REPOSITORY"), name="verify.sh")
    (signer,) = policy.signers.values()
    assert isinstance(signer, KeylessSigner)
    assert signer.identity == f"{FLOW}/v1"


def test_a_ref_that_is_a_variable_is_every_ref_of_its_kind_and_told(tmp_path: Path) -> None:
    call = (
        f"cosign verify --certificate-oidc-issuer {GITHUB} --certificate-identity {FLOW}/$TAG a/b"
    )
    policy, _ = imported(tmp_path, call, name="verify.sh")
    (signer,) = policy.signers.values()
    assert isinstance(signer, KeylessSigner)
    assert signer.identity == f"{FLOW}/*"
    lines = import_file(call.encode(), "a.sh", ImportCall(ImportedPolicy(), lambda _: None))
    assert "every such ref" in lines[0].note
    assert "is a variable" in told(call.replace("acme/shop", "$REPO"))["cosign"]


@pytest.mark.parametrize(
    "end", ["", " >/dev/null 2>&1", " 2>/dev/null", " | jq .", "|jq .", "; true", " && true", "&"]
)
def test_a_call_ends_where_the_shell_ends_it(tmp_path: Path, end: str) -> None:
    policy, _ = imported(tmp_path, f"cosign verify {CALL} ghcr.io/a/b{end}\n", name="verify.sh")
    assert asks(policy) == {"ghcr.io/a/b": {"signature": (["release"], 1)}}


def test_a_quoted_bar_ends_no_call() -> None:
    call = (
        f"cosign verify --certificate-identity-regexp 'a|b' --certificate-oidc-issuer {GITHUB} a/b"
    )
    assert "no regular expressions" in told(call)["cosign"]


def test_an_image_whose_name_the_file_sets_is_that_image(tmp_path: Path) -> None:
    text = f'IMAGE=ghcr.io/acme/shop\nREF="$IMAGE@$DIGEST"\ncosign verify {CALL} "$REF"\n'
    policy, _ = imported(tmp_path, text, name="verify.sh")
    assert asks(policy) == {"ghcr.io/acme/shop": {"signature": (["release"], 1)}}


def test_an_image_that_is_a_variable_is_every_image(tmp_path: Path) -> None:
    policy, _ = imported(tmp_path, f'cosign verify {CALL} "$IMAGE"\n', name="verify.sh")
    assert asks(policy) == {"**": {"signature": (["release"], 1)}}


def test_the_file_of_a_key_is_read_and_its_log_is_demanded(tmp_path: Path) -> None:
    (tmp_path / "cosign.pub").write_text(PEM)
    call = "cosign verify --key cosign.pub ghcr.io/acme/shop\n"
    policy, _ = imported(tmp_path, call, name="verify.sh")
    (signer,) = policy.signers.values()
    assert signer.log == "required"
    policy, _ = imported(tmp_path, call.replace("verify", "verify --insecure-ignore-tlog"))
    (signer,) = policy.signers.values()
    assert signer.log == "optional"


def test_a_narrow_entry_keeps_what_a_wide_one_demands(tmp_path: Path) -> None:
    narrow = CIP.replace("ghcr.io/acme/**", "ghcr.io/acme/shop").replace("/v1", "/v2")
    narrow = narrow.replace("v2beta1", "v1beta1")
    policy, _ = imported(tmp_path, CIP, narrow)
    # In gate the first entry decides, so it asks for both; policy-controller adds them up.
    both = (["release", "release-2"], 2)
    assert list(asks(policy)) == ["ghcr.io/acme/shop", "ghcr.io/acme/**"]
    assert asks(policy)["ghcr.io/acme/shop"] == {"signature": both}


def test_rules_of_kube_linter_keep_their_names(tmp_path: Path) -> None:
    text = "checks: {addAllBuiltIn: true, exclude: [host-ipc], include: [latest-tag]}\n"
    policy, _ = imported(tmp_path, text, name=".kube-linter.yaml")
    assert policy.manifests is not None
    assert (policy.manifests.profile, policy.manifests.off) == ("all", ("host-ipc",))
    assert policy.manifests.block == ("latest-tag",)


def test_folders_that_kube_linter_leaves_out_are_left_out(tmp_path: Path) -> None:
    text = "checks: {ignorePaths: ['charts/**', old/, a/b.yaml]}\n"
    policy, _ = imported(tmp_path, text, name=".kube-linter.yaml")
    assert policy.manifests is not None
    assert policy.manifests.exclude == ("a/b.yaml", "charts", "old")


@pytest.mark.parametrize(
    ("text", "part", "why"),
    [
        (CIP.replace("- name: ci", "- static: {action: pass}"), "static", "unasked"),
        (CIP + "  policy: {type: cue, data: x}\n", "policy", "CUE"),
        (CIP + "  match: [{resource: pods}]\n", "match", "every object"),
        (CIP + "  later: {more: 1}\n", "more", "does not read this field"),
        (CIP.replace("fulcio.sigstore.dev", "fulcio.acme.example"), "url", "trusted-roots"),
        (CIP.replace("rekor.sigstore.dev", "rekor.acme.example"), "url", "trusted-roots"),
        (CIP.replace(SUBJECT, "subjectRegExp: 'a|b'"), "0", "no regular expr"),
        (CIP.replace(SUBJECT, "subjectRegExp: 'https://github.com/acme/.*'"), "0", "repository"),
        (CIP.replace(f"issuer: {GITHUB}", "issuerRegExp: '.*'"), "0", "no pattern of issuers"),
        (SKIPPING, "skipImageReferences", "unasked"),
        (EXCLUDING, "exclude", "every object"),
        (IVPOL.replace(".all(e, e > 0)", ".all(e, e > 0) || true"), "expression", "no CEL"),
        (IVPOL.replace("cyclonedx.org/bom", "slsa.dev/provenance/v1"), "expression", "builder"),
        (f"cosign verify {CALL} -a env=prod ghcr.io/acme/shop", "--a", "annotations"),
        (f"cosign verify {CALL} {REF} $REF ghcr.io/a/b", REF, "variable"),
        (f"cosign verify {CALL} --wonder 1 ghcr.io/acme/shop", "--wonder", "no such demand"),
        ("cosign verify --key awskms:///alias/a ghcr.io/acme/shop", "cosign", "kept in a service"),
        (CIP.replace(KEYLESS, PLACEHOLDER), "data", "not a public key"),
        ("cosign verify --key gone.pub ghcr.io/acme/shop", "cosign", "not there"),
        (f"cosign verify-attestation --type vuln {CALL} ghcr.io/acme/shop", "cosign", "scan-age"),
        (f"cosign verify {CALL}", "cosign", "not on the line"),
        ("checks: {}\nignorePaths: [charts]", "0", "manifests: exclude"),
        ("checks: {include: [no-such-rule]}", "0", "no rule of this name"),
        ("checks: {doNotAutoAddDefaults: true}", "doNotAutoAddDefaults", "keeps the default"),
    ],
)  # fmt: skip
def test_what_has_no_equivalent_is_told(text: str, part: str, why: str) -> None:
    assert why in told(text)[part]


def test_files_without_anything_to_import_are_refused(tmp_path: Path) -> None:
    for text, code in (
        ("kind: Pod\n", "import-unknown"),
        ("cosign verify --key gone.pub ghcr.io/acme/shop\n", "import-nothing"),
    ):
        (tmp_path / "a.yaml").write_text(text)
        with pytest.raises(UsageError) as error:
            run_import([str(tmp_path / "a.yaml")], None)
        assert error.value.code == code
    with pytest.raises(GateError) as unread:
        run_import([str(tmp_path / "gone.yaml")], None)
    assert unread.value.code == "import-unreadable"


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(CIP)
    (tmp_path / "policy.yaml").write_text("mine")
    with pytest.raises(UsageError):
        run_import([str(tmp_path / "a.yaml")], str(tmp_path / "policy.yaml"))
    assert (tmp_path / "policy.yaml").read_text() == "mine"


def test_without_output_the_account_is_a_comment_above_the_policy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.yaml").write_text(CIP.replace("ghcr.io/acme/**", "ghcr.io/acme/**\\e"))
    with pytest.raises(UsageError):
        run_import([str(tmp_path / "a.yaml")], None)
    assert "\x1b" not in capsys.readouterr().err
    (tmp_path / "a.yaml").write_text(CIP)
    assert run_import([str(tmp_path / "a.yaml")], None) == 0
    head, _, rest = capsys.readouterr().out.partition("version: 1\n")
    assert all(line.startswith("# ") for line in head.splitlines())
    assert f"{tmp_path}/a.yaml:5: images.0.glob ghcr.io/acme/** → images ghcr.io/acme/**" in head
    assert rest.startswith("signers:")


@pytest.mark.parametrize(
    ("expression", "pattern"),
    [
        (r"^https://a\.b/r\.yml@refs/tags/v.*$", ("https://a.b/r.yml@refs/tags/v*", True)),
        ("^a@b$", ("a@b", False)),
        ("a@b", ("a@b", True)),
        ("^a.b$", ("a.b", True)),
        ("^(a|b)$", None),
        ("^[a-z]+$", None),
        (r"^\d$", None),
        ("^a{2}$", None),
    ],
)  # fmt: skip
def test_an_expression_becomes_a_pattern_only_where_that_demands_no_less(
    expression: str, pattern: tuple[str, bool] | None
) -> None:
    assert identity_pattern(expression) == pattern


@pytest.mark.parametrize(
    ("glob", "spans_slashes", "pattern"),
    [
        ("ghcr.io/acme/*", True, "ghcr.io/acme/**"),
        ("ghcr.io/acme/*", False, "ghcr.io/acme/*"),
        ("ghcr.io/acme/shop*", True, "ghcr.io/acme/**"),
        ("ghcr.io/acme/shop*", False, "ghcr.io/acme/shop*"),
        ("ghcr.io/acme/**", False, "ghcr.io/acme/**"),
        ("ghcr.io/acme**", False, "ghcr.io/**"),
        ("*", True, "**"),
        ("image*", False, "**"),
        ("acme/*", False, "**"),
        ("**", False, "**"),
        ("*/shop:*", True, "**"),
        ("ghcr.io/acme/shop:v1*", True, "ghcr.io/acme/shop"),
        ("index.docker.io/library/nginx", False, "docker.io/library/nginx"),
        ("nginx", True, "docker.io/library/nginx"),
        ("ghcr.io/acme/shop@sha256:*", True, "ghcr.io/acme/shop"),
    ],
)
def test_a_pattern_is_for_every_image_of_a_glob(
    glob: str, spans_slashes: object, pattern: str
) -> None:
    found = image_pattern(glob, spans=bool(spans_slashes))
    assert found is not None
    assert found[0] == pattern


@given(
    st.lists(st.sampled_from(["ghcr.io", "acme", "shop", "a"]), min_size=2, max_size=4), st.data()
)
def test_no_image_of_a_spanning_glob_escapes_its_pattern(
    parts: list[str], data: st.DataObject
) -> None:
    name = "ghcr.io/" + "/".join(parts)
    start = data.draw(st.integers(min_value=0, max_value=len(name)))
    end = data.draw(st.integers(min_value=start, max_value=len(name)))
    found = image_pattern(f"{name[:start]}*{name[end:]}", spans=True)
    assert found is None or spans(found[0], name) or covers(found[0], name)


def test_two_demands_of_one_check_are_both_made_or_one_is_told() -> None:
    assert Ask(("a",)).both(Ask(("b",))) == Ask(("a", "b"), 2)
    assert Ask(("a",)).both(Ask(("a",))) == Ask(("a",))
    assert Ask(("a", "b")).both(Ask(("c",))) is None


def test_a_signer_whose_name_reads_as_a_number_or_a_word_of_yaml_is_written_as_text() -> None:
    proposal = ImportedPolicy()
    issuer = "https://token.actions.githubusercontent.com"
    for name in ("61", "true", "1e5", "release"):
        flow = f"https://github.com/acme/shop/.github/workflows/{name}.yml@refs/tags/*"
        called = proposal.signer(name, {"issuer": issuer, "identity": flow})
        proposal.ask(f"ghcr.io/acme/{name}", "signature", Ask((called,)))
    signers = load(proposal.text()).signers
    assert set(signers) == {"61", "true", "1e5", "release"}
