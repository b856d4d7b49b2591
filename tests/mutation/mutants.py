"""What is broken: each mutant is one function of gate with one condition, number or step changed.

For example `if len(found) != 1: raise …` gives `if len(found) == 1`, `if True`, `if False`,
`!= 2`, and the same without its `raise`. Texts of messages, annotations and docstrings are left
as they are: nobody is cleared by them.
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any, Final

Function = ast.FunctionDef | ast.AsyncFunctionDef
Change = tuple[str, Callable[[ast.AST], ast.AST | None]]
"""What is done, and the function that does it to a copy of the node; None takes it out."""

_OPPOSITE: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_OTHER: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_TWIN: Final = {"all": "any", "any": "all", "min": "max", "max": "min"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one function."""

    path: Path
    function: str
    """Its qualified name, as `_Writer.close`."""
    starts: int
    """The line on which the function starts, with its decorators."""
    line: int
    change: str
    """What is done, as `== for !=`."""
    place: tuple[int, int]
    """Which node of the module in the order of a walk, and which of its changes."""
    time: int
    """Which of the changes of its function that are called the same, from one."""

    @property
    def key(self) -> str:
        """Return it without its line, as `gate/trust/sct.py verify: True for the condition (2)`."""
        again = f" ({self.time})" if self.time > 1 else ""
        return f"{self.path} {self.function}: {self.change}{again}"

    def __str__(self) -> str:
        """Return it as `gate/trust/sct.py:41 verify: True for the condition`."""
        return f"{self.path}:{self.line} {self.function}: {self.change}"


def mutants(path: Path) -> list[Mutant]:
    """Return every mutant of a module's functions, in the order of the file."""
    tree = ast.parse(path.read_text())
    nodes = {id(node): place for place, node in enumerate(ast.walk(tree))}
    found = []
    for name, function in _functions(tree, ""):
        times: Counter[str] = Counter()
        for node in _inside(function):
            for number, (change, _) in enumerate(_changes(node)):
                times[change] += 1
                place = nodes[id(node)], number
                starts = _first(function)
                found.append(Mutant(path, name, starts, node.lineno, change, place, times[change]))
    return found


def compiled(mutant: Mutant) -> CodeType:
    """Return the code of the mutant's function. Raises LookupError where it has gone."""
    tree = ast.parse(mutant.path.read_text())
    at, number = mutant.place
    target = next(node for place, node in enumerate(ast.walk(tree)) if place == at)
    changed = _changes(target)[number][1](copy.deepcopy(target))
    _Put(target, changed).visit(tree)
    return _find(
        compile(ast.fix_missing_locations(tree), str(mutant.path), "exec"),
        mutant.function,
        mutant.starts,
    )


def _find(code: CodeType, name: str, starts: int) -> CodeType:
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            if inner.co_qualname == name and inner.co_firstlineno == starts:
                return inner
            if name.startswith(f"{inner.co_qualname}."):
                return _find(inner, name, starts)
    raise LookupError(name)


class _Put(ast.NodeTransformer):
    """Puts a node in the place of another."""

    def __init__(self, target: ast.AST, changed: ast.AST | None) -> None:
        self._target, self._changed = target, changed

    def visit(self, node: ast.AST) -> ast.AST | None:
        if node is self._target:
            return ast.copy_location(self._changed, node) if self._changed else None
        result: ast.AST = self.generic_visit(node)
        return result


def _first(function: Function) -> int:
    return min([function.lineno, *(one.lineno for one in function.decorator_list)])


def _functions(tree: ast.AST, above: str) -> Iterator[tuple[str, Function]]:
    """Yield the functions of a module and of its classes; those inside them belong to them."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Function):
            yield above + node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node, f"{above}{node.name}.")
        elif isinstance(node, ast.If | ast.Try):
            yield from _functions(node, above)


def _inside(function: Function) -> Iterator[ast.expr | ast.stmt]:
    """Yield the nodes whose change can change what the function does."""
    todo: list[ast.AST] = list(reversed(function.body))
    alone: set[int] = set()
    while todo:
        node = todo.pop()
        if isinstance(node, ast.expr | ast.stmt) and not _is_text(node) and id(node) not in alone:
            yield node
        if isinstance(node, ast.If) and not node.orelse:
            alone.update(
                id(last) for last in node.body[-1:] if isinstance(last, ast.Raise)
            )  # to take it out is what `False for …` does
        children = list(ast.iter_child_nodes(node))
        if isinstance(node, ast.AnnAssign):
            children = [one for one in (node.target, node.value) if one]
        elif isinstance(node, ast.Raise | ast.JoinedStr | ast.Assign) and _is_message(node):
            children = []
        elif isinstance(node, Function):
            children = list(node.body)
        todo.extend(reversed(children))


def _is_text(node: ast.expr | ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_message(node: ast.Raise | ast.JoinedStr | ast.Assign) -> bool:
    target = node.targets[0] if isinstance(node, ast.Assign) else None
    return target is None or (isinstance(target, ast.Name) and target.id in {"msg", "message"})


def _changes(node: ast.AST) -> list[Change]:
    """Return what can be done to a node, in a fixed order."""
    kind = type(node)
    return [*_BY_KIND[kind](node)] if kind in _BY_KIND else []


def _unary(node: ast.UnaryOp) -> list[Change]:
    operand, op = node.operand, type(node.op)
    names = {ast.Not: "no `not`", ast.USub: "no minus"}
    return [(names[op], lambda _: operand)] if op in names else []


def _constant(node: ast.Constant) -> list[Change]:
    value = node.value
    if isinstance(value, bool):
        return [(f"{not value} for {value}", lambda _: ast.Constant(not value))]
    if isinstance(value, int):
        return [(f"{value + 1} for {value}", lambda _: ast.Constant(value + 1))]
    return []


def _binary(node: ast.BinOp) -> list[Change]:
    other = _OTHER.get(type(node.op))
    if other is None:
        return []

    def change(copied: ast.AST) -> ast.AST:
        assert isinstance(copied, ast.BinOp)
        copied.op = other()
        return copied

    return [(f"{other.__name__} for {type(node.op).__name__}", change)]


def _call(node: ast.Call) -> list[Change]:
    name = node.func.id if isinstance(node.func, ast.Name) else ""

    def change(copied: ast.AST) -> ast.AST:
        assert isinstance(copied, ast.Call)
        copied.func = ast.Name(_TWIN[name], ast.Load())
        return copied

    return [(f"{_TWIN[name]} for {name}", change)] if name in _TWIN else []


def _statement(node: ast.stmt) -> list[Change]:
    """Return that the statement is taken out; a call whose result nobody reads is one."""
    if isinstance(node, ast.Expr) and not isinstance(node.value, ast.Call | ast.Await):
        return []
    name = "call" if isinstance(node, ast.Expr) else type(node).__name__.lower()
    return [(f"no {name}", lambda _: ast.Pass())]


def _compared(node: ast.Compare) -> list[Change]:
    def swap(place: int) -> Callable[[ast.AST], ast.AST]:
        def change(copied: ast.AST) -> ast.AST:
            assert isinstance(copied, ast.Compare)
            copied.ops[place] = _OPPOSITE[type(copied.ops[place])]()
            return copied

        return change

    def named(op: ast.cmpop) -> str:
        return f"{_OPPOSITE[type(op)].__name__} for {type(op).__name__}"

    return [(named(op), swap(place)) for place, op in enumerate(node.ops)]


def _texts(node: ast.Compare) -> list[Change]:
    """Return the changes that compare with another text than the one that is written."""

    def other(place: int, text: str) -> Callable[[ast.AST], ast.AST]:
        def change(copied: ast.AST) -> ast.AST:
            assert isinstance(copied, ast.Compare)
            copied.comparators[place] = ast.Constant(text + "?")
            return copied

        return change

    return [
        (f"another text for {side.value!r}", other(place, side.value))
        for place, side in enumerate(node.comparators)
        if isinstance(side, ast.Constant) and isinstance(side.value, str) and side.value
    ]


def _joined(node: ast.BoolOp) -> list[Change]:
    other = "or for and" if isinstance(node.op, ast.And) else "and for or"

    def swap(copied: ast.AST) -> ast.AST:
        assert isinstance(copied, ast.BoolOp)
        copied.op = ast.Or() if isinstance(copied.op, ast.And) else ast.And()
        return copied

    def without(place: int) -> Callable[[ast.AST], ast.AST]:
        def change(copied: ast.AST) -> ast.AST:
            assert isinstance(copied, ast.BoolOp)
            del copied.values[place]
            return copied if len(copied.values) > 1 else copied.values[0]

        return change

    parts = [(f"no `{ast.unparse(v)}`", without(i)) for i, v in enumerate(node.values)]
    return [(other, swap), *parts]


def _conditions(node: ast.If | ast.IfExp | ast.While) -> list[Change]:
    def put(value: bool) -> Callable[[ast.AST], ast.AST]:  # noqa: FBT001  # the value itself
        def change(copied: ast.AST) -> ast.AST:
            assert isinstance(copied, ast.If | ast.IfExp | ast.While)
            copied.test = ast.Constant(value)
            return copied

        return change

    values = (False,) if isinstance(node, ast.While) else (True, False)
    return [(f"{value} for `{ast.unparse(node.test)}`", put(value)) for value in values]


def _filters(node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> list[Change]:
    def without(part: int, place: int) -> Callable[[ast.AST], ast.AST]:
        def change(copied: ast.AST) -> ast.AST:
            assert isinstance(copied, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp)
            del copied.generators[part].ifs[place]
            return copied

        return change

    return [
        (f"no `if {ast.unparse(test)}`", without(part, place))
        for part, generator in enumerate(node.generators)
        for place, test in enumerate(generator.ifs)
    ]


def _cases(node: ast.Match) -> list[Change]:
    def without(place: int) -> Callable[[ast.AST], ast.AST]:
        def change(copied: ast.AST) -> ast.AST:
            assert isinstance(copied, ast.Match)
            del copied.cases[place]
            return copied if copied.cases else ast.Pass()

        return change

    def unguarded(place: int) -> Callable[[ast.AST], ast.AST]:
        def change(copied: ast.AST) -> ast.AST:
            assert isinstance(copied, ast.Match)
            copied.cases[place].guard = None
            return copied

        return change

    gone: list[Change] = [
        (f"no `case {ast.unparse(case.pattern)}`", without(i))
        for i, case in enumerate(node.cases)
        if "assert_never" not in ast.unparse(case)
    ]
    guards: list[Change] = [
        (f"no `if {ast.unparse(case.guard)}`", unguarded(i))
        for i, case in enumerate(node.cases)
        if case.guard and case.guard is not node.cases[-1].guard
    ]
    return gone + guards


_BY_KIND: Final[dict[type[ast.AST], Callable[[Any], list[Change]]]] = {
    ast.Compare: lambda node: [*_compared(node), *_texts(node)],
    ast.BoolOp: _joined,
    ast.UnaryOp: _unary,
    ast.BinOp: _binary,
    ast.Constant: _constant,
    ast.Call: _call,
    ast.Match: _cases,
    **dict.fromkeys((ast.If, ast.IfExp, ast.While), _conditions),
    **dict.fromkeys((ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp), _filters),
    **dict.fromkeys((ast.Expr, ast.Raise, ast.Continue, ast.Break, ast.AugAssign), _statement),
}
