"""What a deploy step must refuse, case by case: a pass that differs from a good one in one thing.

Every case runs `gate admit` on a registry with real signatures, of keys or of a private
Sigstore. The numbers are those of the threat catalogue; `NO_COUNTERPART` says of each case
without a test why gate has nothing that it could be about.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from typer.testing import CliRunner

from gate.cli.app import app
from gate.model.image import ImageReference
from tests.acceptance.deployment import (
    EXTENSION,
    POD,
    POLICY,
    SOURCE,
    Deployment,
    Statement,
    admitted,
    ours,
    refused,
    said,
    time,
)
from tests.builders.pass_cases import NAMED
from tests.fakes.registry import FakeRegistry
from tests.fakes.sigstore.local import GITHUB, WORKFLOW

HOUR: Final = timedelta(hours=1)
VSA: Final = "https://slsa.dev/verification_summary/"

_WEBHOOK: Final = "gate is run by the deploy step and has no admission webhook or cache of verdicts"
_UNUSED: Final = "the catalogue has no case of this number"

NO_COUNTERPART: Final = {
    327: "there is no break-glass pass: a statement of another predicate type is no pass (R329)",
    331: "the verdict is signed in the process that made it, so no verdict file lies between them",
    336: "who must not judge any more is taken out by its verifier, signer or policy digest: the "
    "version of gate in a pass decides nothing",
    337: _WEBHOOK,
    338: _WEBHOOK,
    **dict.fromkeys(range(340, 348), _UNUSED),
    348: "gate never logs in through a browser: it takes the ambient identity of its job alone",
}
"""Each case without a test, and the reason."""


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """A release with a good pass that no registry holds: each case hands in its own."""
    with FakeRegistry() as fake:
        made = Deployment(tmp_path_factory.mktemp("deployment"), fake)
        made.prepare()
        yield made


def keyed(deployment: Deployment, *changes: Callable[[Statement], None]) -> bytes:
    return deployment.keyed(deployment.changed(*changes))


def about(digest: str) -> Callable[[Statement], None]:
    def change(statement: Statement) -> None:
        statement["subject"] = [{"name": "other", "digest": {"sha256": digest}}]

    return change


def test_r300_a_pass_of_a_key_or_of_an_identity_opens_exactly_its_release(
    deployment: Deployment,
) -> None:
    admitted(deployment.admit(deployment.keyed(deployment.good())))
    admitted(deployment.admit(deployment.keyless(deployment.good())))
    refused(deployment.admit(), "pass-absent")


def test_r301_a_pass_that_nobody_signed_is_not_verified(deployment: Deployment) -> None:
    bundle = json.loads(keyed(deployment))
    bundle["dsseEnvelope"]["signatures"] = []
    refused(deployment.admit(json.dumps(bundle).encode()), "pass-not-verified")


def test_r301_a_payload_that_was_changed_after_signing_is_refused(deployment: Deployment) -> None:
    bundle = json.loads(deployment.keyless(deployment.good()))
    other = json.loads(keyed(deployment, said("slsaVersion", "1.0")))
    bundle["dsseEnvelope"]["payload"] = other["dsseEnvelope"]["payload"]
    refused(deployment.admit(json.dumps(bundle).encode()), "pass-not-verified")


def test_r302_a_pass_of_another_artifact_is_refused(deployment: Deployment) -> None:
    refused(deployment.admit(keyed(deployment, about("d" * 64))), "pass-wrong-subject")
    other = said("resourceUri", f"registry.example/other@sha256:{'d' * 64}")
    refused(deployment.admit(keyed(deployment, other)), "pass-wrong-resource")


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("staging", "pass-wrong-environment"),
        ("Production", "pass-wrong-environment"),
        ("production ", "pass-wrong-environment"),
        ("*", "pass-wrong-environment"),
        (..., "pass-wrong-environment"),
        (None, "pass-wrong-environment"),
        ("", "pass-unreadable"),
        (["production"], "pass-unreadable"),
    ],
)
def test_r303_a_pass_for_another_or_no_environment_is_refused(
    deployment: Deployment, value: object, code: str
) -> None:
    refused(deployment.admit(keyed(deployment, ours("environment", value))), code)


def test_r303_a_value_that_is_there_and_no_text_is_not_called_missing_alone(
    deployment: Deployment,
) -> None:
    told = deployment.admit(keyed(deployment, ours("environment", ["production"])))
    (finding,) = told.report["findings"]
    assert finding["message"] == (
        "gate attests a pass that cannot be read: "
        f"the summary's {EXTENSION}environment is missing, empty or not text"
    )


def test_r304_a_pass_for_the_same_release_on_another_cluster_is_refused(
    deployment: Deployment,
) -> None:
    policy = deployment.write_admit(
        "r304.yaml", ("environment: production", "environment: production-eu")
    )
    refused(deployment.admit(keyed(deployment), policy=policy), "pass-wrong-environment")
    elsewhere = keyed(deployment, ours("environment", "production-eu"))
    admitted(deployment.admit(elsewhere, policy=policy))


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (-HOUR, "pass-expired"),
        (..., "pass-endless"),
        (None, "pass-endless"),
        ("tomorrow", "pass-unreadable"),
        (4102444800, "pass-unreadable"),
    ],
)
def test_r305_a_pass_past_its_end_or_without_one_is_refused(
    deployment: Deployment, value: object, code: str
) -> None:
    end = time(value) if isinstance(value, timedelta) else value
    refused(deployment.admit(keyed(deployment, ours("notAfter", end))), code)


def test_r305_a_pass_older_than_allowed_is_refused_whatever_end_it_names(
    deployment: Deployment,
) -> None:
    old = said("timeVerified", time(-25 * HOUR))
    bundle = keyed(deployment, old, ours("notAfter", "2999-01-01T00:00:00Z"))
    refused(deployment.admit(bundle), "pass-too-old")


def test_r306_a_pass_from_the_future_is_refused(deployment: Deployment) -> None:
    ahead = said("timeVerified", time(HOUR))
    refused(deployment.admit(keyed(deployment, ahead)), "pass-from-the-future")


def test_r306_a_pass_that_the_log_saw_at_another_time_is_refused(deployment: Deployment) -> None:
    earlier = deployment.changed(said("timeVerified", time(-HOUR)))
    refused(deployment.admit(deployment.keyless(earlier)), "pass-time-differs")


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({"uri": "https://acme.example/gate/policy"}, "pass-wrong-policy"),
        ({"digest": {}}, "pass-wrong-policy"),
        ({"digest": {"sha256": "1" * 64}}, "pass-wrong-policy"),
        ({"digest": {"sha512": "1" * 128}}, "pass-wrong-policy"),
        (..., "pass-unreadable"),
    ],
)
def test_r307_a_pass_under_another_policy_or_none_is_refused(
    deployment: Deployment, value: object, code: str
) -> None:
    refused(deployment.admit(keyed(deployment, said("policy", value))), code)


def test_r307_a_pass_under_a_policy_that_the_change_under_test_edited_is_refused(
    deployment: Deployment,
) -> None:
    edited = POLICY.replace("HOST", deployment.fake.host).replace(
        "manifests: {profile: baseline}\n", ""
    )
    (deployment.folder / "edited.yaml").write_text(edited)
    (statement,) = deployment.check("edited.yaml").report["pass"]["statements"]
    del statement["predicate"][f"{EXTENSION}unsigned"]
    assert statement["predicate"]["verificationResult"] == "PASSED"
    refused(deployment.admit(deployment.keyed(statement)), "pass-wrong-policy")


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("FAILED", "pass-not-passed"),
        ("passed", "pass-not-passed"),
        ("PASSED ", "pass-not-passed"),
        ("PASSED\u200b", "pass-not-passed"),
        ("P\u0410SSED", "pass-not-passed"),
        (..., "pass-unreadable"),
        ("", "pass-unreadable"),
        (True, "pass-unreadable"),
        (["PASSED"], "pass-unreadable"),
    ],
)
def test_r308_any_result_but_passed_is_refused(
    deployment: Deployment, value: object, code: str
) -> None:
    refused(deployment.admit(keyed(deployment, said("verificationResult", value))), code)


@pytest.mark.parametrize(
    "signer",
    [
        pytest.param(
            {
                "subject": WORKFLOW.replace("acme", "mallory"),
                "extensions": {12: SOURCE.replace("acme", "mallory")},
            },
            id="fork",
        ),
        pytest.param({"subject": WORKFLOW.replace("gate.yml", "build.yml")}, id="build-job"),
        pytest.param({"subject": WORKFLOW.replace("heads/main", "heads/topic")}, id="branch"),
        pytest.param({"subject": WORKFLOW.replace("heads/main", "tags/main")}, id="tag"),
        pytest.param({"extensions": {12: "https://github.com/acme/shop"}}, id="reusable-caller"),
        pytest.param({"extensions": {12: SOURCE, 20: "pull_request"}}, id="pull-request"),
        pytest.param({"issuer": GITHUB + ".evil.example"}, id="issuer"),
    ],
)
def test_r309_a_pass_of_a_fork_a_build_job_or_another_ref_is_by_a_wrong_signer(
    deployment: Deployment, signer: dict[str, Any]
) -> None:
    bundle = deployment.keyless(deployment.good(), **signer)
    refused(deployment.admit(bundle), "pass-wrong-signer")


@pytest.mark.parametrize(
    "verifier", ["https://acme.example/gate/", "https://acme.example/Gate", "https://other/gate"]
)
def test_r310_a_pass_by_another_verifier_is_refused_although_the_signer_is_right(
    deployment: Deployment, verifier: str
) -> None:
    bundle = keyed(deployment, said("verifier", {"id": verifier}))
    refused(deployment.admit(bundle), "pass-wrong-verifier")


def test_r311_a_pass_that_the_key_of_the_image_s_signature_signed_is_refused_even_if_listed(
    deployment: Deployment,
) -> None:
    bundle = deployment.keyed(deployment.good(), "build")
    refused(deployment.admit(bundle), "pass-wrong-signer")
    listed = deployment.write_admit("r311.yaml", ("by: [gate, workflow]", "by: [gate, build]"))
    refused(deployment.admit(bundle, policy=listed), "pass-same-signer")


def test_r313_a_platform_that_no_pass_lists_is_refused(deployment: Deployment) -> None:
    """A platform named by its own digest needs a pass of a run that judged that name."""
    good = deployment.good()
    host, platform = deployment.fake.host, good["subject"][1]["digest"]["sha256"]
    image = f"{host}/acme/shop@sha256:{platform}"
    (deployment.folder / "r313.yaml").write_text(POD.replace("IMAGE", image))
    alone = deployment.changed(lambda s: s.update(subject=s["subject"][:1]))
    told = deployment.admit(deployment.keyed(alone), manifest="r313.yaml")
    refused(told, "pass-wrong-subject")
    refused(deployment.admit(deployment.keyed(good), manifest="r313.yaml"), "pass-wrong-resource")
    admitted(deployment.admit(deployment.keyed(good)))


def test_r314_a_platform_added_to_the_index_since_makes_it_another_image(
    deployment: Deployment,
) -> None:
    grown = deployment.push("1.1", "amd64", "arm64", "riscv64")
    (deployment.folder / "r314.yaml").write_text(POD.replace("IMAGE", grown))
    refused(deployment.admit(keyed(deployment), manifest="r314.yaml"), "pass-wrong-resource")


@pytest.mark.parametrize(
    "change",
    [
        ("name: shop\n      image", "name: shop2\n      image"),
        ("namespace: acme}", "namespace: acme, labels: {a: b}}"),
        ("spec:\n", "spec:\n  hostNetwork: true\n"),
        ("spec:\n", "spec:\n  serviceAccountName: admin\n"),
    ],
)
def test_r315_a_manifest_with_one_field_changed_is_refused(
    deployment: Deployment, tmp_path: Path, change: tuple[str, str]
) -> None:
    text = (deployment.folder / "pod.yaml").read_text()
    assert change[0] in text
    (tmp_path / "pod.yaml").write_text(text.replace(*change))
    told = deployment.admit(keyed(deployment), manifest=str(tmp_path / "pod.yaml"))
    refused(told, "pass-manifests-changed")


def test_r317_a_waiver_that_expired_since_ends_the_pass(deployment: Deployment) -> None:
    waiver = {"check": "signature", "finding": "x", "expires": time(-24 * HOUR)[:10]}
    bundle = keyed(deployment, ours("waivers", [waiver]))
    refused(deployment.admit(bundle), "pass-waiver-expired")


def test_r318_a_scan_that_grew_too_old_since_ends_the_pass_before_its_own_end(
    deployment: Deployment,
) -> None:
    check = {"check": "scan-age", "subject": "x", "result": "passed", "until": time(-HOUR)}
    bundle = keyed(deployment, ours("checks", [check]), ours("notAfter", time(HOUR)))
    refused(deployment.admit(bundle), "pass-evidence-expired")


def test_r319_a_deployment_that_asks_for_a_stricter_policy_refuses_the_pass_of_the_laxer(
    deployment: Deployment,
) -> None:
    laxer = deployment.good()["predicate"]["policy"]["digest"]["sha256"]
    policy = deployment.write_admit("r319.yaml", (laxer, "5" * 64))
    refused(deployment.admit(keyed(deployment), policy=policy), "pass-wrong-policy")


@pytest.mark.parametrize("result", ["skipped", "error", "warn", "failed", "undecided", "PASSED"])
def test_r320_a_check_with_a_result_that_settles_nothing_is_refused(
    deployment: Deployment, result: str
) -> None:
    check = {"check": "signature", "subject": "x", "result": result, "until": None}
    bundle = keyed(deployment, ours("checks", [check]))
    refused(deployment.admit(bundle), "pass-check-not-passed")


def test_r312_r321_one_image_listed_many_times_stands_for_no_other(
    deployment: Deployment,
) -> None:
    other = deployment.push("2.0", "amd64")
    both = POD.replace("IMAGE", deployment.image) + f"    - name: other\n      image: {other}\n"
    (deployment.folder / "r321.yaml").write_text(both)
    twice = keyed(deployment, ours("images", [deployment.image] * 2))
    told = deployment.admit(twice, manifest="r321.yaml")
    assert (told.exit_code, told.codes) == (1, ["pass-incomplete-release", "pass-wrong-resource"])


def test_r322_of_two_passes_that_disagree_a_failed_one_alone_opens_nothing(
    deployment: Deployment,
) -> None:
    """A pass ends by its age: whoever can hide a denial could hide it from any reader."""
    failed = keyed(deployment, said("verificationResult", "FAILED"))
    elsewhere = keyed(deployment, ours("environment", "staging"))
    refused(deployment.admit(failed), "pass-not-passed")
    refused(deployment.admit(failed, elsewhere), "pass-wrong-environment")
    refused(deployment.admit(elsewhere, failed), "pass-wrong-environment")
    for bundles in ((failed, keyed(deployment)), (keyed(deployment), failed)):
        admitted(deployment.admit(*bundles))


def test_r323_a_key_that_was_rotated_out_opens_nothing_and_in_the_overlap_both_do(
    deployment: Deployment,
) -> None:
    rotated = deployment.write_admit(
        "r323.yaml", ("by: [gate, workflow]", "by: [build]"), ("  gate: {key: gate.pub}\n", "")
    )
    refused(deployment.admit(keyed(deployment), policy=rotated), "pass-wrong-signer")
    overlap = deployment.write_admit("r323b.yaml", ("by: [gate, workflow]", "by: [gate, build]"))
    admitted(deployment.admit(keyed(deployment), policy=overlap))


def test_r325_a_pass_that_no_log_holds_is_refused_where_one_must(deployment: Deployment) -> None:
    refused(
        deployment.admit(deployment.keyless(deployment.good(), rekor=None)), "pass-not-verified"
    )
    policy = deployment.write_admit("r325.yaml", ("by: [gate, workflow]", "by: [logged]"))
    bundle = deployment.keyed(deployment.good(), "logged")
    refused(deployment.admit(bundle, policy=policy), "pass-not-verified")


def test_r328_a_flood_of_passes_hides_none_and_opens_nothing(tmp_path: Path) -> None:
    with FakeRegistry() as fake:
        deployment = Deployment(tmp_path, fake)
        deployment.prepare()
        good = deployment.keyed(deployment.good())
        subject = ImageReference.parse(deployment.image).digest
        assert subject is not None
        fake.attach("acme/shop", subject, good)
        admitted(deployment.admit())
        for number in range(1000):
            fake.attach("acme/shop", subject, b"%d" % number)
        admitted(deployment.admit())
        elsewhere = deployment.write_admit("r328.yaml", ("by: [gate, workflow]", "by: [logged]"))
        told = deployment.admit(policy=elsewhere)
        assert (told.exit_code, told.report["verdict"]) == (1, "blocked")


def test_r329_an_unknown_field_is_ignored_and_another_predicate_is_no_pass(
    deployment: Deployment,
) -> None:
    admitted(deployment.admit(keyed(deployment, said("https://other.example/field", [1]))))
    later = keyed(deployment, lambda s: s.update(predicateType=f"{VSA}v2"))
    refused(deployment.admit(later), "pass-wrong-predicate")
    other = keyed(deployment, lambda s: s.update(predicateType="https://slsa.dev/provenance/v1"))
    refused(deployment.admit(other), "pass-absent")


def test_r330_a_clock_ten_minutes_off_makes_a_pass_one_from_the_future(
    deployment: Deployment,
) -> None:
    ahead = said("timeVerified", time(timedelta(minutes=10)))
    refused(deployment.admit(keyed(deployment, ahead)), "pass-from-the-future")
    near = said("timeVerified", time(timedelta(minutes=4)))
    admitted(deployment.admit(keyed(deployment, near)))


def test_r333_of_passes_under_two_policies_each_deployment_finds_its_own(
    deployment: Deployment,
) -> None:
    digest = deployment.good()["predicate"]["policy"]["digest"]["sha256"]
    other = keyed(deployment, said("policy", {"digest": {"sha256": "6" * 64}}))
    policy = deployment.write_admit("r333.yaml", (digest, "6" * 64))
    admitted(deployment.admit(keyed(deployment), other))
    admitted(deployment.admit(keyed(deployment), other, policy=policy))
    refused(deployment.admit(keyed(deployment), policy=policy), "pass-wrong-policy")


def test_r334_what_a_pass_says_is_shown_and_not_obeyed(deployment: Deployment) -> None:
    bundle = keyed(deployment, ours("environment", "\x1b[31mx\n::error::<b>y</b>"))
    done = CliRunner().invoke(
        app,
        ["admit", str(deployment.folder / "pod.yaml"),
         "--policy", str(deployment.folder / "admit.yaml"),
         "--plain-http", deployment.fake.host, *deployment.files([bundle])],
    )  # fmt: skip
    assert done.exit_code == 1
    assert "pass-wrong-environment" in done.output
    assert "\x1b" not in done.output
    assert not [line for line in done.output.splitlines() if line.lstrip().startswith("::")]


def test_r339_a_summary_with_none_of_gate_s_own_fields_is_refused(deployment: Deployment) -> None:
    statement = deployment.good()
    for key in [k for k in statement["predicate"] if k.startswith(EXTENSION)]:
        del statement["predicate"][key]
    refused(deployment.admit(deployment.keyed(statement)), "pass-wrong-environment")


def test_every_case_is_tested_or_has_a_reason_why_not() -> None:
    reasons = {number for number, reason in NO_COUNTERPART.items() if reason}
    assert [n for n in range(300, 350) if (n in NAMED) == (n in reasons)] == []
    assert reasons == set(NO_COUNTERPART)
