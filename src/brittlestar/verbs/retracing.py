"""What tracing found in a record's study, traced again from the settings, data and code in it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from brittlestar.core.tracing import Traced
from brittlestar.data.opening import is_withheld
from brittlestar.execution.describing import describe_worker
from brittlestar.execution.environment import environment_class, usable_cores
from brittlestar.execution.jobs import Site, Watcher, make_absolute
from brittlestar.records.gathering import CODE
from brittlestar.records.outcomes import Checked
from brittlestar.store.cell_outputs import read_environment
from brittlestar.store.tracing_document import read_trace
from brittlestar.verbs.read_files import locate_table
from brittlestar.verbs.recomputing import RETRACED, allow_for_version
from brittlestar.verbs.trace import STAGE, trace_run
from brittlestar.verbs.trace_bench import RepeatBench
from brittlestar.verbs.unpacked import NO_DATA, Unpacked


def retrace(record: Unpacked, watcher: Watcher) -> Iterator[Checked]:
    """Whether tracing main's first run again sees the same; nothing where nobody traced it. What is around a run may do
    other things on another machine: there it cannot be told."""
    tracing = read_trace(record.store, record.cells[0].hash)
    if tracing is None:
        return
    cell = locate_table(record.cells[0], record.document.get("file_digests", {}), record.folder)
    if is_withheld(record.store.data) or cell is None:
        yield Checked(RETRACED, "cannot-tell", (NO_DATA,))
        return
    if cell.settings["model"]["own"] is not None and not record.trusted:
        yield Checked(RETRACED, "cannot-tell", ("own code is run with --trust-code: read code/ first",))
        return
    site = make_absolute(Site(str(record.store.root), str(record.folder / CODE), str(record.folder)))
    bench = RepeatBench(site, tracing.rows, usable_cores(), partial(watcher.on_stage, STAGE))
    again = {(one.kind, one.name): one for one in trace_run(bench, record.store, record.reading.record, cell)}
    here = environment_class(describe_worker(), cell.settings["training"]["device"])
    same_class = here == read_environment(record.store, cell.hash)
    differing = [*_compare(tracing.traced, again)]
    told = tuple(words for _, words in differing)
    sure = any(same_class or kind == "setting" for kind, _ in differing)
    found = Checked(RETRACED, "identical" if not differing else "differs" if sure else "cannot-tell", told)
    yield allow_for_version(found, str(record.about.get("brittlestar")))


def _compare(traced: tuple[Traced, ...], again: dict[tuple[str, str], Traced]) -> Iterator[tuple[str, str]]:
    """(kind, words) of what is seen otherwise; what cannot be told now, or could not, differs from nothing."""
    stored = {(one.kind, one.name): one for one in traced}
    for key in sorted({*stored, *again}):
        before, after = stored.get(key), again.get(key)
        said = [_say(before), _say(after)]
        if said[0] != said[1] and not (before and after and "cannot-tell" in (before.effect, after.effect)):
            yield key[0], f"{key[1]}: the record says that it {said[0]}; traced again, it {said[1]}"


def _say(one: Traced | None) -> str:
    words = {"changes": "changes the run", "none": "changes nothing", "cannot-tell": "cannot be told"}
    return "was not traced" if one is None else words[one.effect]
