"""libyaml's parser, which is imported without the rest of PyYAML. A process each."""

from __future__ import annotations

import subprocess
import sys

import pytest

from gate.documents.libyaml import _raising


def said(program: str) -> str:
    done = subprocess.run(  # noqa: S603  # our own interpreter on our own text
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout


def test_the_parser_is_imported_and_nothing_else_of_pyyaml() -> None:
    program = (
        "import sys, gate.documents.libyaml\n"
        "print(*sorted(name for name in sys.modules if name.startswith('yaml')))"
    )
    assert said(program).split() == [
        *("yaml", "yaml._yaml", "yaml.error", "yaml.events", "yaml.nodes", "yaml.tokens"),
    ]


def test_pyyaml_is_whole_for_who_asks_for_more() -> None:
    program = (
        "import gate.documents.libyaml\n"
        "import yaml\n"
        "from yaml import dump\n"
        "print(yaml.safe_load('a: [1]'), dump([1]).strip(), yaml.__with_libyaml__)\n"
        "print(yaml.error.YAMLError is gate.documents.libyaml.YAMLError, hasattr(yaml, 'none'))"
    )
    assert said(program).splitlines() == ["{'a': [1]} - 1 True", "True False"]


def test_each_module_of_an_error_has_its_class_until_pyyaml_is_whole() -> None:
    made = {
        name: [kind for kind in vars(module) if kind[0] != "_"]
        for name, module in _raising().items()
    }
    assert made["scanner"] == ["ScannerError"]
    assert made["parser"] == ["ParserError"]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (r"'a: \x01'", "yaml.reader.ReaderError"),
        (r"'a: \"b'", "yaml.scanner.ScannerError"),
        (r"'a: ['", "yaml.parser.ParserError"),
    ],
)
def test_an_error_of_libyaml_is_of_the_class_that_pyyaml_has_for_it(text: str, error: str) -> None:
    program = (
        "from gate.documents.libyaml import CParser, StreamEndEvent, YAMLError\n"
        f"parser = CParser({text})\n"
        "try:\n"
        "    while not isinstance(parser.get_event(), StreamEndEvent):\n        pass\n"
        "except YAMLError as found:\n"
        "    import yaml\n"
        f"    print(type(found) is {error}, len(str(found)) > 20)\n"
    )
    assert said(program).split() == ["True", "True"]
