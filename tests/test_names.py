"""Functions are named by a verb and a noun, not by a bare participle or preposition."""

from __future__ import annotations

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

# Rooms and names that are still to be renamed. Take an entry away with its rename; add none.
LEFT = """
audits/dataset.py hashed
audits/dataset.py taken
audits/holding.py ordered
audits/holding.py shown
audits/labels/against.py against
audits/labels/conflict.py _allowed
audits/labels/everywhere.py everywhere
audits/labels/imbalance.py _listed
audits/labels/inside.py _written
audits/labels/inside.py predicted
audits/labels/inside.py within
audits/labels/look.py listed
audits/labels/pool.py _looked
audits/labels/pool.py _stacked
audits/labels/slices.py _banded
audits/labels/slices.py _held
audits/labels/suspects.py suspected
audits/rows/duplicates.py _drawn
audits/rows/lookalikes.py narrowed
audits/shifts/rows.py taken
audits/shortcuts/scoring.py taken
audits/tables/misaligned.py _at
audits/tables/misaligned.py centred
audits/tables/moved.py exchanged
audits/tables/moved.py shuffled
audits/tokens/changes.py _marked
audits/tokens/collision.py _folded
audits/tokens/collision.py _shared
audits/tokens/ids.py _listed
audits/tokens/unknown.py _declared
audits/tokens/written_padding.py _framed
audits/tokens/written_padding.py _unnamed
audits/tokens/written_unknown.py _held
audits/tokens/written_unknown.py _named
core/errors.py said
core/results.py finished
data/rows.py stratified
data/tables.py counted
data/tables.py listed
execution/guarded.py _told
execution/guarded.py guarded
execution/probe_suites.py _imported
execution/probe_suites.py _made
execution/probing.py _trained
execution/probing.py told
execution/session.py _ended
execution/session.py _measured
execution/work.py _changed
execution/work.py _located
execution/worker.py _opened
models/importing.py imported
store/growing_arrays.py mapped
store/later_splits.py _stored
store/later_splits.py _tokenised
store/layout.py added
store/split_rows.py _decoded
store/study_document.py _stated
store/study_record.py _named
store/suite_rows.py encoded
store/suites.py _described
training/fitted.py _copied
training/fitted.py _joined
training/loop.py exhausted
training/placement.py placed
training/prediction_answers.py _agreed
training/prediction_answers.py _predicted
training/prediction_rows.py _matched
training/prediction_tables.py _misnamed
training/presenting.py _compared
training/presenting.py _softmaxed
training/presenting.py _tried
training/presenting.py presented
training/presenting.py probed
training/process.py isolated
verbs/again.py beside
verbs/again.py kept
verbs/answering.py _named
verbs/answering.py answered
verbs/run.py _failed
verbs/run.py _imported
verbs/run.py _told
"""


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
    left = {tuple(line.split()) for line in LEFT.strip().splitlines()}
    found = {
        (path.relative_to(SRC).as_posix(), name) for path in SRC.rglob("*.py") for name in find_bare(path.read_text())
    }
    assert sorted(found - left) == [], "name these functions by a verb and a noun, as in `resample_rows`"
    assert sorted(left - found) == [], "these are renamed: take them off LEFT"


def test_a_bare_name_is_found_wherever_a_function_stands() -> None:
    text = """
def told(): ...
def told_rows(): ...
def read(): ...
def _between():
    def made(): ...
class Table:
    kept = 1
    def of(self): ...
    def sorted(self): ...
    @property
    def closed(self): ...
    async def within(self): ...
if told:
    def of(): ...
"""
    assert [*find_bare(text)] == ["told", "_between", "made", "sorted", "within", "of"]
