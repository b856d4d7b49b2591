from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from pydantic import ValidationError

from gate.checks.sbom import CHECK, SbomParams
from gate.model.clock import TOLERANCE
from gate.model.image import Digest
from gate.model.predicates import BaseImage, ImageSignature, Package, Sbom, Unreadable, Unrecognised
from gate.model.verdict import Action, Failed, Outcome, Passed, Undecided
from gate.packages.purl import Purl, parsed
from tests.checks.given import (
    INDEX,
    NOW,
    OTHER,
    SBOM_TYPE,
    asked,
    attested,
    codes,
    findings,
    image,
    rejected,
)

PAD = "pkg:npm/left-pad@1.3.0"
BY_CI = asked(SbomParams, by=["ci"])


def sbom(components: int = 2, **more: Any) -> Sbom:  # noqa: ANN401  # of Sbom
    values: dict[str, Any] = {"tools": ("syft 1",), "created": NOW - timedelta(days=1)}
    return Sbom("cyclonedx", "1.5", components, **{**values, **more})


def outcome_of(document: Sbom, **params: Any) -> Outcome:  # noqa: ANN401  # as a policy has it
    return CHECK.run(image(attested(document)), asked(SbomParams, by=["ci"], **params), NOW)


def listing(*packages: Package, **more: Any) -> Sbom:  # noqa: ANN401  # of Sbom
    return sbom(len(packages), packages=packages, **more)


def package(purl: str = PAD, *licenses: str) -> Package:
    return Package("left-pad", "1.3.0", purl, "Acme", licenses, identified=True)


def test_an_sbom_by_a_demanded_signer_passes() -> None:
    attestation = attested(sbom())
    assert CHECK.run(image(attestation), BY_CI, NOW) == Passed((attestation,))


def test_no_sbom_is_absent() -> None:
    assert codes(CHECK.run(image(), BY_CI, NOW)) == ["sbom-absent"]


def test_r012_an_sbom_that_lists_nothing_is_empty() -> None:
    assert codes(CHECK.run(image(attested(sbom(0))), BY_CI, NOW)) == ["sbom-empty"]


OTHER_BASE = BaseImage("evil.example/base", NOW)
LATE = NOW + TOLERANCE + timedelta(seconds=1)


def test_what_an_sbom_lists_that_is_empty_or_of_the_future_does_not_count_beside_one_that_is() -> (
    None
):
    demands = {"base_image": {"allow": ["docker.io"]}, "forbid_packages": ["pkg:npm/left-pad"]}
    asks = asked(SbomParams, by=["ci"], **demands)
    good = attested(sbom(base=BaseImage("debian:12", NOW)))
    for other in (
        sbom(0, base=OTHER_BASE),
        listing(package(), created=LATE),
        sbom(0, base=OTHER_BASE, created=LATE),
    ):
        assert CHECK.run(image(good, attested(other)), asks, NOW) == Passed((good,))
    for other in (sbom(1, base=OTHER_BASE), listing(package())):
        assert isinstance(CHECK.run(image(good, attested(other)), asks, NOW), Failed)


def test_where_no_sbom_counts_what_one_of_the_future_lists_is_told_too() -> None:
    outcome = outcome_of(listing(package(), created=LATE), forbid_packages=["pkg:npm/left-pad"])
    assert codes(outcome) == ["sbom-from-the-future", "sbom-package-forbidden"]


def test_where_no_sbom_is_there_that_is_said_once_whatever_is_asked_of_its_contents() -> None:
    demands = {"base_image": {"allow": ["docker.io"]}, "allow_licenses": ["MIT"]}
    asks = asked(SbomParams, by=["ci"], **demands)
    broken = attested(Unreadable(SBOM_TYPE, "bomFormat is not CycloneDX"))
    assert codes(CHECK.run(image(), asks, NOW)) == ["sbom-absent"]
    assert codes(CHECK.run(image(broken), asks, NOW)) == ["sbom-unreadable"]


def test_of_two_sboms_that_cannot_be_read_the_first_by_its_problem_is_told() -> None:
    asks = asked(SbomParams, by=["ci"], allow_licenses=["MIT"])
    broken = [attested(Unreadable(SBOM_TYPE, problem)) for problem in ("b", "a")]
    told = [
        CHECK.run(image(attested(listing(package())), *both), asks, NOW)
        for both in (broken, broken[::-1])
    ]
    reason = "an SBOM by https://example.com/ci (issuer https://issuer) cannot be read: a"
    assert [o.reason for o in told if isinstance(o, Undecided)] == [reason, reason]


def test_an_empty_sbom_does_not_spoil_one_that_counts() -> None:
    good = attested(sbom())
    assert CHECK.run(image(attested(sbom(0)), good), BY_CI, NOW) == Passed((good,))


def test_a_policy_may_demand_more_components() -> None:
    params = asked(SbomParams, by=["ci"], minimum_packages=3)
    (finding,) = findings(CHECK.run(image(attested(sbom(2))), params, NOW))
    assert finding.code == "sbom-too-small"
    assert finding.message == "the SBOM lists 2 components; the policy demands 3"


def test_an_sbom_from_the_future_does_not_count() -> None:
    later = attested(sbom(created=NOW + TOLERANCE + timedelta(seconds=1)))
    assert codes(CHECK.run(image(later), BY_CI, NOW)) == ["sbom-from-the-future"]


@pytest.mark.parametrize(
    ("code", "ours"),
    [
        ("wrong-signer", "sbom-wrong-signer"),
        ("wrong-subject", "sbom-wrong-subject"),
        ("unsigned", "sbom-unsigned"),
        ("bad-signature", "sbom-not-verified"),
    ],
)
def test_a_rejected_sbom_says_why_it_was_rejected(code: str, ours: str) -> None:
    assert codes(CHECK.run(image(rejections=[rejected(code)]), BY_CI, NOW)) == [ours]


def test_r006_r076_another_attestation_by_the_right_signer_is_no_sbom() -> None:
    other = attested(Unrecognised("https://example.com/x"), predicate_type="https://example.com/x")
    assert codes(CHECK.run(image(other), BY_CI, NOW)) == ["sbom-absent"]


def test_r072_a_version_that_gate_does_not_read_is_asked_about() -> None:
    uri = "https://cyclonedx.org/bom/v9.9"
    later = attested(Unrecognised(uri), predicate_type=uri)
    (finding,) = findings(CHECK.run(image(later), BY_CI, NOW))
    assert finding.code == "sbom-wrong-predicate"
    assert "https://cyclonedx.org/bom/v9.9: is https://cyclonedx.org/bom/v1." in finding.message
    meant = finding.message.rpartition(": is ")[2].removesuffix(" meant?")
    assert finding.remedy == f"attest it again with the predicate type {meant}"


def test_r078_an_sbom_that_cannot_be_read_is_not_called_absent() -> None:
    broken = attested(Unreadable(SBOM_TYPE, "bomFormat is not CycloneDX"))
    (finding,) = findings(CHECK.run(image(broken), BY_CI, NOW))
    assert finding.code == "sbom-unreadable"
    assert "bomFormat is not CycloneDX" in finding.message


@pytest.mark.parametrize(
    ("asks", "decided"),
    [
        ({}, True),
        ({"describes_image": False, "minimum_elements": "ntia"}, True),
        ({"forbid_packages": ["pkg:npm/left-pad"]}, False),
        ({"forbid_licenses": ["MIT"]}, False),
        ({"allow_licenses": ["MIT"]}, False),
        ({"base_image": {"allow": ["docker.io"]}}, False),
    ],
)
def test_what_an_image_contains_is_undecided_where_one_of_its_sboms_cannot_be_read(
    asks: dict[str, Any],
    decided: bool,  # noqa: FBT001  # a table of cases
) -> None:
    broken = attested(Unreadable(SBOM_TYPE, "bomFormat is not CycloneDX"))
    evidence = image(attested(listing(package())), broken)
    outcome = CHECK.run(evidence, asked(SbomParams, by=["ci"], **asks), NOW)
    assert isinstance(outcome, Undecided) is not decided
    if isinstance(outcome, Undecided):
        assert outcome.code == "sbom-contents-unreadable"
        assert "bomFormat is not CycloneDX" in outcome.reason
    for other in (
        attested(broken.predicate, by="other"),
        attested(
            Unreadable("https://slsa.dev/provenance/v1", "x"),
            predicate_type="https://slsa.dev/provenance/v1",
        ),
    ):
        beside = image(attested(listing(package())), other)
        assert not isinstance(
            CHECK.run(beside, asked(SbomParams, by=["ci"], **asks), NOW), Undecided
        )


@pytest.mark.parametrize(
    ("missing", "code"),
    [({"tools": ()}, "sbom-tool-missing"), ({"created": None}, "sbom-time-missing")],
)
def test_an_sbom_names_its_tool_and_its_time(missing: dict[str, Any], code: str) -> None:
    assert codes(outcome_of(sbom(**missing))) == [code]
    assert isinstance(outcome_of(sbom(**missing), minimum_elements="none"), Passed)


def test_a_time_that_a_log_vouches_for_stands_in_for_the_documents_own() -> None:
    logged = attested(sbom(created=None), signed=NOW - timedelta(hours=1))
    assert isinstance(CHECK.run(image(logged), BY_CI, NOW), Passed)


@pytest.mark.parametrize(
    ("bare", "what"),
    [
        (Package("n", "1", "p", "", (), identified=True), "1 lack a supplier"),
        (Package("", "1", "p", "s", (), identified=True), "1 lack a name"),
        (Package("n", "", "p", "s", (), identified=True), "1 lack a version"),
        (Package("n", "1", "", "s", (), identified=False), "1 lack a unique identifier"),
    ],
)
def test_the_ntia_minimum_elements_are_counted(bare: Package, what: str) -> None:
    whole = listing(package(), relationships=1)
    assert isinstance(outcome_of(whole, minimum_elements="ntia"), Passed)
    (finding,) = findings(
        outcome_of(listing(package(), bare, relationships=1), minimum_elements="ntia")
    )
    assert (finding.code, finding.message) == ("sbom-below-minimum", f"of 2 components {what}")
    unrelated = outcome_of(listing(package()), minimum_elements="ntia")
    assert "no dependency is stated" in findings(unrelated)[0].message


def test_an_author_is_enough_where_the_ntia_minimum_is_asked_and_not_where_the_tool_is() -> None:
    by_hand = listing(package(), tools=(), authors=("Alice",), relationships=1)
    assert isinstance(outcome_of(by_hand, minimum_elements="ntia"), Passed)
    assert codes(outcome_of(by_hand)) == ["sbom-tool-missing"]
    by_nobody = listing(package(), tools=(), relationships=1)
    assert codes(outcome_of(by_nobody, minimum_elements="ntia")) == ["sbom-tool-missing"]


def test_of_sboms_below_the_minimum_the_one_that_lacks_least_is_told() -> None:
    bare = Package("n", "", "p", "", (), identified=True)
    near = listing(package(), Package("n", "", "p", "s", (), identified=True), relationships=1)
    far = listing(package(), bare, relationships=1)
    ntia = asked(SbomParams, by=["ci"], minimum_elements="ntia")
    (finding,) = findings(CHECK.run(image(attested(near), attested(far)), ntia, NOW))
    assert finding.message == "of 2 components 1 lack a version"
    (finding,) = findings(CHECK.run(image(attested(far)), ntia, NOW))
    assert finding.message == "of 2 components 1 lack a supplier, 1 lack a version"


def test_r054_an_sbom_that_describes_another_digest_is_refused_where_that_is_asked() -> None:
    for about, passes in ((INDEX, True), (OTHER, False)):
        document = sbom(about=frozenset({about}))
        strict = outcome_of(document, describes_image=True)
        assert isinstance(strict, Passed) is passes
        assert isinstance(outcome_of(document), Passed)
    for told, named in ((frozenset(), "no digest"), (frozenset({OTHER}), str(OTHER))):
        (finding,) = findings(outcome_of(sbom(about=told), describes_image=True))
        said = f"the SBOM says it describes {named}; this image is {INDEX}"
        assert (finding.code, finding.message) == ("sbom-describes-another", said)


@pytest.mark.parametrize(
    ("pattern", "passes"),
    [
        ("pkg:npm/left-pad@1.3.0", False),
        ("pkg:npm/left-pad", False),
        ("pkg:npm/left-pad@>=1.0.0,<2", False),
        ("pkg:npm/left-pad@1.2.0", True),
        ("pkg:npm/left-pad@<1.3.0", True),
        ("pkg:npm/left", True),
        ("pkg:cargo/left-pad", True),
    ],
)
def test_a_forbidden_package_is_known_by_its_purl(
    pattern: str,
    passes: bool,  # noqa: FBT001  # a table of cases
) -> None:
    outcome = outcome_of(listing(package()), forbid_packages=[pattern])
    assert isinstance(outcome, Passed) is passes
    if not passes:
        (finding,) = findings(outcome)
        assert (finding.code, finding.id) == ("sbom-package-forbidden", "pkg:npm/left-pad@1.3.0")


@pytest.mark.parametrize(
    ("forbidden", "listed"),
    [
        ("pkg:pypi/my-package", "pkg:pypi/my_package@1"),
        ("pkg:pypi/my_package", "pkg:pypi/My.Package@1"),
        ("pkg:pypi/zope.interface@<6", "pkg:pypi/zope-interface@5"),
        ("pkg:golang/github.com/foo/bar", "pkg:golang/github.com/Foo/Bar@v1"),
        ("pkg:nuget/newtonsoft.json", "pkg:nuget/Newtonsoft.Json@1"),
        ("pkg:deb/debian/openssl", "pkg:deb/Debian/OpenSSL@1?arch=amd64"),
    ],
)
def test_a_forbidden_package_is_known_in_every_spelling_that_its_index_takes_for_one(
    forbidden: str, listed: str
) -> None:
    outcome = outcome_of(listing(package(listed)), forbid_packages=[forbidden])
    assert codes(outcome) == ["sbom-package-forbidden"]


def test_a_forbidden_name_with_a_mark_that_separates_parts_is_known_by_its_purl() -> None:
    listed = Package("x", "1", "pkg:generic/a%3Db@1", "", (), identified=True)
    forbidding = {"forbid_packages": ["pkg:generic/a%3Db"]}
    assert codes(outcome_of(listing(listed), **forbidding)) == ["sbom-package-forbidden"]
    assert isinstance(outcome_of(listing(package("pkg:generic/a@1")), **forbidding), Passed)


def test_names_that_an_index_tells_apart_are_two_packages() -> None:
    for forbidden, listed in (
        ("pkg:npm/left-pad", "pkg:npm/left_pad@1"),
        ("pkg:cargo/serde", "pkg:cargo/Serde@1"),
        ("pkg:rpm/fedora/imagemagick", "pkg:rpm/fedora/ImageMagick@1"),
    ):
        outcome = outcome_of(listing(package(listed)), forbid_packages=[forbidden])
        assert isinstance(outcome, Passed)


def test_a_version_that_cannot_be_ordered_is_inside_every_forbidden_range() -> None:
    odd = listing(package("pkg:npm/left-pad@latest"))
    assert codes(outcome_of(odd, forbid_packages=["pkg:npm/left-pad@<1"])) == [
        "sbom-package-forbidden"
    ]


@pytest.mark.parametrize(
    ("name", "version", "pattern", "forbidden"),
    [
        ("left-pad", "1.3.0", "pkg:npm/left-pad", True),
        ("Left_Pad", "1.3.0", "pkg:npm/left-pad@1.3.0", True),
        ("left-pad", "1.2.9", "pkg:npm/left-pad@<1.3.0", True),
        ("left-pad", "1.3.0", "pkg:npm/left-pad@<1.3.0", False),
        ("left-pad", "1.2.9", "pkg:npm/left-pad@1.3.0", False),
        ("left-pad", "", "pkg:npm/left-pad@1.3.0", True),
        ("left-pad", "latest", "pkg:npm/left-pad@<1", True),
        ("left-padder", "1.3.0", "pkg:npm/left-pad", False),
        ("/usr/lib/node_modules/left-pad", "", "pkg:npm/left-pad", False),
        ("log4j-core", "2.14.1", "pkg:maven/org.apache.logging.log4j/log4j-core@<2.17", True),
        (
            "org.apache.logging.log4j:log4j-core",
            "2",
            "pkg:maven/org.apache.logging.log4j/log4j-core",
            True,
        ),
        ("golang.org/x/net", "v0.1.0", "pkg:golang/golang.org/x/net@<0.17.0", True),
        ("golang.org/x/text", "v0.1.0", "pkg:golang/golang.org/x/net@<0.17.0", False),
        ("@acme/shop", "1.0.0", "pkg:npm/%40acme/shop", True),
        ("@other/shop", "1.0.0", "pkg:npm/%40acme/shop", False),
        ("openssl", "1:3.0-1", "pkg:rpm/fedora/openssl@3.0-1?epoch=1", True),
    ],
)
def test_a_package_without_a_purl_is_each_of_its_name_and_version(
    name: str, version: str, pattern: str, *, forbidden: bool
) -> None:
    listed = listing(Package(name, version, "", "Acme", (), identified=True))
    outcome = outcome_of(listed, forbid_packages=[pattern])
    assert isinstance(outcome, Failed if forbidden else Passed)


def test_a_package_that_is_known_by_its_name_alone_is_told_as_that() -> None:
    listed = listing(Package("left-pad", "1.3.0"), Package("event-stream"))
    forbidden = ["pkg:npm/left-pad@<2", "pkg:npm/event-stream@3.3.6"]
    told = {(f.id, f.message) for f in findings(outcome_of(listed, forbid_packages=forbidden))}
    may = "is listed without a purl and may be what the policy forbids:"
    why = "it has no version, so it may be that one"
    assert told == {
        ("left-pad@1.3.0", f"left-pad@1.3.0 {may} pkg:npm/left-pad@<2"),
        ("event-stream", f"event-stream {may} pkg:npm/event-stream@3.3.6: {why}"),
    }


def test_the_image_that_an_sbom_is_about_is_no_package_of_its_name() -> None:
    own, other = INDEX, Digest("9" * 64)
    for described, forbidden in ((own, False), (other, True)):
        root = Package("nginx", str(described))
        document = listing(package(), about=frozenset((own,)), described=(root,))
        outcome = outcome_of(document, forbid_packages=["pkg:deb/debian/nginx"])
        assert isinstance(outcome, Failed if forbidden else Passed)


@pytest.mark.parametrize(("version", "forbidden"), [("1.3.0", True), ("1.2.9", False), ("", True)])
def test_a_purl_without_a_version_has_the_one_beside_it(version: str, *, forbidden: bool) -> None:
    listed = listing(Package("left-pad", version, "pkg:npm/left-pad"))
    outcome = outcome_of(listed, forbid_packages=["pkg:npm/left-pad@1.3.0"])
    assert isinstance(outcome, Failed if forbidden else Passed)


def test_what_any_sbom_of_a_demanded_signer_lists_counts() -> None:
    both = image(attested(listing(package("pkg:npm/a@1"))), attested(listing(package())))
    params = asked(SbomParams, by=["ci"], forbid_packages=["pkg:npm/left-pad"])
    assert codes(CHECK.run(both, params, NOW)) == ["sbom-package-forbidden"]


@pytest.mark.parametrize(
    ("stated", "forbidden", "allowed"),
    [
        ("AGPL-3.0-only", True, False),
        ("MIT", False, True),
        ("MIT OR AGPL-3.0-only", False, True),
        ("MIT AND AGPL-3.0-only", True, False),
        ("Apache-2.0", False, False),
        ("AGPL-3.0", True, False),
        ("some words", False, False),
        ("((", False, False),
    ],
)
def test_licences_are_judged_as_spdx_expressions(
    stated: str,
    forbidden: bool,  # noqa: FBT001  # a table of cases
    allowed: bool,  # noqa: FBT001  # a table of cases
) -> None:
    document = listing(package("pkg:npm/left-pad@1.3.0", stated))
    forbidding = outcome_of(document, forbid_licenses=["AGPL-3.0-only"])
    allowing = outcome_of(document, allow_licenses=["MIT"])
    assert isinstance(forbidding, Passed) is not forbidden
    assert isinstance(allowing, Passed) is allowed


def test_a_package_without_a_licence_is_not_allowed_where_only_named_ones_are() -> None:
    (finding,) = findings(outcome_of(listing(package()), allow_licenses=["MIT"]))
    assert finding.code == "sbom-license-forbidden"
    assert "the SBOM names no licence of it" in finding.message
    assert finding.remedy.startswith("make the SBOM with a tool that finds licences")


def test_only_a_package_with_a_purl_and_only_where_some_are_allowed_has_to_name_its_licence() -> (
    None
):
    assert isinstance(outcome_of(listing(package()), forbid_licenses=["MIT"]), Passed)
    file = Package("README", "", "", "", (), identified=False)
    assert isinstance(outcome_of(listing(file), allow_licenses=["MIT"]), Passed)


@pytest.mark.parametrize(
    ("asks", "code"),
    [
        ({"forbid_packages": ["pkg:npm/event-stream@3.3.6"]}, "sbom-package-forbidden"),
        ({"forbid_packages": ["pkg:npm/event-stream@3.3.5"]}, None),
        ({"forbid_licenses": ["AGPL-3.0-only"]}, "sbom-license-forbidden"),
        ({"forbid_licenses": ["GPL-3.0-only"]}, None),
        ({"allow_licenses": ["MIT"]}, "sbom-license-forbidden"),
        ({"allow_licenses": ["MIT", "AGPL-3.0-only"]}, None),
    ],
)
def test_what_an_sbom_is_about_is_judged_as_what_it_lists(
    asks: dict[str, Any], code: str | None
) -> None:
    root = package("pkg:npm/event-stream@3.3.6", "AGPL-3.0-only")
    outcome = outcome_of(listing(package(PAD, "MIT"), described=(root,)), **asks)
    assert ([] if isinstance(outcome, Passed) else codes(outcome)) == ([code] if code else [])


@pytest.mark.parametrize(
    ("purl", "allowed"),
    [
        (f"pkg:oci/shop@sha256%3A{INDEX.hex}?arch=amd64", True),
        (f"pkg:docker/acme/shop@sha256:{INDEX.hex}", True),
        (f"pkg:oci/shop@sha256:{OTHER.hex}", False),
        ("pkg:oci/shop@1.0", False),
        (f"pkg:npm/shop@sha256:{INDEX.hex}", False),
    ],
)
def test_the_image_that_an_sbom_is_about_needs_no_licence_beside_those_of_its_packages(
    purl: str,
    allowed: bool,  # noqa: FBT001  # a table of cases
) -> None:
    listed = listing(package(PAD, "MIT"), package(purl), about=frozenset({INDEX}))
    described = listing(package(PAD, "MIT"), described=(package(purl),), about=frozenset({INDEX}))
    for document in (listed, described):
        assert isinstance(outcome_of(document, allow_licenses=["MIT"]), Passed) is allowed


def test_the_base_image_may_be_of_any_allowed_place_and_when_it_was_built_is_told() -> None:
    demands = {"allow": ["docker.io/library", "quay.io/acme"], "max-age": "30d"}

    def told(base: BaseImage) -> list[str]:
        outcome = outcome_of(sbom(base=base), base_image=demands)
        return [f.message for f in findings(outcome)] if isinstance(outcome, Failed) else []

    old = "the base image debian:12 may be 30 days old at most; the SBOM "
    assert told(BaseImage("debian:12", NOW)) == []
    assert told(BaseImage("quay.io/acme/base:1", NOW)) == []
    assert told(BaseImage("debian:12")) == [f"{old}does not say when"]
    assert told(BaseImage("debian:12", NOW - timedelta(days=31))) == [f"{old}says 2026-10-21"]


@pytest.mark.parametrize(
    ("built", "kind", "until"),
    [
        (NOW - timedelta(days=30), Passed, NOW),
        (NOW - timedelta(days=30, seconds=1), Failed, None),
        (LATE, Failed, None),
    ],
)
def test_a_base_image_that_is_too_old_or_of_the_future_has_no_end_to_wait_for(
    built: datetime, kind: type[Passed | Failed], until: datetime | None
) -> None:
    outcome = outcome_of(
        sbom(base=BaseImage("debian:12", built)),
        base_image={"allow": ["docker.io"], "max-age": "30d"},
    )
    assert isinstance(outcome, kind)
    assert outcome.until == until


@pytest.mark.parametrize(
    ("base", "codes_"),
    [
        (BaseImage("docker.io/library/debian:12", NOW - timedelta(days=9)), []),
        (BaseImage("debian:12", NOW - timedelta(days=9)), []),
        (BaseImage("debian:12", NOW - timedelta(days=31)), ["sbom-base-image-too-old"]),
        (BaseImage("debian:12"), ["sbom-base-image-too-old"]),
        (BaseImage("debian:12", NOW + timedelta(days=1)), ["sbom-base-image-too-old"]),
        (BaseImage("docker.io/library-evil/debian", NOW), ["sbom-base-image-forbidden"]),
        (BaseImage("!!", NOW), ["sbom-base-image-forbidden"]),
        (None, ["sbom-base-image-unknown"]),
    ],
)
def test_the_base_image_is_allowed_and_not_too_old(
    base: BaseImage | None, codes_: list[str]
) -> None:
    outcome = outcome_of(
        sbom(base=base), base_image={"allow": ["docker.io/library"], "max-age": "30d"}
    )
    assert ([] if isinstance(outcome, Passed) else codes(outcome)) == codes_


def test_it_passes_until_the_first_base_image_is_too_old() -> None:
    sboms = [
        attested(sbom(base=BaseImage("debian:12", NOW - timedelta(days=age)))) for age in (9, 20)
    ]
    demands = {"allow": ["docker.io/library"], "max-age": "30d"}
    asks = asked(SbomParams, by=["ci"], base_image=demands)
    outcome = CHECK.run(image(*sboms), asks, NOW)
    assert isinstance(outcome, Passed)
    assert outcome.until == NOW + timedelta(days=10)
    forbidding = asked(
        SbomParams, by=["ci"], base_image=demands, forbid_packages=["pkg:npm/left-pad"]
    )
    listed = attested(listing(package(), base=sboms[0].predicate.base))
    failed = CHECK.run(image(listed), forbidding, NOW)
    assert codes(failed) == ["sbom-package-forbidden"]
    assert isinstance(failed, Failed)
    assert failed.until == NOW + timedelta(days=21)


@pytest.mark.parametrize(
    "wrong",
    [
        {"minimum_packages": 0},
        {"minimum_elements": "all"},
        {"forbid_packages": []},
        {"forbid_packages": ["left-pad"]},
        {"forbid_packages": ["pkg:npm/left-pad@>=one"]},
        {"forbid_packages": ["pkg:npm/left-pad@>1<2"]},
        {"forbid_packages": ["pkg:conan/zlib@<5"]},
        {"schema": "loose"},
        {"forbid_licenses": []},
        {"forbid_licenses": ["AGPL"]},
        {"allow_licenses": ["MIT OR Apache-2.0"]},
        {"base_image": {"allow": []}},
        {"base_image": {"allow": ["*"]}},
        {"base_image": {"allow": ["docker.io"], "max-age": "never"}},
    ],
)
def test_a_wrong_policy_is_refused_at_load(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        asked(SbomParams, by=["ci"], **wrong)


def test_a_purl_that_cannot_be_read_is_the_forbidden_package_that_it_names() -> None:
    odd = Package("event-stream", "3", "pkg:npm/event-stream@3?%", "", (), identified=True)
    bad = Package("x", "3", "pkg:///event-stream", "", (), identified=True)
    fine = Package("y", "3", "pkg:///other", "", (), identified=True)
    forbidden = {"forbid_packages": ["pkg:npm/event-stream@3"]}
    assert isinstance(outcome_of(listing(fine), **forbidden), Passed)
    for package in (odd, bad):
        assert codes(outcome_of(listing(package, fine), **forbidden)) == ["sbom-package-forbidden"]


@pytest.mark.parametrize(
    "stated",
    [
        *("GPL-2.0-with-classpath-exception", "gpl-2.0-WITH-classpath-exception"),
        *("GPL-2.0-only WITH Classpath-exception-2.0", "(MIT AND GPL-2.0-with-GCC-exception)"),
    ],
)
def test_a_licence_and_exception_in_one_deprecated_id_is_the_licence(stated: str) -> None:
    package = Package("x", "1", "pkg:npm/x@1", "", (stated,), identified=True)
    assert codes(outcome_of(listing(package), forbid_licenses=["GPL-2.0-only"])) == [
        "sbom-license-forbidden"
    ]


@pytest.mark.parametrize("kind", ["npm", "pypi", "github", "cargo", "generic"])
@pytest.mark.parametrize("odd", ["\uff4beras", "\u212aeras", "k\u0435ras"])
def test_r298_names_that_only_look_or_fold_alike_are_two_packages(kind: str, odd: str) -> None:
    space = "o/" if kind == "github" else ""
    plain = Purl.parse(f"pkg:{kind}/{space}keras@1")
    for text in (f"pkg:{kind}/{space}{quote(odd)}@1", f"pkg:{kind}/{space}{odd}@1"):
        other = parsed(text)
        assert other is None or not plain.same_package(other)


def warned(outcome: Outcome) -> list[tuple[str, Action]]:
    assert isinstance(outcome, Failed)
    return [(f.code, f.action) for f in outcome.findings]


def test_what_breaks_the_schema_of_an_sbom_that_counts_is_a_warning() -> None:
    outcome = outcome_of(listing(package(), notes=("a purl is none", "a type is new")))
    assert warned(outcome) == [("sbom-schema-noted", Action.WARN)] * 2
    assert isinstance(outcome, Failed)
    assert [f.message for f in outcome.findings] == ["a purl is none", "a type is new"]
    assert not outcome.lacking
    assert outcome.relied_on


def test_a_strict_policy_does_not_count_an_sbom_that_breaks_its_schema() -> None:
    broken = listing(package(), notes=("a purl is none",))
    assert warned(outcome_of(broken, schema="strict")) == [("sbom-schema-broken", Action.BLOCK)]
    assert isinstance(outcome_of(listing(package()), schema="strict"), Passed)


@pytest.mark.parametrize(
    ("name", "purl", "forbidden"),
    [
        ("left-pad", "https://example.org/x", True),
        ("acme/left-pad", "https://example.org/x", True),
        ("x", "https://example.org/Left_Pad/images", True),
        ("x", "https://example.org/images?name=left-pad", True),
        ("x", "https://example.org/left-padding", False),
        ("left-padding", "https://example.org/x", False),
        ("left-pad", "", False),
    ],
)
def test_a_package_whose_purl_is_something_else_is_each_whose_name_it_has(
    name: str, purl: str, *, forbidden: bool
) -> None:
    document = listing(Package(name, "9", purl), package("pkg:npm/other@1"))
    outcome = outcome_of(document, forbid_packages=["pkg:npm/left-pad@<1"])
    assert isinstance(outcome, Failed if forbidden else Passed)


def test_a_version_that_cannot_be_ordered_is_forbidden_with_that_reason() -> None:
    outcome = outcome_of(
        listing(package("pkg:npm/left-pad@master")), forbid_packages=["pkg:npm/left-pad@<1"]
    )
    (finding,) = findings(outcome)
    assert finding.message == (
        "pkg:npm/left-pad@master is listed, and the policy forbids pkg:npm/left-pad@<1: 'master' "
        "is not a version of Semantic Versioning, so it cannot be ordered"
    )


def test_a_signature_in_the_place_of_an_sbom_is_told_in_words() -> None:
    sign = "https://sigstore.dev/cosign/sign/v1"
    signature = attested(ImageSignature(), predicate_type=sign)
    (finding,) = findings(CHECK.run(image(signature), BY_CI, NOW))
    assert (
        finding.message
        == "an SBOM by ci is not attached; what is attached: a signature of the image"
    )
