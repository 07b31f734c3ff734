"""No module needs, by way of others, itself: whoever reads one can stop at what it imports."""

from __future__ import annotations

import grimp
import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

AUDIT_MATERIAL = "brittlestar.audits.material"
"""What checks read and what is derived from it still ask each other: one circle, known and to be cut."""


def find_circles(package: str) -> list[set[str]]:
    """Sets of modules that import each other, directly or by way of others, imports for types included."""
    graph = grimp.build_graph(package)
    modules = sorted(graph.modules)
    place = {module: number for number, module in enumerate(modules)}
    pairs = [(place[one], place[other]) for one in modules for other in graph.find_modules_directly_imported_by(one)]
    rows, columns = zip(*pairs, strict=True)
    imports = coo_array((np.ones(len(pairs)), (rows, columns)), shape=(len(modules), len(modules)))
    _, component = connected_components(imports, connection="strong")
    groups: dict[int, set[str]] = {}
    for module, number in zip(modules, component.tolist(), strict=True):
        groups.setdefault(number, set()).add(module)
    return [group for group in groups.values() if len(group) > 1]


@pytest.mark.slow
def test_modules_import_each_other_in_no_circle_but_one() -> None:
    (known,) = find_circles("brittlestar")
    assert AUDIT_MATERIAL in known and all(module.startswith("brittlestar.audits.") for module in known)
