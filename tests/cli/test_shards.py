"""A run on several machines: the same verdict as on one, and none where a shard does not count."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gate.cli.app import app
from gate.cli.runs.prepare import prepare
from gate.cli.runs.shards import SIGNATURE, read_shard
from gate.errors import PolicyError, UsageError
from gate.model.image import Digest, ImageReference
from gate.model.report import PassState
from gate.pipeline.shard import shard_of
from gate.reports import json_v1
from tests.builders.shards import POLICY, SHARDS, ShardedRelease
from tests.fakes.registry import FakeRegistry, error

OF = 3
NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShardedRelease]:
    with FakeRegistry() as registry:
        release = ShardedRelease.make(tmp_path_factory.mktemp("release"), registry, images=3)
        release.fill(OF)
        yield release


@pytest.fixture(scope="module")
def kept(release: ShardedRelease) -> Path:
    """Return the records of three shards, which no test changes."""
    return release.all_shards(OF, release.folder / "records")


@pytest.fixture
def records(kept: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(kept, tmp_path / "records"))


def told(release: ShardedRelease, records: Path) -> tuple[int, set[tuple[str, str]]]:
    """Return the exit code of the merge, and code and subject of what is undecided of the run."""
    report = release.merge(records).report
    return report.exit_code, {
        (one.outcome.code, one.subject) for one in report.undecided if one.check == "shards"
    }


@pytest.mark.parametrize("of", [1, OF, 8])
def test_the_merged_report_has_the_bytes_of_the_single_run(
    release: ShardedRelease, tmp_path: Path, of: int
) -> None:
    merged = release.merge(release.all_shards(of, tmp_path / "records")).report
    assert merged.cleared
    assert json_v1.render(merged).encode() == release.single()


def test_a_blocked_release_is_told_in_the_same_bytes_and_its_shard_fails(tmp_path: Path) -> None:
    with FakeRegistry() as registry:
        release = ShardedRelease.make(tmp_path, registry, images=3)
        release.add("bare", 3, signed=False)
        release.registry.script("acme/shop1/referrers", error(403, "DENIED"), forever=True)
        (tmp_path / "manifests/4.yaml").write_text("a: [\n")
        whole = release.single()
        codes = [release.shard(f"{i}/2", tmp_path / "r").report.exit_code for i in (1, 2)]
        merged = release.merge(tmp_path / "r").report
        assert (json_v1.render(merged).encode(), merged.exit_code) == (whole, 1)
        assert 1 in codes  # the shard that has the image without a signature


def test_records_may_lie_in_folders_as_ci_systems_download_them(
    release: ShardedRelease, records: Path
) -> None:
    for path in list(records.iterdir()):
        folder = records / f"shard-{path.name[0]}"
        folder.mkdir(exist_ok=True)
        path.rename(folder / path.name)
    assert told(release, records) == (0, set())


def _lose(records: Path) -> None:
    (records / "2.jsonl").unlink()


def _cut(records: Path) -> None:
    file = records / "2.jsonl"
    file.write_bytes(file.read_bytes()[:-20])


def _alter(records: Path) -> None:
    file = records / "2.jsonl"
    file.write_bytes(file.read_bytes().replace(b'"referrers"', b'"att-tag"', 1))


def _repeat(records: Path) -> None:
    shutil.copy(records / "2.jsonl", records / "again.jsonl")
    shutil.copy(records / f"2.jsonl{SIGNATURE}", records / f"again.jsonl{SIGNATURE}")


def _unsign(records: Path) -> None:
    (records / f"2.jsonl{SIGNATURE}").unlink()


def _sign_another(records: Path) -> None:
    shutil.copy(records / f"1.jsonl{SIGNATURE}", records / f"2.jsonl{SIGNATURE}")


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (_lose, "shard-missing"),
        (_cut, "shard-altered"),
        (_alter, "shard-unsigned"),
        (_repeat, "shard-twice"),
        (_unsign, "shard-unsigned"),
        (_sign_another, "shard-unsigned"),
    ],
    ids=["missing", "cut-off", "altered", "twice", "unsigned", "signed-for-another"],
)
def test_a_shard_that_does_not_count_leaves_the_run_undecided_by_its_name(
    release: ShardedRelease, records: Path, harm: Callable[[Path], None], code: str
) -> None:
    harm(records)
    assert told(release, records) == (3, {(code, f"shard 2/{OF}")})


def test_the_images_of_a_lost_shard_are_undecided_and_the_others_are_judged(
    release: ShardedRelease, records: Path
) -> None:
    _lose(records)
    report = release.merge(records).report
    undecided = {one.subject for one in report.undecided if one.outcome.code == "shard-missing"}
    mine = {
        image.name
        for image in report.images
        if (reference := image.name) and _falls(reference) == 2  # the second
    }
    assert undecided == mine | {f"shard 2/{OF}"}
    assert not report.cleared


def _falls(name: str) -> int:
    return shard_of(ImageReference.parse(name), OF)


def test_a_shard_under_another_policy_is_foreign(release: ShardedRelease, records: Path) -> None:
    (release.folder / "other.yaml").write_text(POLICY.replace("24h", "12h") + SHARDS)
    release.shard(f"2/{OF}", records, policy="other.yaml")
    assert told(release, records) == (3, {("shard-foreign", f"shard 2/{OF}")})


def test_a_shard_of_another_number_of_shards_is_foreign(
    release: ShardedRelease, records: Path
) -> None:
    release.shard("1/2", records, name="of-two.jsonl")
    assert told(release, records) == (3, {("shard-foreign", "shards of 2")})


@pytest.mark.parametrize("at", ["2026-11-21T08:59:59Z", "2026-11-21T10:05:01Z"])
def test_a_shard_that_looked_too_long_ago_or_later_is_late(
    release: ShardedRelease, records: Path, at: str
) -> None:
    release.shard(f"2/{OF}", records, at=at)
    assert told(release, records) == (3, {("shard-late", f"shard 2/{OF}")})


@pytest.mark.parametrize("at", ["2026-11-21T09:00:00Z", "2026-11-21T10:05:00Z"])
def test_a_shard_at_the_edge_of_its_time_counts(
    release: ShardedRelease, records: Path, at: str
) -> None:
    release.shard(f"2/{OF}", records, at=at)
    assert told(release, records) == (0, set())


def test_a_release_that_changed_since_makes_every_shard_foreign(
    release: ShardedRelease, records: Path
) -> None:
    extra = release.folder / "manifests/z.yaml"
    extra.write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: z, namespace: shop}\n")
    try:
        exit_code, found = told(release, records)
    finally:
        extra.unlink()
    assert (exit_code, found) == (3, {("shard-foreign", f"shard {i}/{OF}") for i in (1, 2, 3)})


def test_a_cleared_merge_signs_the_passes_that_no_shard_signs(tmp_path: Path) -> None:
    with FakeRegistry() as registry:
        release = ShardedRelease.make(tmp_path, registry, images=3)
        for index in (1, 2):
            part = release.shard(f"{index}/2", tmp_path / "records", at=None).report
            assert part.passed is not None
            assert part.passed.state is PassState.NOT_ASKED
        merged = release.merge(tmp_path / "records", at=None)
        assert merged.report.passed is not None
        assert (merged.error, merged.report.passed.state) == (None, PassState.SIGNED)
        assert len(merged.report.passed.stored) == 3  # images


def test_unsigned_shards_sign_no_pass_and_can_be_looked_at(tmp_path: Path) -> None:
    with FakeRegistry() as registry:
        release = ShardedRelease.make(tmp_path, registry, images=2)
        (tmp_path / "policy.yaml").write_text(POLICY)
        records = release.all_shards(2, tmp_path / "records")
        assert release.merge(records).report.cleared
        with pytest.raises(PolicyError) as refused:
            release.merge(records, at=None)
        assert refused.value.code == "shards-without-signers"


def test_a_shard_to_which_no_image_falls_is_in_order(
    release: ShardedRelease, tmp_path: Path
) -> None:
    many = 100
    codes = {
        release.shard(f"{index}/{many}", tmp_path / "r").report.exit_code for index in (1, 2, 3, 4)
    }
    assert codes == {0}


@pytest.mark.parametrize("text", ["0/3", "4/3", "3", "1/1001", "1/0", "-1/3", "1/3/5", ""])
def test_what_is_no_part_of_a_run_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_shard(text)
    assert refused.value.code == "shard-option"


def test_a_folder_without_records_is_refused(release: ShardedRelease, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        release.merge(tmp_path)
    assert refused.value.code == "shards-unreadable"


def test_records_that_are_too_large_together_are_refused_before_one_is_read(
    release: ShardedRelease, records: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    total = sum(path.stat().st_size for path in records.glob("*.jsonl"))
    monkeypatch.setattr("gate.cli.runs.shards.MAX_SUM", total)
    assert told(release, records) == (0, set())
    with (records / "3.jsonl").open("a") as file:
        file.write("x")
    with pytest.raises(UsageError, match=f"{total + 1:,} bytes together") as refused:
        release.merge(records)
    assert refused.value.code == "shards-too-large"


def test_a_shard_says_where_its_record_goes(release: ShardedRelease, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        release.shard("1/3", tmp_path, name="record.json")
    assert refused.value.code == "shard-option"


@pytest.mark.parametrize("option", ["--dry-run", "--pass-file", "--renew", "--statement"])
def test_an_option_of_the_whole_run_is_refused_beside_a_shard_and_nothing_is_signed(
    release: ShardedRelease, tmp_path: Path, option: str
) -> None:
    value = [str(tmp_path / "x.json")] if option in {"--pass-file", "--statement"} else []
    call = ["check", "--shard", "1/3", "--record", str(tmp_path / "1.jsonl"), option, *value]
    call += ["--policy", str(release.folder / "policy.yaml"), str(release.folder / "manifests")]
    done = CliRunner().invoke(app, call)
    assert (done.exit_code, list(tmp_path.iterdir())) == (2, [])
    assert f"--shard signs its record and no pass, and {option} was given too" in done.output


def test_a_bundle_that_can_be_read_once_alone_is_a_part_of_the_plan(
    release: ShardedRelease, tmp_path: Path
) -> None:
    bundle = tmp_path / "bundle.json"

    def planned(*, of: str | None) -> Digest:
        bundle.write_text(json.dumps({"payload": of, "payloadType": "a", "signatures": []}))
        named = [] if of is None else [str(bundle)]
        given = prepare(replace(release.options(), bundles=named), NOW)
        bundle.unlink()
        given.registry.close()
        return given.plan(2)

    assert len({planned(of=None), planned(of="YQ=="), planned(of="Yg==")}) == 3
    assert planned(of="YQ==") == planned(of="YQ==")
