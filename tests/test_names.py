"""Functions are named by a verb and a noun, not by a bare participle or preposition."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import brittlestar

SRC = Path(brittlestar.__file__).parent
PARTICIPLES = (
    "built drawn found given gone held kept known left made put read said seen sent set shown split cut taken told "
    "worth written"
)
PREPOSITIONS = (
    "across again against alike alone along among anywhere apart as at behind beside between by everywhere from here "
    "in inside like near of on outside over there together under until with within without"
)
BARE = {*PARTICIPLES.split(), *PREPOSITIONS.split()}
VERBS = {"cut", "embed", "exceed", "feed", "need", "put", "read", "seed", "set", "split"}  # imperatives as they stand
OF_RECORDS = {"at", "of", "on"}  # methods that read as one phrase with their record: `Table.of(frame)`


def is_bare(name: str) -> bool:
    """Whether a name, without leading underscores, is one participle or preposition and nothing else."""
    word = name.strip("_")
    return word not in VERBS and (word in BARE or re.fullmatch(r"[a-z]+ed", word) is not None)


def find_bare(text: str) -> Iterator[str]:
    """Names of functions and methods, nested ones too, that are bare. Properties are nouns or adjectives."""

    def walk(node: ast.AST, in_class: bool) -> Iterator[str]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                is_property = any("property" in ast.unparse(one) for one in child.decorator_list)
                if is_bare(child.name) and not is_property and not (in_class and child.name in OF_RECORDS):
                    yield child.name
            yield from walk(child, isinstance(child, ast.ClassDef))

    return walk(ast.parse(text), False)


def test_functions_are_named_by_a_verb_and_a_noun() -> None:
    found = {
        (path.relative_to(SRC).as_posix(), name) for path in SRC.rglob("*.py") for name in find_bare(path.read_text())
    }
    assert sorted(found) == [], "name these functions by a verb and a noun, as in `resample_rows`"
