"""No module needs, by way of others, itself: whoever reads one can stop at what it imports."""

from __future__ import annotations

import grimp
import pytest

AUDIT_MATERIAL = "brittlestar.audits.material"
"""What checks read and what is derived from it still ask each other: one circle, known and to be cut."""


def find_circles(package: str) -> list[set[str]]:
    """Sets of modules that import each other, directly or by way of others, imports for types included."""
    graph = grimp.build_graph(package)
    imported = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    circles: list[set[str]] = []
    for module in sorted(graph.modules):
        if any(module in circle for circle in circles):
            continue
        below = _reach(module, imported)
        circle = {other for other in below if module in _reach(other, imported)} if module in below else set[str]()
        if circle:
            circles.append(circle)
    return circles


def _reach(module: str, imported: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = [module]
    while waiting:
        new = imported.get(waiting.pop(), set()) - seen
        seen |= new
        waiting.extend(new)
    return seen


@pytest.mark.slow
def test_modules_import_each_other_in_no_circle_but_one() -> None:
    (known,) = find_circles("brittlestar")
    assert AUDIT_MATERIAL in known and all(module.startswith("brittlestar.audits.") for module in known)
