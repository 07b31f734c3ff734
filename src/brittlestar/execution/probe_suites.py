"""The suite of a study: made once from the rows in its store, kept beside them, and read again by every worker."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from brittlestar.core.errors import InputError, StoreError
from brittlestar.core.files import write_whole
from brittlestar.core.hashing import digest, pretty_json
from brittlestar.core.probing import Condition
from brittlestar.core.seeds import generator
from brittlestar.core.splits import UNKNOWN_ID, EncodedData
from brittlestar.data.opening import open_data
from brittlestar.data.rows import stratified
from brittlestar.data.spr.grammar import parse_rule
from brittlestar.data.spr.symbols import TOKENS
from brittlestar.execution.cell_folder import damage, place_folder, stands
from brittlestar.execution.layout import Store, write_failure
from brittlestar.execution.probe_pairs import pairs_digest, read_pairs
from brittlestar.models.importing import imported
from brittlestar.probes.default import chosen_extras, chosen_probes
from brittlestar.probes.probe import Probe
from brittlestar.probes.relabelling import by_function, by_rule
from brittlestar.probes.suite import Suite, build_suite
from brittlestar.probes.task import Relabel, Task, telling_positions
from brittlestar.probes.token_rows import TokenRows
from brittlestar.study.settings import ProbeSettings

SUITE_FORMAT = 1
CURRENT = "current.json"
MOST_ROWS = 50_000
"""A suite has no more rows of a split than this, asked for or not: all its conditions are held in memory once."""
LEAST_AGREEMENT = 0.6
FEWEST = 10
"""A rule that gives a smaller share of the file's labels, of so many rows or more, is not the rule of these data."""
LEAST_KNOWN = 0.5
"""A rule of the founding task says nothing about data of which fewer tokens than this are its own."""


@dataclass(frozen=True)
class StoredSuite:
    """A suite as it stands in a store. `tokens` int32 are ids of its rows under the study's vocabulary."""

    id: str
    suite: Suite
    tokens: np.ndarray
    of: int
    rule: str | None
    agreement: float | None


def prepare_suite(store: Store, settings: ProbeSettings, factors: str | None, search_path: Path) -> StoredSuite | None:
    """The suite that `settings` ask for, as the one that the study's report reads from now on; None where there is
    nothing to probe. Raises InputError, StoreError."""
    made = make_suite(store, settings, factors, search_path)
    if made is not None:
        try:
            write_whole(store.probes / CURRENT, pretty_json({"suite": made.id}))
        except OSError as error:
            raise write_failure(error, store.root) from error
    return made


def make_suite(store: Store, settings: ProbeSettings, factors: str | None, search_path: Path) -> StoredSuite | None:
    """The suite that `settings` ask for, made if the store lacks it; None where there is nothing to probe: no suite
    asked for, or no evaluation split with rows. Raises InputError for settings that do not fit the data."""
    if settings.suite == "none":
        return None
    data = open_data(store.data)
    split = _split(data, settings)
    if split is None:
        return None
    rule = None if settings.rule is None else parse_rule(settings.rule)
    told = str(rule) if rule is not None else settings.relabel
    identity = {
        "format": SUITE_FORMAT,
        "settings": settings.model_dump(mode="json", exclude={"pairs"}),
        "split": data.splits[split].fingerprint,
        "train": data.splits["train"].fingerprint,
        "factors": factors,
        "own": [
            _own_digest(reference, search_path, key)
            for key, references in (("own", settings.own), ("relabel", (settings.relabel,)))
            for reference in references
            if reference
        ],
        "pairs": None if settings.pairs is None else pairs_digest(settings.pairs),
    }
    name = digest(identity)[:12]
    folder = store.probes / name
    if not stands(folder) or damage(folder):
        suite, of, agreement = _build(store, data, split, settings, factors, search_path)
        if stands(folder):
            raise StoreError(
                f"the suite {name} is damaged", str(folder), "remove this folder and give the command again"
            )
        _write(folder, suite, data, of, told, agreement)
    return read_suite(store, name)


def current_suite(store: Store) -> StoredSuite | None:
    """The suite that was asked for last, None where none was."""
    try:
        name = json.loads((store.probes / CURRENT).read_bytes())["suite"]
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        again = "give the command that probed the study again"
        raise StoreError(f"it cannot be read ({error})", str(store.probes / CURRENT), again) from error
    return read_suite(store, name)


def read_suite(store: Store, name: str) -> StoredSuite:
    """A suite by its name. Raises StoreError where its folder is damaged."""
    import polars as pl

    folder = store.probes / name
    wrong = damage(folder)
    if wrong:
        again = "remove this folder and run the study again"
        raise StoreError(f"the suite {name} is damaged: {', '.join(wrong)}", str(folder), again)
    about = json.loads((folder / "suite.json").read_bytes())
    pairs = pl.read_parquet(folder / "conditions.parquet")
    conditions: list[Condition] = []
    for number, fields in enumerate(about["conditions"]):
        own = pairs.filter(pl.col("condition") == number)
        weights = own["weight"].to_numpy() if fields["weighted"] else None
        columns = [own[name].to_numpy() for name in ("before", "after", "label_before", "label_after")]
        texts: dict[str, Any] = {key: fields[key] for key in ("probe", "strength", "unit", "about", "expectation")}
        conditions.append(Condition(**texts, **dict(zip(_ARRAYS, columns, strict=True)), weights=weights))
    rows = TokenRows(tuple(about["lexicon"]), np.load(folder / "codes.npy"), np.load(folder / "offsets.npy"))
    sample = np.load(folder / "sample.npy")
    suite = Suite(about["split"], sample, rows, tuple(conditions), tuple(about["notes"]))
    return StoredSuite(name, suite, np.load(folder / "tokens.npy"), about["of"], about["rule"], about["agreement"])


_ARRAYS = ("before", "after", "labels_before", "labels_after")


def _split(data: EncodedData, settings: ProbeSettings) -> str | None:
    if settings.split is not None:
        if settings.split not in data.splits or settings.split == "train":
            there = ", ".join(name for name in data.splits if name != "train") or "none"
            raise InputError(f"'{settings.split}' is no evaluation split", "probes.split", f"there are {there}")
        if not data.splits[settings.split].n_rows:
            raise InputError(f"'{settings.split}' has no rows", "probes.split", "name another split, or none")
        return settings.split
    return next((name for name in ("test", "dev") if name in data.splits and data.splits[name].n_rows), None)


def _build(
    store: Store, data: EncodedData, split: str, settings: ProbeSettings, factors: str | None, search_path: Path
) -> tuple[Suite, int, float | None]:
    train = _rows(store.data / "train")
    task = Task(
        _frequency(train),
        int(train.lengths.max(initial=0)),
        telling_positions(train, np.asarray(data.splits["train"].labels)),
        factors,
        _relabel(settings, data.classes, search_path),
    )
    if settings.rule is not None:
        _known_tokens(train)
    labels = np.asarray(data.splits[split].labels)
    sample = np.arange(len(labels))
    most = min(settings.rows or MOST_ROWS, MOST_ROWS)
    if most < len(labels):
        sample = np.sort(stratified(labels, most, generator(0, "probe", "rows", split)))
    rows = _rows(store.data / split).rows(sample)
    probes = chosen_probes(
        task,
        only=settings.only,
        skip=settings.skip,
        strengths=settings.strengths,
        expect=settings.expect,
        own=[_own(reference, search_path) for reference in settings.own],
    )
    contrasts = [] if settings.pairs is None else [read_pairs(settings.pairs, data.classes)]
    rule = None if settings.rule is None else parse_rule(settings.rule)
    agreement = _agreement(task, rows, labels[sample], settings)
    extras = chosen_extras(settings.only, settings.skip)
    suite = build_suite(
        split, sample, rows, labels[sample], task, probes, rule=rule, contrasts=contrasts, extras=extras
    )
    return suite, len(labels), agreement


def _known_tokens(train: TokenRows) -> None:
    """Raises InputError where most tokens are none of the founding task: no rule is about them."""
    known = np.fromiter((token in TOKENS for token in train.lexicon), np.bool_, len(train.lexicon))
    share = float(known[train.codes].mean()) if len(train.codes) else 1.0
    if share < LEAST_KNOWN:
        what = f"{100 * share:.1f} % of train's tokens are tokens that such a rule is about"
        raise InputError(what, "probes.rule", f"leave it out; a token is one of {' '.join(TOKENS[:5])} and so on")


def _agreement(task: Task, rows: TokenRows, labels: np.ndarray, settings: ProbeSettings) -> float | None:
    """The share of rows with two known labels whose label is that of the rule, None where there are none. Raises
    InputError where it is no rule of these data."""
    if task.relabel is None or rows.n_rows == 0:
        return None
    found = task.relabel(rows)
    both = (found >= 0) & (labels >= 0)
    where = "probes.rule" if settings.rule is not None else "probes.relabel"
    if (labels >= 0).sum() >= FEWEST and not both.any():
        hint = "return labels as the file has them, as text"
        raise InputError(f"it gives none of {rows.n_rows:,} rows a label that train has", where, hint)
    if not both.any():
        return None
    same = float((found == labels)[both].mean())
    if same < LEAST_AGREEMENT and both.sum() >= FEWEST:
        what = f"it gives {100 * same:.1f} % of {int(both.sum()):,} rows the label that they have in the file"
        raise InputError(what, where, "this is not the rule of these data; leave it out, or mend it")
    return same


def _relabel(settings: ProbeSettings, classes: Sequence[str], search_path: Path) -> Relabel | None:
    if settings.rule is not None and settings.relabel is not None:
        raise InputError("a rule and a function that relabels are given", "probes", "leave one of the two out")
    if settings.rule is not None:
        return by_rule(parse_rule(settings.rule), classes)
    if settings.relabel is None:
        return None
    return by_function(_imported(settings.relabel, search_path, "relabel"), classes, settings.relabel)


def _imported(reference: str, search_path: Path, key: str) -> Any:
    """What a reference names; what is wrong with it is told of the setting `probes.KEY`."""
    where = f"probes.{key}"
    try:
        return imported(reference, search_path, where)
    except InputError as error:
        told = [replace(one, where=where) if one.where == "model.own" else one for one in error.problems]
        raise InputError(told) from error


def _own(reference: str, search_path: Path) -> Probe:
    found = _imported(reference, search_path, "own")
    if not isinstance(found, Probe):
        hint = "make one with brittlestar.own_probe(name, unit=…, strengths=…, expectation=…)"
        raise InputError(f"{reference} is no probe: it is a {type(found).__name__}", "probes.own", hint)
    return found


def _own_digest(reference: str, search_path: Path, key: str) -> str:
    from brittlestar.models.source import source_digest, source_files

    _imported(reference, search_path, key)
    return source_digest(*source_files(sys.modules[reference.partition(":")[0]]))


def _rows(folder: Path) -> TokenRows:
    """The rows of a stored split with the tokens as they were written."""
    import polars as pl

    frame = pl.read_parquet(folder / "rows.parquet", columns=["tokens", "length"])
    flat = frame.filter(pl.col("length") > 0)["tokens"].explode()
    lexicon = flat.unique().sort() if len(flat) else pl.Series("tokens", [], dtype=pl.String)
    codes = flat.cast(pl.Enum(lexicon)).to_physical().cast(pl.Int32).to_numpy() if len(flat) else np.zeros(0, np.int32)
    offsets = np.concatenate([[0], np.cumsum(frame["length"].to_numpy())]).astype(np.int64)
    return TokenRows(tuple(lexicon.to_list()), codes.astype(np.int32), offsets)


def _frequency(rows: TokenRows) -> Mapping[str, int]:
    counts = np.bincount(rows.codes, minlength=len(rows.lexicon)).tolist()
    return dict(zip(rows.lexicon, counts, strict=True))


def _write(folder: Path, suite: Suite, data: EncodedData, of: int, rule: str | None, agreement: float | None) -> None:
    from brittlestar.core.tables import parquet_bytes

    position = {token: k for k, token in enumerate(data.vocabulary.tokens) if k > UNKNOWN_ID}
    ids = np.array([position.get(token, UNKNOWN_ID) for token in suite.rows.lexicon] or [UNKNOWN_ID], np.int32)
    sizes = [len(one.after) for one in suite.conditions]
    columns = {
        "condition": np.repeat(np.arange(len(sizes), dtype=np.int32), sizes),
        "before": np.concatenate([one.before for one in suite.conditions]),
        "after": np.concatenate([one.after for one in suite.conditions]),
        "label_before": np.concatenate([one.labels_before for one in suite.conditions]),
        "label_after": np.concatenate([one.labels_after for one in suite.conditions]),
        "weight": np.concatenate(
            [np.ones(len(one.after)) if one.weights is None else one.weights for one in suite.conditions]
        ),
    }
    about = {
        "split": suite.split,
        "of": of,
        "rule": rule,
        "agreement": agreement,
        "notes": list(suite.notes),
        "lexicon": list(suite.rows.lexicon),
        "conditions": [
            {
                "probe": one.probe,
                "strength": one.strength,
                "unit": one.unit,
                "about": one.about,
                "expectation": one.expectation,
                "weighted": one.weights is not None,
            }
            for one in suite.conditions
        ],
    }
    files = {
        "suite.json": pretty_json(about),
        "conditions.parquet": parquet_bytes(columns),
        "codes.npy": _npy(suite.rows.codes),
        "tokens.npy": _npy(ids[suite.rows.codes]),
        "offsets.npy": _npy(suite.rows.offsets),
        "sample.npy": _npy(suite.sample),
    }
    place_folder(folder, files, {"state": "done"})


def _npy(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.ascontiguousarray(array), allow_pickle=False)
    return buffer.getvalue()
