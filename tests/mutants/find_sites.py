"""Places of a module that can be mutated, and how: operators of Cosmic Ray, one change at a time."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators import (
    binary_operator_replacement,
    boolean_replacer,
    comparison_operator_replacement,
    unary_operator_replacement,
)

from tests.mutants.nudge_numbers import NudgeNumber

binary: Any = binary_operator_replacement  # these modules make their classes as they are imported
comparison: Any = comparison_operator_replacement
unary: Any = unary_operator_replacement

KINDS: dict[str, list[Any]] = {
    "number": [NudgeNumber],
    "comparison": [
        comparison.ReplaceComparisonOperator_Lt_LtE,
        comparison.ReplaceComparisonOperator_Lt_GtE,
        comparison.ReplaceComparisonOperator_LtE_Lt,
        comparison.ReplaceComparisonOperator_LtE_Gt,
        comparison.ReplaceComparisonOperator_Gt_GtE,
        comparison.ReplaceComparisonOperator_Gt_LtE,
        comparison.ReplaceComparisonOperator_GtE_Gt,
        comparison.ReplaceComparisonOperator_GtE_Lt,
        comparison.ReplaceComparisonOperator_Eq_NotEq,
        comparison.ReplaceComparisonOperator_NotEq_Eq,
        comparison.ReplaceComparisonOperator_Is_IsNot,
        comparison.ReplaceComparisonOperator_IsNot_Is,
    ],
    "arithmetic": [
        binary.ReplaceBinaryOperator_Add_Sub,
        binary.ReplaceBinaryOperator_Sub_Add,
        binary.ReplaceBinaryOperator_Mul_Div,
        binary.ReplaceBinaryOperator_Div_Mul,
        binary.ReplaceBinaryOperator_Pow_Mul,
        binary.ReplaceBinaryOperator_FloorDiv_Mul,
        binary.ReplaceBinaryOperator_Mod_Mul,
        binary.ReplaceBinaryOperator_BitAnd_BitOr,
        binary.ReplaceBinaryOperator_BitOr_BitAnd,
    ],
    "logic": [
        boolean_replacer.ReplaceAndWithOr,
        boolean_replacer.ReplaceOrWithAnd,
        boolean_replacer.ReplaceTrueWithFalse,
        boolean_replacer.ReplaceFalseWithTrue,
        boolean_replacer.AddNot,
        unary.ReplaceUnaryOperator_Delete_Not,
    ],
}
"""Operators by kind, one step each: a bound or its opposite, never another comparison at random."""
SHARES = {"constant": 0.25, "comparison": 0.25, "number": 0.25, "arithmetic": 0.125, "logic": 0.125}
"""The kinds of a sample and their shares: thresholds are constants, numbers outside functions, and comparisons."""


@dataclass(frozen=True)
class Site:
    """A place of a source: its kind, its line from 1, whether a function holds it, and ways to mutate it."""

    kind: str
    line: int
    column: int
    in_function: bool
    ways: tuple[tuple[Any, int], ...]


def find_sites(source: str) -> list[Site]:
    """Every place where a mutant may differ in what it does.

    Annotations, types joined outside functions, decorators and the guard of a zip do not."""
    tree = ast.parse(source)
    silent = [_span(node) for node in _silent_nodes(tree)]
    bodies = [_span(part) for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) for part in node.body]
    nodes = list(ast_nodes(get_ast(source)))
    found: dict[tuple[str, tuple[int, int]], list[tuple[Any, int]]] = {}
    for kind, operators in KINDS.items():
        for operator in operators:
            starts = [start for node in nodes for start, _ in operator().mutation_positions(node)]
            for occurrence, start in enumerate(starts):
                found.setdefault((kind, start), []).append((operator, occurrence))
    sites: list[Site] = []
    for (kind, start), ways in found.items():
        if not any(low <= start < high for low, high in silent):
            inside = any(low <= start < high for low, high in bodies)
            sites.append(Site(kind if inside or kind != "number" else "constant", *start, inside, tuple(ways)))
    joins = [operator for operator in KINDS["arithmetic"] if "BitOr" in operator.__name__]
    return sorted(
        (site for site in sites if site.in_function or site.ways[0][0] not in joins),
        key=lambda site: (site.line, site.column, site.kind),
    )


def mutate_source(source: str, way: tuple[Any, int]) -> str:
    """The source with one change."""
    operator, occurrence = way
    mutated = mutate_code(source, operator(), occurrence)
    assert mutated is not None
    return mutated


def _silent_nodes(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        annotations = [getattr(node, field, None) for field in ("annotation", "returns")]
        yield from (annotation for annotation in annotations if annotation is not None)
        yield from getattr(node, "decorator_list", [])
        if isinstance(node, ast.keyword) and node.arg == "strict":
            yield node.value


def _span(node: Any) -> tuple[tuple[int, int], tuple[int, int]]:
    return (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)
