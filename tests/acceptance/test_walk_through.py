"""The page docs/walk-through.md, run as it stands."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

from tests.acceptance.debian_registry import free_port, required
from tests.acceptance.own_program import environment
from tests.fakes.sigstore import SigstoreServer, trusted_root

PAGE = Path("docs/walk-through.md")
BLOCK = re.compile(r"(?ms)(?:`([\w.-]+)`:\n\n)?^```(\w+)\n(.*?)^```$")
DIGEST = re.compile(r"^policy [\w-]+\.yaml (sha256:[0-9a-f]{64})$", re.MULTILINE)
END = "----- end of block -----"
HOST = "localhost:5000"
ISSUER = "https://token.acme.example"


def test_the_walk_through_does_what_it_says_word_for_word(tmp_path: Path) -> None:
    for program in ("docker-registry", "skopeo", "openssl", "curl"):
        required(program, program)
    host = f"localhost:{free_port()}"
    with (
        SigstoreServer() as sigstore,
        subprocess.Popen(  # one shell for the whole page, as it asks for
            ["/usr/bin/timeout", "120", "/bin/sh", "-e"],
            cwd=tmp_path,
            env=environment(tmp_path) | sigstore.github_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as shell,
    ):
        (tmp_path / "trust_config.json").write_bytes(sigstore.trust_config())
        (tmp_path / "trusted_root.json").write_text(json.dumps(trusted_root(sigstore.sigstore)))
        tell(
            shell, """trap 'kill "$!"' EXIT"""
        )  # the registry ends with the shell, however it ends
        try:
            assert played(shell, tmp_path, {HOST: host, ISSUER: sigstore.url}) == (12, 12)
        finally:
            shell.communicate(timeout=30)


def played(shell: subprocess.Popen[str], folder: Path, places: dict[str, str]) -> tuple[int, int]:
    """Run the page's blocks; return how many had their output held to what the page says."""
    text = PAGE.read_text()
    output, policy = "", ""
    said = compared = 0
    for name, language, block in BLOCK.findall(text):
        here = block
        for there, place in places.items():
            here = here.replace(there, place)
            here = here.replace(there.replace(":", "_"), place.replace(":", "_"))
        if language == "sh":
            output = tell(shell, here)
            policy = (DIGEST.findall(output) or [policy])[-1]
        elif language == "text":
            said += 1
            compared += in_order(here.splitlines(), output)
        else:
            assert name, block
            (folder / name).write_text(here.replace("sha256:…", policy))
    return said, compared


def tell(shell: subprocess.Popen[str], commands: str) -> str:
    """Run commands in the shell; return what they print."""
    assert shell.stdin is not None
    assert shell.stdout is not None
    shell.stdin.write(f"{commands}\necho '{END}'\n")
    shell.stdin.flush()
    lines: list[str] = []
    for line in shell.stdout:
        if line.endswith(f"{END}\n"):  # after what some program left without an end
            return "".join((*lines, line.removesuffix(f"{END}\n")))
        lines.append(line)
    raise AssertionError("".join(lines))


def in_order(lines: list[str], output: str) -> bool:
    """Whether each line is in the output, after the one before; `…` stands for any text."""
    rest = output.splitlines()
    for line in lines:
        pattern = re.compile(".*".join(map(re.escape, line.split("…"))))
        at = next((i for i, printed in enumerate(rest) if pattern.fullmatch(printed)), None)
        assert at is not None, (line, output)
        rest = rest[at + 1 :]
    return True
