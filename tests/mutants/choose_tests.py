"""Chooses the tests that could notice a mutant, the nearest and quickest first, for as long as is allowed."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from itertools import takewhile
from pathlib import Path

from tests.mutants.draw_sample import Mutant
from tests.mutants.rooms import PACKAGE
from tests.mutants.trace_tests import Trace


def choose_tests(mutant: Mutant, trace: Trace, importers: Iterable[Path], limit: float) -> tuple[list[str], bool]:
    """Tests in order, together of at most `limit` seconds, and whether any was left out for that.

    Inside a function: those that run the line. Outside, where a line runs once for all tests: those that run a line of
    the file or of a file that imports from it. Files of tests that lie where the mutant lies come first. Last come the
    other tests of the same files, because a fixture may have run the line for them.
    """
    touching = trace.lines.get(str(mutant.file), {}).get(mutant.line, set())
    if not mutant.in_function:
        touching = trace.reaching(mutant.file).union(*map(trace.reaching, importers))
    beside = {test for test in trace.seconds if _file(test) in set(map(_file, touching))} - touching
    spent: dict[str, float] = {}
    for test in touching:
        spent[_file(test)] = spent.get(_file(test), 0.0) + trace.seconds[test]

    def order(test: str) -> tuple[bool, int, float, str, float]:
        file = _file(test)
        return test in beside, -_nearness(mutant.file, file), spent[file], file, trace.seconds[test]

    chosen: list[str] = []
    left, cut = limit, False
    for test in sorted(touching | beside, key=order):
        if trace.seconds[test] > left:
            cut = cut or test in touching
        else:
            chosen.append(test)
            left -= trace.seconds[test]
    return chosen, cut


def find_importers(tree: Path, file: Path) -> list[Path]:
    """Files of the package that import from a file of it, relative to the tree."""
    module = ".".join(file.with_suffix("").relative_to(PACKAGE.parent).parts)
    return [
        other.relative_to(tree)
        for other in sorted((tree / PACKAGE).rglob("*.py"))
        if module in (text := other.read_text("utf-8")) and module in _imported(text)
    ]


def _imported(text: str) -> set[str]:
    return {node.module or "" for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)}


def _nearness(module: Path, tests: str) -> int:
    """How many folders of a module those of a file of tests share, and one more for its name."""
    inside, beside = module.relative_to(PACKAGE).parts, Path(tests).parts[1:]
    shared = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(inside, beside, strict=False))))
    return shared + (module.stem in Path(tests).stem)


def _file(test: str) -> str:
    return test.partition("::")[0]
