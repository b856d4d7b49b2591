"""Write the vectors: `python -m tests.vectors`."""

from __future__ import annotations

from pathlib import Path

from tests.vectors.make import made

FOLDER = Path(__file__).parent

if __name__ == "__main__":
    for old in (*FOLDER.glob("*.json"), *FOLDER.glob("roots/*.json")):
        old.unlink()
    for name, content in made().items():
        (FOLDER / name).parent.mkdir(exist_ok=True)
        (FOLDER / name).write_bytes(content)
    print(f"{len(made())} files")
