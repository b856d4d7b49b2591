"""Writes the pages that are made from the code, or with --check says which are out of date."""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from gate.checks import CHECKS, registry
from gate.cli.app import COMMANDS, build
from gate.explain.codes import codes
from gate.explain.policy_pages import policy_page
from gate.explain.rule_pages import pages as lint_pages
from gate.explain.schema import policy_schema
from gate.manifests.positions.page import page as images_page
from gate.predicates.scanners.report import ScannerForm
from gate.predicates.scanners.reports import readers
from gate.predicates.scanners.unread import NAMED
from gate.reports import FORMATS

_PLAIN = ("admit", "check", "lint", "sign")
"""Commands that pipelines call for each release: most of their calls are read without typer."""
_PART = "<!-- {}, by make docs -->"
_END = "<!-- end -->"
ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))


def generated() -> dict[str, str]:
    """Return the text of each generated page, by its path below the repository's root."""
    schema = policy_schema()
    return {
        "docs/checks.md": _checks(),
        "docs/commands.md": _commands(),
        "docs/errors.md": _errors(),
        "docs/policy.schema.json": json.dumps(schema, indent=1, sort_keys=True) + "\n",
        "docs/policy.md": policy_page(schema),
        "docs/images.md": images_page(),
        "docs/security-cases.md": _security_cases(),
        "docs/assurance.md": _assurance(),
        "gate/cli/plain_options.py": _plain_options(),
        **lint_pages(),
        "README.md": _filled("README.md", "formats", _format_names()),
        "docs/reports.md": _filled("docs/reports.md", "formats", _table(_format_rows())),
        "docs/export.md": _filled("docs/export.md", "targets", _export_table()),
        "docs/evidence.md": _filled("docs/evidence.md", "scanners", _table(_scanner_rows())),
    }


def _export_table() -> str:
    from tests.builders.export_table import table  # noqa: PLC0415  # found from the root alone

    return table()


def _filled(page: str, name: str, part: str) -> str:
    """Return a page that people write, with the part between two marks as the code has it."""
    before, mark, rest = (ROOT / page).read_text().partition(_PART.format(name))
    _, end, after = rest.partition(_END)
    if not mark or not end:
        msg = f"{page}: write {_PART.format(name)} and {_END} where the list belongs"
        raise ValueError(msg)
    return before + mark + part + end + after


def _table(rows: Iterable[tuple[str, ...]]) -> str:
    head, *lines = rows
    lines = [head, tuple("---" for _ in head), *lines]
    return "\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _format_names() -> str:
    *names, last = (f"`{name}`" for name in FORMATS if name != "text")
    return f"{', '.join(names)} or {last}"


def _format_rows() -> Iterator[tuple[str, ...]]:
    yield ("format", "for", "a clean run", "bounds")
    for name, form in FORMATS.items():
        yield (f"`{name}`", form.readers, form.clean, form.bounds)


def _scanner_rows() -> Iterator[tuple[str, ...]]:
    yield ("embedded report", "findings", "its own time", "database time")
    for module in readers():
        form: ScannerForm = module.FORM
        yield (form.report, form.findings, form.time, form.database)
    yield ("the specification's own list of ids", "read", "none", "`scanner.db.lastUpdate`")
    named = ", ".join(sorted({name for name, _ in NAMED}))
    yield (f"other forms of {named}", "named", "none", "none")
    yield ("anything else", "no scan", "none", "none")


def _checks() -> str:
    docs = {registry.NAME: inspect.getdoc(registry) or ""}
    docs |= {name: check.doc for name, check in CHECKS.items()}
    parts = [f"## {name}\n\n{doc}\n" for name, doc in sorted(docs.items())]
    intro = (
        "# Checks\n\nMade from the docstrings in `gate/checks/` by `make docs`. The heading is the "
        "key in a policy's image entry; `registry` is asked by `registries.allow`. "
        "`gate schema` prints what each takes.\n\n"
    )
    return intro + "\n".join(parts)


def _commands() -> str:
    return (
        "# Commands\n\nMade from what `gate COMMAND --help` prints by `make docs`.\n\n"
        + "\n".join(f"## gate {name}\n\n{_help(name)}" for name in COMMANDS)
    )


def _help(name: str) -> str:
    command: Any = build(name)  # typer's own, whose types say less than it has
    rows = [
        (f"`{' '.join([*_called(parameter), *_value(parameter)])}`", parameter.help or "")
        for parameter in command.params
    ]
    table = _table([("argument or option", "what it is"), *rows]) if rows else ""
    return f"{command.help}\n{table}".replace("{", "&#123;")


def _called(parameter: Any) -> list[str]:  # noqa: ANN401  # typer's own, without public types
    return [o for o in parameter.opts if o.startswith("-")]


def _value(parameter: Any) -> list[str]:  # noqa: ANN401  # likewise
    return [parameter.metavar] if parameter.metavar else []


def _plain_options() -> str:
    """Return the module that says of some commands how each word of a call is read."""
    lines = [
        '"""What `gate.cli.plain_call` reads: options of commands, as typer is told of them.',
        "",
        "Made by `make docs`. By an option, or by nothing for an argument: the parameter of the",
        "command's function, and whether it is a flag, takes one value, is needed, or takes many.",
        '"""',
        "",
        "from __future__ import annotations",
        "",
        "from collections.abc import Mapping",
        "from typing import Final",
        "",
        "PLAIN_OPTIONS: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {",
    ]
    for name in _PLAIN:
        lines.append(f'    "{name}": {{')
        for parameter in build(name).params:
            takes = _takes(parameter)
            options = _called(parameter) or [""]
            lines += [f'        "{option}": ("{parameter.name}", "{takes}"),' for option in options]
        lines.append("    },")
    return "\n".join([*lines, "}"]) + "\n"


def _takes(parameter: Any) -> str:  # noqa: ANN401  # typer's own, without public types
    """Return what a parameter takes. Raises ValueError for one that a plain call cannot have."""
    flag, many = getattr(parameter, "is_flag", False), getattr(parameter, "multiple", False)
    text = type(parameter.type).__name__ == "StringParamType" and parameter.nargs in (1, -1)
    of_its_own = (
        *(parameter.envvar, parameter.callback, parameter.secondary_opts),
        *(getattr(parameter, name, None) for name in ("prompt", "count", "deprecated")),
    )
    if any(of_its_own) or not (flag or text):
        raise ValueError(f"{parameter.name}: no plain call has it; take its command out of _PLAIN")
    if flag:
        return "flag"
    if many or parameter.nargs == -1:
        return "many"
    return "needed" if parameter.required else "one"


def _errors() -> str:
    rows = [
        f"| `{code}` | {page.headline} {page.cause} | {page.remedy} |"
        for code, page in sorted(codes().items())
    ]
    intro = (
        "# Codes\n\nMade from the tables of codes in each room by `make docs`; "
        "`gate explain CODE` prints the same, with an example where there is one. "
        "The code of a lint rule's finding is the rule's name: [rules](rules/README.md).\n\n"
    )
    head = ["| code | what it means | what to do |", "| --- | --- | --- |"]
    return intro + "\n".join([*head, *rows]) + "\n"


def _security_cases() -> str:
    from tests.builders.security_cases import page  # noqa: PLC0415  # found from the root alone

    return page()


def _assurance() -> str:
    from tests.builders.assurance import page  # noqa: PLC0415  # found from the root alone

    return page()


def main() -> int:
    """Write the pages, or with --check return 1 where one differs from what is there."""
    check = sys.argv[1:] == ["--check"]
    stale = []
    for name, text in generated().items():
        path = ROOT / name
        if not path.exists() or path.read_text() != text:
            stale.append(name)
            if not check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
    if check and stale:
        sys.stderr.write(f"out of date, run `make docs`: {', '.join(stale)}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
