"""Packages that are imported in part."""

from __future__ import annotations

import importlib
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from gate.model.in_part import import_in_part


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the name of a package of two modules, which its own text imports both."""
    name = f"parted_{tmp_path.name.replace('-', '_')}"
    (folder := tmp_path / name).mkdir()
    (folder / "__init__.py").write_text(
        "from .used import ONE\nfrom .other import TWO\nWHOLE = [object()]\n"
    )
    (folder / "used.py").write_text("ONE = [1]\n")
    (folder / "other.py").write_text("TWO = [2]\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    return name


def in_part(package: str) -> Any:  # noqa: ANN401  # a module that is made here
    import_in_part(package, {f"{package}.used": ("ONE",)})
    return importlib.import_module(package)


def test_a_package_has_the_names_of_a_module_and_imports_no_other(package: str) -> None:
    assert in_part(package).ONE == [1]
    assert f"{package}.used" in sys.modules
    assert f"{package}.other" not in sys.modules


def test_another_name_imports_the_whole_and_changes_nothing_that_was_there(package: str) -> None:
    part = in_part(package)
    one = part.ONE
    assert part.TWO == [2]
    assert part.ONE is one
    assert importlib.import_module(package) is part
    assert importlib.import_module(f"{package}.other").TWO is part.TWO


def test_what_the_whole_does_not_have_either_is_no_attribute(package: str) -> None:
    part = in_part(package)
    assert not hasattr(part, "THREE")
    assert not hasattr(part, "THREE")
    assert len(part.WHOLE) == 1


def test_what_it_has_meanwhile_is_there_for_the_modules_alone(package: str, tmp_path: Path) -> None:
    (tmp_path / package / "used.py").write_text(f"import {package}\nONE = {package}.given\n")
    import_in_part(package, {f"{package}.used": ("ONE",)}, meanwhile={"given": [7]})
    part = importlib.import_module(package)
    assert part.ONE == [7]
    assert not hasattr(part, "given")


@pytest.mark.parametrize("names", [{"nowhere": ()}, {"used": ("NOTHING",)}])
def test_a_package_that_has_other_modules_is_imported_as_a_whole(
    package: str, names: dict[str, tuple[str, ...]]
) -> None:
    import_in_part(package, {f"{package}.{module}": found for module, found in names.items()})
    assert package not in sys.modules
    assert importlib.import_module(package).TWO == [2]


def test_a_package_that_is_there_or_that_nobody_has_is_left_as_it_is(package: str) -> None:
    whole = importlib.import_module(package)
    import_in_part(package, {f"{package}.used": ("ONE",)})
    assert sys.modules[package] is whole
    import_in_part("no_package_of_this_name", {})
    assert "no_package_of_this_name" not in sys.modules


def test_threads_that_ask_at_once_all_get_the_whole(package: str) -> None:
    part, found, begin = in_part(package), [], threading.Barrier(8)

    def ask() -> None:
        begin.wait()
        found.append((part.TWO, part.WHOLE))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(one[0] is part.TWO and one[1] is part.WHOLE for one in found)
    assert len(found) == 8
