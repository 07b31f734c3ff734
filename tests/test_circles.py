"""No module needs, by way of others, itself: whoever reads one can stop at what it imports."""

import grimp
import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


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


def test_no_module_imports_itself_by_way_of_others() -> None:
    assert find_circles("brittlestar") == []
