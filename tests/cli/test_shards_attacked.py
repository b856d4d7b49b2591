"""A merge whose records an attacker may write: what nobody signed clears nothing.

One image of the release has no signature, so that one run over everything is blocked. Each attack
tries to have the merge clear it.
"""

from __future__ import annotations

import codecs
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gate.cli.runs.shards import SIGNATURE
from gate.errors import PolicyError
from gate.keys.private import PrivateKey, generate, load_private_key
from gate.model.image import Digest, ImageReference
from gate.model.report import PassState
from gate.pipeline.merge import TYPE
from gate.pipeline.shard import shard_of
from gate.reports import FORMATS, json_v1
from gate.signing.key import sign_statement
from tests.builders.shards import AT, POLICY, SHARDS, SIGN, ShardedRelease
from tests.fakes.registry import FakeRegistry

OF = 3
UNSIGNED = "unsigned.yaml"
Image = dict[str, Any]


@dataclass(frozen=True)
class Scene:
    """A release, and records of its shards that an attacker may change."""

    release: ShardedRelease
    records: Path
    bare: str
    """The image without a signature, as the run names it."""
    unsigned: bool
    """Whether the policy says nothing of shards: then anybody can write a record that is read."""

    @property
    def hit(self) -> int:
        """The shard that the image falls to."""
        return shard_of(ImageReference.parse(self.bare), OF)

    @property
    def other(self) -> int:
        return self.hit % OF + 1

    def path(self, index: int = 0) -> Path:
        return self.records / f"{index or self.hit}.jsonl"

    def signature(self, index: int = 0) -> Path:
        return self.records / f"{index or self.hit}.jsonl{SIGNATURE}"

    def images(self, index: int = 0) -> list[Image]:
        return [json.loads(line) for line in self.path(index).read_bytes().splitlines()[1:-1]]

    def head(self, **changed: object) -> None:
        """Change what the record of the shard says of itself."""
        lines = self.path().read_bytes().split(b"\n")
        lines[0] = json.dumps(json.loads(lines[0]) | changed).encode()
        self.path().write_bytes(b"\n".join(lines))

    def write(self, *images: Image) -> None:
        """Let the record of the shard tell of these images."""
        self.write_lines(*(json.dumps(image).encode() for image in images))

    def write_lines(self, *lines: bytes) -> None:
        head = self.path().read_bytes().split(b"\n")[0]
        count = b'{"images":%d}' % len(lines)
        self.path().write_bytes(b"\n".join((head, *lines, count, b"")))

    def write_for(self, index: int, *images: Image) -> None:
        """Let the record of a shard tell of these images, signed as the shard signs."""
        head = self.path(index).read_bytes().split(b"\n")[0]
        lines = [json.dumps(image).encode() for image in images]
        count = b'{"images":%d}' % len(lines)
        content = b"\n".join((head, *lines, count, b""))
        self.path(index).write_bytes(content)
        self.signature(index).write_bytes(statement(content, TYPE, self.key("shard")))

    def told(self) -> tuple[Image, list[Image]]:
        """Return what the record tells of the bare image, and of the others."""
        every = self.images()
        (mine,) = (image for image in every if image["name"] == self.bare)
        return mine, [image for image in every if image is not mine]

    def change(self, **changed: object) -> None:
        """Change what the record tells of the bare image."""
        mine, others = self.told()
        self.write(mine | changed, *others)

    def signed_image(self) -> Image:
        """Return what some record tells of an image with a signature."""
        every = [image for index in range(1, OF + 1) for image in self.images(index)]
        return next(image for image in every if image["name"] != self.bare)

    def key(self, name: str) -> PrivateKey:
        return load_private_key((self.release.folder / f"{name}.key").read_bytes(), None)

    def sign(self, key: PrivateKey, kind: str = TYPE, content: bytes = b"") -> None:
        """Sign the record of the shard as it is, or other content in its place."""
        self.signature().write_bytes(statement(content or self.path().read_bytes(), kind, key))

    def again(self, text: str = "", *, policy: str = "policy.yaml", at: str | None = AT) -> None:
        """Let the shard itself look again, in other circumstances."""
        self.release.shard(text or f"{self.hit}/{OF}", self.records, policy=policy, at=at)

    def decide(self) -> tuple[int, set[tuple[str, str]]]:
        """Return the exit code of the merge, and what it could not decide about shards."""
        policy = UNSIGNED if self.unsigned else "policy.yaml"
        report = self.release.merge(self.records, policy).report
        return report.exit_code, {
            (one.outcome.code, one.subject) for one in report.undecided if one.check == "shards"
        }

    def shard(self, index: int = 0) -> str:
        return f"shard {index or self.hit}/{OF}"


def statement(content: bytes, kind: str, key: PrivateKey) -> bytes:
    said = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "record", "digest": {"sha256": Digest.of(content).hex}}],
        "predicateType": kind,
        "predicate": {},
    }
    return sign_statement(json.dumps(said).encode(), key)


@pytest.fixture(scope="module")
def blocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShardedRelease]:
    """A release with an image that is not signed, and the records of its shards."""
    with FakeRegistry() as registry:
        release = ShardedRelease.make(tmp_path_factory.mktemp("release"), registry, images=3)
        release.fill(OF)
        release.all_shards(OF, release.folder / "before")
        release.add("bare", 9, signed=False)
        (release.folder / UNSIGNED).write_text(POLICY)
        lax = POLICY.replace("    signature: {by: [ci]}\n", "") + SHARDS
        (release.folder / "lax.yaml").write_text(lax)
        release.all_shards(OF, release.folder / "records")
        for index in range(1, OF + 1):
            release.shard(f"{index}/{OF}", release.folder / "unsigned", policy=UNSIGNED)
        yield release


def scene(release: ShardedRelease, tmp_path: Path, kind: str) -> Scene:
    records = Path(shutil.copytree(release.folder / kind, tmp_path / kind))
    bare = f"{release.registry.host}/acme/bare:1.0"
    return Scene(release, records, bare, unsigned=kind == "unsigned")


@pytest.fixture
def signed(blocked: ShardedRelease, tmp_path: Path) -> Scene:
    """Records of shards whose signatures the policy demands; the attacker has no key."""
    return scene(blocked, tmp_path, "records")


@pytest.fixture
def unsigned(blocked: ShardedRelease, tmp_path: Path) -> Scene:
    """Records that nobody has to sign, as a dry run reads them."""
    return scene(blocked, tmp_path, "unsigned")


def test_records_that_nobody_touched_are_blocked_by_the_image_alone(
    signed: Scene, unsigned: Scene
) -> None:
    assert (signed.decide(), unsigned.decide()) == ((1, set()), (1, set()))


def _leave_out_the_image(it: Scene) -> None:
    it.write(*it.told()[1])


def _tell_of_a_signed_image(it: Scene) -> None:
    it.change(attached=it.signed_image()["attached"])


def _sign_with(name: str) -> Callable[[Scene], None]:
    def attack(it: Scene) -> None:
        _leave_out_the_image(it)
        keys = {"ci": it.release.ci, "gate": it.key("gate"), "own": generate()}
        it.sign(keys[name])

    return attack


def _sign_the_old_record(it: Scene) -> None:
    before = it.path().read_bytes()
    _leave_out_the_image(it)
    it.sign(it.key("shard"), content=before)


def _sign_another_type(it: Scene) -> None:
    _leave_out_the_image(it)
    it.sign(it.key("shard"), SIGN)


def _give_the_attestation_of_an_image(it: Scene) -> None:
    content = it.signed_image()["attached"][0]["content"]
    it.signature().write_bytes(codecs.decode(content.encode(), "base64"))


def _put_other_words_into_the_signature(it: Scene) -> None:
    bundle = json.loads(it.signature().read_bytes())
    _leave_out_the_image(it)
    it.sign(generate())
    forged = json.loads(it.signature().read_bytes())
    bundle["dsseEnvelope"]["payload"] = forged["dsseEnvelope"]["payload"]
    it.signature().write_bytes(json.dumps(bundle).encode())


def _add_a_signature_of_ones_own(it: Scene) -> None:
    bundle = json.loads(it.signature().read_bytes())
    _leave_out_the_image(it)
    it.sign(generate())
    forged = json.loads(it.signature().read_bytes())
    forged["dsseEnvelope"]["signatures"] += bundle["dsseEnvelope"]["signatures"]
    it.signature().write_bytes(json.dumps(forged).encode())


def _write_signature(content: bytes) -> Callable[[Scene], None]:
    def attack(it: Scene) -> None:
        _leave_out_the_image(it)
        it.signature().write_bytes(content)

    return attack


def _make_the_signature_a_folder(it: Scene) -> None:
    it.signature().unlink()
    it.signature().mkdir()


def _add_an_unsigned_record(it: Scene) -> None:
    shutil.copy(it.path(), it.records / "z.jsonl")


def _of_another_policy(it: Scene) -> None:
    it.again(policy="lax.yaml")


def _of_an_earlier_release(it: Scene) -> None:
    shutil.copytree(it.release.folder / "before", it.records, dirs_exist_ok=True)


def _late(it: Scene) -> None:
    it.again(at="2026-11-21T08:00:00Z")


def _early(it: Scene) -> None:
    it.again(at="2026-11-21T11:00:00Z")


@pytest.mark.parametrize(
    ("attack", "code"),
    [
        (_leave_out_the_image, "shard-unsigned"),
        (_tell_of_a_signed_image, "shard-unsigned"),
        (_sign_with("own"), "shard-unsigned"),
        (_sign_with("ci"), "shard-unsigned"),
        (_sign_with("gate"), "shard-unsigned"),
        (_sign_the_old_record, "shard-unsigned"),
        (_sign_another_type, "shard-unsigned"),
        (_give_the_attestation_of_an_image, "shard-unsigned"),
        (_put_other_words_into_the_signature, "shard-unsigned"),
        (_add_a_signature_of_ones_own, "shard-unsigned"),
        (_write_signature(b""), "shard-unsigned"),
        (_write_signature(b"{}"), "shard-unsigned"),
        (_write_signature(b"[" * 100_000), "shard-unsigned"),
        (_make_the_signature_a_folder, "shard-unsigned"),
        (_add_an_unsigned_record, "shard-unsigned"),
        (_of_another_policy, "shard-foreign"),
        (_late, "shard-late"),
        (_early, "shard-late"),
    ],
)
def test_a_record_that_the_shard_did_not_sign_for_this_run_does_not_count(
    signed: Scene, attack: Callable[[Scene], None], code: str
) -> None:
    attack(signed)
    assert signed.decide() == (3, {(code, signed.shard())})


def test_the_records_of_an_earlier_release_are_foreign(signed: Scene) -> None:
    _of_an_earlier_release(signed)
    assert signed.decide() == (3, {("shard-foreign", signed.shard(i)) for i in (1, 2, 3)})


def test_the_record_of_another_version_of_gate_is_foreign(
    signed: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("gate.cli.runs.prepare.__version__", "0.0.1")
        signed.again()
    assert signed.decide() == (3, {("shard-foreign", signed.shard())})


def test_a_record_in_the_place_of_another_is_one_too_many_and_one_too_few(signed: Scene) -> None:
    shutil.copy(signed.path(signed.other), signed.path())
    shutil.copy(signed.signature(signed.other), signed.signature())
    assert signed.decide() == (
        3,
        {("shard-missing", signed.shard()), ("shard-twice", signed.shard(signed.other))},
    )


@pytest.mark.parametrize("place", ["again.jsonl", "in/a/folder.jsonl", ".hidden/1.jsonl"])
def test_a_second_record_of_a_shard_is_found_wherever_it_lies(signed: Scene, place: str) -> None:
    copy = signed.records / place
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(signed.path(), copy)
    shutil.copy(signed.signature(), copy.with_name(copy.name + SIGNATURE))
    assert signed.decide() == (3, {("shard-twice", signed.shard())})


def test_fewer_shards_that_count_do_not_replace_more(signed: Scene) -> None:
    signed.path().unlink()
    signed.again("1/1")  # its file may be that of the first of three
    told = signed.decide()
    assert told[0] == 3
    assert ("shard-foreign", "shards of 1") in told[1]
    assert ("shard-missing", signed.shard()) in told[1] or signed.hit == 1


def test_a_record_that_does_not_count_does_not_say_how_many_shards_there_are(
    signed: Scene,
) -> None:
    signed.head(of=1000)
    shutil.move(signed.path(), signed.records / "z.jsonl")
    code, told = signed.decide()
    assert code == 3
    assert told == {("shard-missing", signed.shard()), ("shard-unsigned", "file 1")}


def test_a_record_made_with_as_of_counts_only_where_the_merge_has_it_too(tmp_path: Path) -> None:
    with FakeRegistry() as registry:
        release = ShardedRelease.make(tmp_path, registry, images=1)
        release.shard("1/1", tmp_path / "records", at="2026-11-21T10:00:00Z")
        assert release.merge(tmp_path / "records").report.exit_code == 0
        report = release.merge(tmp_path / "records", at=None).report
        assert report.exit_code == 3
        (fault,) = (one for one in report.undecided if one.check == "shards")
        assert (fault.outcome.code, fault.subject) == ("shard-late", "shard 1/1")
        assert "--as-of" in fault.outcome.reason


@pytest.mark.parametrize("signs_pass", [True, False])
def test_unsigned_records_decide_nothing_but_a_dry_run(
    unsigned: Scene, tmp_path: Path, *, signs_pass: bool
) -> None:
    policy = POLICY if signs_pass else POLICY[: POLICY.index("pass:")].replace("verifier", "#")
    name = f"{tmp_path.name}.yaml"
    (unsigned.release.folder / name).write_text(policy)
    with pytest.raises(PolicyError) as refused:
        unsigned.release.merge(unsigned.records, name, at=None)
    assert refused.value.code == "shards-without-signers"


# What follows, an attacker writes into a record that is read without a signature. What is signed
# in it still counts for what it was signed for alone.


def test_the_signature_of_another_image_is_none_of_this_one(unsigned: Scene) -> None:
    _tell_of_a_signed_image(unsigned)
    assert unsigned.decide() == (1, set())


@pytest.mark.parametrize("storage", ["file", "sig-tag", "index", "github"])
@pytest.mark.parametrize(
    "kind", ["cosign-signature", "cosign-attestation", "buildkit-statement", "unknown"]
)
def test_a_signature_of_another_kind_and_place_is_none_either(
    unsigned: Scene, kind: str, storage: str
) -> None:
    mine, _ = unsigned.told()
    (item,) = unsigned.signed_image()["attached"]
    changed = item | {"kind": kind, "storage": storage, "subject": mine["image"]["digest"]}
    unsigned.change(attached=[changed])
    assert unsigned.decide() == (1, set())


def test_a_statement_with_the_right_digest_and_no_key_of_the_policy_is_none(
    unsigned: Scene,
) -> None:
    mine, _ = unsigned.told()
    digest = mine["image"]["digest"]
    said = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "bare", "digest": {"sha256": digest["hex"]}}],
        "predicateType": SIGN,
        "predicate": {},
    }
    for key in (generate(), unsigned.key("shard"), unsigned.key("gate")):
        content = sign_statement(json.dumps(said).encode(), key)
        text = codecs.encode(content, "base64").decode().replace("\n", "")
        text = text.replace("+", "-").replace("/", "_")
        item = {
            "kind": "sigstore-bundle",
            "content": text,
            "storage": "referrers",
            "subject": digest,
        }
        unsigned.change(attached=[item])
        assert unsigned.decide() == (1, set())


def test_an_image_that_is_left_out_is_undecided(unsigned: Scene) -> None:
    _leave_out_the_image(unsigned)
    report = unsigned.release.merge(unsigned.records, UNSIGNED).report
    assert report.exit_code == 3
    assert {(one.outcome.code, one.subject) for one in report.undecided} == {
        ("shard-incomplete", unsigned.bare)
    }


def test_what_was_seen_of_another_platform_decides_nothing(unsigned: Scene) -> None:
    other = unsigned.signed_image()
    unsigned.change(attached=other["attached"], configurations=other["configurations"])
    report = unsigned.release.merge(unsigned.records, UNSIGNED).report
    assert (report.exit_code, {one.outcome.code for one in report.undecided}) == (
        1,
        {"configuration-unread"},
    )


def _twice(it: Scene) -> None:
    mine, others = it.told()
    it.write(mine, mine | {"attached": []}, *others)


def _from_another_shard(it: Scene) -> None:
    it.write(*it.images(it.other), *it.images())


def _an_image_that_the_run_does_not_have(it: Scene) -> None:
    name = next(
        name
        for number in range(100)
        if shard_of(ImageReference.parse(name := f"ghcr.io/acme/x{number}"), OF) == it.hit
    )
    reference = {"registry": "ghcr.io", "repository": name.removeprefix("ghcr.io/")}
    mine, others = it.told()
    image = mine["image"] | {"reference": reference}
    it.write(mine | {"name": name, "image": image}, mine, *others)


def _answer_about_another_image(it: Scene) -> None:
    it.change(image=it.signed_image()["image"])


def _another_spelling(it: Scene) -> None:
    it.change(name=it.bare.replace("acme", "acme/").replace("//", "/./"))


def _lines(change: Callable[[bytes], bytes]) -> Callable[[Scene], None]:
    """Change the line of the image as bytes."""

    def attack(it: Scene) -> None:
        mine, others = it.told()
        before = json.dumps(mine | {"attached": []}).encode()
        line = change(before)
        assert line != before
        it.write_lines(line, *(json.dumps(image).encode() for image in others))

    return attack


def _repeat_a_key(line: bytes) -> bytes:
    return line.replace(b'"attached"', b'"attached":[],"attached"')


def _repeat_an_escaped_key(line: bytes) -> bytes:
    return line.replace(b'"name"', b'"n\\u0061me":"x","name"', 1)


def _nest(line: bytes) -> bytes:
    return line.replace(b'"attached": [', b'"attached": [' + b"[" * 40 + b"]" * 40 + b",")


def _many_values(line: bytes) -> bytes:
    return line.replace(b'"attached": [', b'"attached": [' + b"[]," * 300_000)


def _reason(text: str) -> Callable[[Scene], None]:
    def attack(it: Scene) -> None:
        problem = {"code": text, "problem": "p", "remedy": "r"}
        it.write({"name": it.bare, "problem": problem}, *it.told()[1])

    return attack


def _unread(text: str) -> Callable[[Scene], None]:
    def attack(it: Scene) -> None:
        subject = it.told()[0]["image"]["digest"]
        one = {"storage": "referrers", "subject": subject, "digest": None, "kind": "k"}
        it.change(unread=[one | {"code": text, "reason": "r", "remedy": "r"}])

    return attack


def _created_at_no_place(it: Scene) -> None:
    (configuration,) = it.told()[0]["configurations"]
    it.change(configurations=[configuration | {"created": "2026-11-21T09:00:00"}])


@pytest.mark.parametrize(
    "attack",
    [
        _twice,
        _created_at_no_place,
        _from_another_shard,
        _an_image_that_the_run_does_not_have,
        _answer_about_another_image,
        _another_spelling,
        _lines(_repeat_a_key),
        _lines(_repeat_an_escaped_key),
        _lines(_nest),
        _lines(_many_values),
        _lines(lambda line: codecs.BOM_UTF8 + line),
        _lines(lambda line: line.decode().encode("utf-16")),
        _lines(lambda line: line + b"{}"),
        _lines(lambda line: line.replace(b'"attached": []', b'"attached": NaN')),
        _lines(lambda line: line[:-1] + b',"verdict":"cleared"}'),
        _lines(lambda line: line.replace(b'"image"', b'"problem": null, "images"')),
        _reason("\n::error::x"),
        _reason("\x1b[31m"),
        _reason(""),
        _reason("a" * 65_000),
        _unread("\n::error::x"),
        lambda it: it.head(trusted=True),
    ],
)
def test_a_record_with_words_that_no_shard_writes_does_not_count(
    unsigned: Scene, attack: Callable[[Scene], None]
) -> None:
    attack(unsigned)
    code, told = unsigned.decide()
    assert code == 3
    assert {code for code, _ in told} <= {"shard-altered", "shard-missing"}
    assert "shard-altered" in {code for code, _ in told}


@pytest.mark.parametrize(
    "changed",
    [
        {"at": "0001-01-01T00:00:00+14:00"},
        {"at": "9999-12-31T23:59:59-14:00"},
        {"at": 1795255200},
        {"at": "2026-11-21"},
        {"index": True},
        {"index": 0},
        {"index": 2.0},
        {"of": 1001},
        {"of": 10**400},
        {"version": "1"},
        {"plan": "sha256:" + "0" * 64},
        {"tool": "x" * 5000},
        {"tool": "x" * 100},
    ],
    ids=str,
)
def test_a_record_that_says_of_itself_what_no_shard_says_is_told_as_altered(
    unsigned: Scene, changed: dict[str, object]
) -> None:
    unsigned.head(**changed)
    assert unsigned.decide() == (
        3,
        {("shard-altered", "file 1"), ("shard-missing", unsigned.shard())},
    )


@pytest.mark.parametrize("name", FORMATS)
def test_what_a_record_says_reaches_no_terminal_and_no_page_as_it_is(
    unsigned: Scene, name: str
) -> None:
    hostile = "x\n::error::pwned\x1b[31m\u202e"
    problem = {"code": "denied", "problem": hostile, "remedy": hostile}
    unsigned.write({"name": unsigned.bare, "problem": problem}, *unsigned.told()[1])
    unsigned.head(tool=hostile, plan={"hex": "0" * 64})
    again = unsigned.records / "\udcff\n::error::pwned.jsonl"
    shutil.copy(unsigned.path(), again)
    text = FORMATS[name](unsigned.release.merge(unsigned.records, UNSIGNED).report)
    for raw in ("\n::error::pwned", "\x1b", "\u202e"):
        assert raw not in text, name


def test_what_nobody_signs_is_believed_by_a_dry_run_alone_which_says_so(
    unsigned: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    """The digest that a tag had is such a thing: a limit of records that nobody signed."""
    mine, others = unsigned.told()
    other = unsigned.signed_image()
    lie = other | {
        "name": unsigned.bare,
        "image": mine["image"] | {"digest": other["image"]["digest"]},
    }
    unsigned.write(lie, *others)
    assert unsigned.decide() == (0, set())
    assert "what a record leaves out, nobody can see [shards-without-signers]" in (
        capsys.readouterr().err
    )
    with pytest.raises(PolicyError):
        unsigned.release.merge(unsigned.records, UNSIGNED, at=None)


def test_a_shard_whose_key_somebody_has_does_not_get_a_pass_for_another_digest(
    tmp_path: Path,
) -> None:
    with FakeRegistry() as registry:
        release = ShardedRelease.make(tmp_path, registry, images=1)
        release.shard("1/1", tmp_path / "records", at=None)
        it = Scene(release, tmp_path / "records", f"{registry.host}/acme/shop0:1.0", unsigned=False)
        (mine,) = it.images(1)
        evil = {"platform": {"os": "linux", "architecture": "evil"}, "digest": {"hex": "e" * 64}}
        it.write_for(1, mine | {"image": mine["image"] | {"platforms": [evil]}})
        done = release.merge(it.records, at=None)
    assert done.report.exit_code == 3
    assert {(one.outcome.code, one.subject) for one in done.report.undecided} == {
        ("shard-untrue", it.bare)
    }
    assert done.report.passed is not None
    assert done.report.passed.state is PassState.NOT_ASKED


def test_a_shard_whose_key_somebody_has_invents_no_configuration(tmp_path: Path) -> None:
    with FakeRegistry() as registry:
        release = ShardedRelease.make(tmp_path, registry, images=0)
        plain = registry.image("acme/shop0", "1.0", config={"os": "linux", "architecture": "amd64"})
        release.run("shop0", 0)
        release.sign("shop0", plain)
        release.shard("1/1", tmp_path / "records", at=None)
        it = Scene(release, tmp_path / "records", f"{registry.host}/acme/shop0:1.0", unsigned=False)
        (mine,) = it.images(1)
        assert release.merge(it.records, at=None).report.exit_code == 1  # it has no label
        (told,) = mine["configurations"]
        it.write_for(1, mine | {"configurations": [told | {"labels": {"is": "labelled"}}]})
        assert release.merge(it.records, at=None).report.exit_code == 1
        assert release.merge(it.records, at=now()).report.exit_code == 0  # a dry run, of no weight


def now() -> str:
    return datetime.now(UTC).replace(microsecond=0).isoformat()


def test_a_pass_of_a_merge_covers_the_platforms_that_the_manifest_lists(tmp_path: Path) -> None:
    with FakeRegistry() as registry:
        release = ShardedRelease.make(tmp_path, registry, images=1)
        single = registry.image("acme/shop0", "1.0-amd64")
        entry = registry.entry("acme/shop0", single, "linux/amd64")
        index = registry.index("acme/shop0", "1.0", [entry])
        release.sign("shop0", index)
        release.shard("1/1", tmp_path / "records", at=None)
        registry.forget()
        done = release.merge(tmp_path / "records", at=None)
        assert registry.asked(f"GET /v2/acme/shop0/manifests/{index}") == 1
    (image,) = json.loads(json_v1.render(done.report))["images"]
    assert [one["digest"] for one in image["platforms"]] == [str(single)]
    assert done.report.passed is not None
    assert (done.report.exit_code, done.report.passed.state) == (0, PassState.SIGNED)


def test_of_a_record_without_a_signature_that_counts_no_image_is_read(
    signed: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[bytes] = []
    monkeypatch.setattr("gate.pipeline.merge.read_record", read.append)
    _leave_out_the_image(signed)
    for index in {1, 2, 3} - {signed.hit}:
        signed.path(index).unlink()
    signed.decide()
    assert read == []
