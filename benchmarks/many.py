"""`gate check` of thousands of images: how much memory and CPU, and how long.

    python -m benchmarks.many [IMAGES …] [--round-trip 20] [--shards 8]

Another process serves a registry in memory that answers each request after so many milliseconds.
Each image has a signature, an SBOM of 40 packages and a scan by one key. Manifests name every
image. The check is a process of its own, measured from outside. Default: 1,000, 3,000 and 10,000
images. Budget for 10,000 images: 200 MB. Prints one line of JSON for each size.

With `--shards` the same release is judged in so many parts besides, one after another, and merged:
a line for each part, one for the merge, and whether its report has the bytes of the single run.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from benchmarks.figures import tell
from benchmarks.latency import POLICY, predicates, run
from gate.keys.private import generate, private_pem
from gate.keys.public import public_pem
from gate.signing.key import sign_statement
from tests.fakes.registry import FakeRegistry, Reply, Request

BUDGET: Final = 200_000_000
"""Bytes of memory that a check of 10,000 images may take."""
_SHARDS: Final = "shards: {by: [shard], max-age: 6h, sign: {key: shard.key}}\n"


class _Far(FakeRegistry):
    """A registry some milliseconds away that does not keep what it was asked."""

    def __init__(self, round_trip: float) -> None:
        super().__init__()
        self._round_trip = round_trip

    def answer(self, request: Request) -> Reply:
        """Return the answer to a request, late."""
        time.sleep(self._round_trip)
        reply = super().answer(request)
        self.requests.clear()
        return reply


def _serve(channel: Connection, folder: Path, images: int, round_trip: float) -> None:
    key, now = generate(), datetime.now(UTC).replace(microsecond=0)
    (folder / "ci.pub").write_bytes(public_pem(key.public_key()))
    with _Far(round_trip) as fake:
        names = [f"acme/shop{number}" for number in range(images)]
        for name in names:
            digest = fake.image(name, "1.0")
            for kind, predicate in predicates(name, now).items():
                statement = {
                    "_type": "https://in-toto.io/Statement/v1",
                    "subject": [{"name": name, "digest": {"sha256": digest.hex}}],
                    "predicateType": kind,
                    "predicate": predicate,
                }
                fake.attach(name, digest, sign_statement(json.dumps(statement).encode(), key))
        (folder / "manifests").mkdir()
        for number, name in enumerate(names):
            with (folder / "manifests" / f"{number // 1000}.yaml").open("a") as file:
                file.write(_pod(f"{fake.host}/{name}:1.0", number))
        channel.send(fake.host)
        channel.recv()


def _pod(image: str, number: int) -> str:
    return (
        f"apiVersion: v1\nkind: Pod\nmetadata: {{name: shop{number}, namespace: shop}}\n"
        f"spec: {{containers: [{{name: shop, image: '{image}'}}]}}\n---\n"
    )


@contextmanager
def far_registry(folder: Path, images: int, round_trip: float) -> Iterator[str]:
    """Serve so many images, and write the manifests and the key; yield the registry's host."""
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("fork").Process(
        target=_serve, args=(theirs, folder, images, round_trip), daemon=True
    )
    server.start()
    try:
        yield ours.recv()
    finally:
        ours.send("end")
        server.join()


def main() -> int:
    """Print what each size takes. Returns 1 over the budget."""
    parser = argparse.ArgumentParser(description="Thousands of images.")
    parser.add_argument("images", type=int, nargs="*", default=[1000, 3000, 10_000])
    parser.add_argument("--round-trip", type=float, default=20, help="milliseconds")
    parser.add_argument("--format", default="json")
    parser.add_argument("--shards", type=int, default=0)
    asked = parser.parse_args()
    met = True
    each: dict[int, float] = {}
    for images in asked.images:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / ".gate.yaml").write_text(_policy(folder))
            with far_registry(folder, images, asked.round_trip / 1000) as host:
                now = datetime.now(UTC).replace(microsecond=0).isoformat()
                given = ("--plain-http", host, "--as-of", now, "manifests")
                used = _gate(folder, "check", "--output", f"{asked.format}=report", *given)
                each[images] = used["cpu"] / images * 1000
                tell("many-memory", used["mib"] * 1.024 * 1.024, much=f"{images:,} images")
                _tell(used | {"images": images, "cpu_ms_each": used["cpu"] / images * 1000})
                if asked.shards:
                    met &= _sharded(folder, asked.shards, asked.format, given)
        met &= used["exit"] == 0 and used["mib"] * 1024 * 1024 <= BUDGET
    if len(each) > 1:
        most, fewest = max(each), min(each)
        much = f"{most:,} images beside {fewest:,}"
        tell("many-cpu", each[most], each[fewest], much=much)
    return 0 if met else 1


def _policy(folder: Path) -> str:
    key = generate()
    (folder / "shard.key").write_bytes(private_pem(key))
    (folder / "shard.pub").write_bytes(public_pem(key.public_key()))
    return POLICY.replace("{ci: ", "{shard: {key: shard.pub}, ci: ") + _SHARDS


def _sharded(folder: Path, of: int, form: str, given: tuple[str, ...]) -> bool:
    """Judge in parts and merge; return whether the merge wrote what the single run wrote."""
    records = folder / "records"
    records.mkdir()
    for index in range(1, of + 1):
        named = ("--shard", f"{index}/{of}", "--record", f"records/{index}.jsonl")
        _tell(_gate(folder, "check", *named, *given) | {"shard": index})
    held = sum(path.stat().st_size for path in records.iterdir()) / 1024 / 1024
    used = _gate(folder, "merge", "records", "--output", f"{form}=merged", *given)
    same = (folder / "report").read_bytes() == (folder / "merged").read_bytes()
    _tell(used | {"records_mib": held, "same_bytes": same})
    return same


def _gate(folder: Path, *arguments: str) -> dict[str, float]:
    return run(folder, str(Path(sys.executable).with_name("gate")), *arguments)


def _tell(told: Mapping[str, float]) -> None:
    print(json.dumps({k: round(v, 2) for k, v in told.items()}), flush=True)  # noqa: T201  # for people


if __name__ == "__main__":
    sys.exit(main())
