"""The suite of a study: made once from the rows in its store, kept beside them, and read again by every worker."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from brittlestar.core.errors import InputError, Problem
from brittlestar.core.expectations import direction_of
from brittlestar.core.hashing import digest, file_digest
from brittlestar.core.seeds import generator
from brittlestar.core.splits import EncodedData, EncodedSplit, headline_split
from brittlestar.core.token_rows import offsets_of
from brittlestar.data.opening import open_data
from brittlestar.data.rows import sample_by_class
from brittlestar.data.spr.grammar import parse_rule
from brittlestar.data.spr.symbols import TOKENS
from brittlestar.data.written_rows import WrittenRows, rows_of_strings
from brittlestar.models.importing import import_object
from brittlestar.probes.contrasts import Contrast
from brittlestar.probes.default import chosen_extras, chosen_probes
from brittlestar.probes.length import MOST_DRAWN
from brittlestar.probes.merging import merge_suites, name_contents
from brittlestar.probes.probe import Probe
from brittlestar.probes.relabelling import by_function, by_rule
from brittlestar.probes.suite import MOST_PROBED_ROWS, SuitePiece, pieces
from brittlestar.probes.task import ProbeTask, Relabel, telling_positions
from brittlestar.store.cell_folder import has_folder
from brittlestar.store.layout import Store
from brittlestar.store.suites import (
    SUITE_FORMAT,
    About,
    StoredSuite,
    current_suite,
    read_suite,
    set_current,
    write_suite,
)
from brittlestar.study.settings import ProbeSettings

LEAST_AGREEMENT = 0.6
FEWEST_LABELLED = 10
"""A rule that gives a smaller share of the file's labels, of so many rows or more, is not the rule of these data."""
LEAST_KNOWN = 0.5  # a rule of the founding task says nothing about data of which fewer tokens than this are its own
PAIR_COLUMNS = ("left", "right", "left_label", "right_label")
_PAIRS_HINT = f"a CSV or Parquet file with columns {', '.join(PAIR_COLUMNS)}, tokens separated by spaces"


def prepare_suite(
    store: Store, settings: ProbeSettings, factors: str | None, search_path: Path, keep: bool = False
) -> StoredSuite | None:
    """The suite that `settings` ask for, as the one that the study's report reads from now on; None where there is
    nothing to probe. With `keep`, what the suite before asked of the same rows stays. Raises InputError, StoreError."""
    made = make_suite(store, settings, factors, search_path)
    if made is not None:
        made = _keep_others(store, made) if keep else made
        set_current(store, made.id)
    return made


def _keep_others(store: Store, made: StoredSuite) -> StoredSuite:
    """A suite with the conditions of the current one that it lacks: the current one, where that has all of it already.
    Other rows, or another rule, take the place of all that was asked before."""
    before = current_suite(store)
    if before is None or before.about.rule != made.about.rule:
        return made
    theirs, ours = name_contents(before.suite), name_contents(made.suite)
    plain = made.suite.conditions[0].name
    if theirs[plain] != ours[plain] or theirs.keys() <= ours.keys():
        return made
    both = {**theirs, **ours}
    if both == theirs:
        return before
    name = digest([made.about.split, *both.items()])[:12]
    if not has_folder(store, store.suite(name)):
        merged = merge_suites(before.suite, made.suite)
        write_suite(store, name, merged, made.about, open_data(store.data).vocabulary)
    return read_suite(store, name)


def make_suite(store: Store, settings: ProbeSettings, factors: str | None, search_path: Path) -> StoredSuite | None:
    """The suite that `settings` ask for, made if the store lacks it; None where there is nothing to probe: no suite
    asked for, or no evaluation split with rows. `auto` rows are 2,000: here nobody knows of a training. Raises
    InputError for settings that do not fit the data."""
    if settings.suite == "none":
        return None
    data = open_data(store.data)
    split = _split(data, settings)
    if split is None:
        return None
    if settings.rows == "auto":
        settings = settings.model_copy(update={"rows": MOST_PROBED_ROWS})
    rule = None if settings.rule is None else parse_rule(settings.rule)
    told = str(rule) if rule is not None else settings.relabel
    references = [("own", one) for one in settings.own]
    references += [("relabel", settings.relabel)] if settings.relabel else []
    identity = {
        "format": SUITE_FORMAT,
        "settings": settings.model_dump(mode="json", exclude={"pairs"}),
        "split": data.splits[split].fingerprint,
        "train": data.splits["train"].fingerprint,
        "factors": factors,
        "own": [_own_digest(reference, search_path, key) for key, reference in references],
        "pairs": None if settings.pairs is None else pairs_digest(settings.pairs),
        **({} if (drawn := _drawn_rows(settings)) == MOST_DRAWN else {"drawn": drawn}),
    }
    name = digest(identity)[:12]
    if not has_folder(store, store.suite(name)):
        made, about = _make_conditions(store, data, split, settings, factors, search_path, told)
        write_suite(store, name, made, about, data.vocabulary)
    return read_suite(store, name)


def _drawn_rows(settings: ProbeSettings) -> int:
    """How many rows a sweep of lengths draws at each: as many as are taken of the split, 600 at most."""
    return min(settings.rows, MOST_DRAWN) if isinstance(settings.rows, int) else MOST_DRAWN


def _split(data: EncodedData, settings: ProbeSettings) -> str | None:
    if settings.split is not None:
        if settings.split not in data.splits or settings.split == "train":
            there = ", ".join(name for name in data.splits if name != "train") or "none"
            raise InputError(f"'{settings.split}' is no evaluation split", "probes.split", f"there are {there}")
        if not data.splits[settings.split].n_rows:
            raise InputError(f"'{settings.split}' has no rows", "probes.split", "name another split, or none")
        return settings.split
    return headline_split({name: split.n_rows for name, split in data.splits.items()})


def _make_conditions(
    store: Store,
    data: EncodedData,
    split: str,
    settings: ProbeSettings,
    factors: str | None,
    search_path: Path,
    told: str | None,
) -> tuple[Iterator[SuitePiece], About]:
    """Conditions, made as they are taken, and what is known beside them; `told` is the rule in words."""
    train = _rows(store.split("train"))
    counts = np.bincount(train.codes, minlength=len(train.lexicon)).tolist()
    task = ProbeTask(
        dict(zip(train.lexicon, counts, strict=True)),
        int(train.lengths.max(initial=0)),
        telling_positions(train, np.asarray(data.splits["train"].labels)),
        factors,
        _relabel(settings, data.classes, search_path),
    )
    if settings.rule is not None:  # which is about tokens of the founding task
        known = np.fromiter((token in TOKENS for token in train.lexicon), np.bool_, len(train.lexicon))
        share = float(known[train.codes].mean()) if len(train.codes) else 1.0
        if share < LEAST_KNOWN:
            what = f"{100 * share:.1f} % of train's tokens are tokens that such a rule is about"
            raise InputError(what, "probes.rule", f"leave it out; a token is one of {' '.join(TOKENS[:5])} and so on")
    labels = np.asarray(data.splits[split].labels)
    sample = np.arange(len(labels))
    if isinstance(settings.rows, int) and settings.rows < len(labels):
        sample = np.sort(sample_by_class(labels, settings.rows, generator(0, "probe", "rows", split)))
    rows, labels = _rows(store.split(split)).rows(sample), labels[sample]
    own = [_own(reference, search_path) for reference in settings.own]
    only, skip = settings.only, settings.skip
    probes = chosen_probes(task, only=only, skip=skip, strengths=settings.strengths, expect=settings.expect, own=own)
    _known_directions({probe.name: probe.expectation for probe in probes}, data.classes)
    contrasts = [] if settings.pairs is None else [read_pairs(settings.pairs, data.classes)]
    rule = None if settings.rule is None else parse_rule(settings.rule)
    agreement = _agreement(task, rows, labels, settings)
    extras = chosen_extras(only, skip)
    drawn = _drawn_rows(settings)
    made = pieces(rows, labels, task, probes, rule=rule, contrasts=contrasts, extras=extras, drawn=drawn)
    columns = _columns(store.split(split), data.splits[split], sample)
    return _some(made, settings), About(
        split, sample, len(data.splits[split].labels), told, agreement, data.classes, columns
    )


def _some(made: Iterator[SuitePiece], settings: ProbeSettings) -> Iterator[SuitePiece]:
    """The pieces as they are. Raises InputError where nothing but the rows as they are is left of what was chosen."""
    yield next(made)
    second = next(made, None)
    if second is not None:
        yield second
        yield from made
    elif settings.only or settings.skip:
        chosen = f"only: {', '.join(settings.only) or 'all'}; skip: {', '.join(settings.skip) or 'none'}"
        hint = "contrasts need a rule, a relabel function or pairs; a sweep of lengths needs a rule"
        raise InputError(f"no probe is left of these data by what is chosen ({chosen})", "probes", hint)


def _columns(folder: Path, split: EncodedSplit, sample: np.ndarray) -> dict[str, np.ndarray]:
    """What slices are made of: lengths of rows, how many values of each factor they have, and their groups."""
    import polars as pl

    weights = {f"distinct {name} values": np.asarray(own)[sample] for name, own in split.factor_weights.items()}
    found = {"length": (split.offsets[sample + 1] - split.offsets[sample]), **weights}
    if split.groups is None:
        return found
    groups = pl.read_parquet(folder / "rows.parquet", columns=["group"])["group"].fill_null("")
    return {**found, "group": groups.gather(sample).to_numpy().astype(np.str_)}


def _known_directions(expect: Mapping[str, str], classes: Sequence[str]) -> None:
    """Raises InputError where an expectation names a label that train lacks."""
    problems = [
        Problem(f"train has no label '{stated.label}'", f"probes.expect.{name}", f"it has {', '.join(classes[:10])}")
        for name, text in expect.items()
        for stated in [direction_of(text)]
        if stated is not None and stated.label not in classes
    ]
    if problems:
        raise InputError(problems)


def _agreement(task: ProbeTask, rows: WrittenRows, labels: np.ndarray, settings: ProbeSettings) -> float | None:
    """The share of rows whose known label is that of the rule, if any. Raises InputError where it is no such rule."""
    if task.relabel is None or rows.n_rows == 0:
        return None
    found = task.relabel(rows)
    both = (found >= 0) & (labels >= 0)
    where = "probes.rule" if settings.rule is not None else "probes.relabel"
    if (labels >= 0).sum() >= FEWEST_LABELLED and not both.any():
        hint = "return labels as the file has them, as text"
        raise InputError(f"it gives none of {rows.n_rows:,} rows a label that train has", where, hint)
    if not both.any():
        return None
    if len(np.unique(found[both])) == 1 and len(np.unique(labels[both])) > 1 and both.sum() >= FEWEST_LABELLED:
        what = f"it gives all of {int(both.sum()):,} rows one label, and the file gives them several"
        raise InputError(what, where, "this is no rule of these data; leave it out, or mend it")
    same = float((found == labels)[both].mean())
    if same < LEAST_AGREEMENT and both.sum() >= FEWEST_LABELLED:
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
    function = import_object(settings.relabel, search_path, "probes.relabel")
    return by_function(function, classes, settings.relabel)


def _own(reference: str, search_path: Path) -> Probe:
    found = import_object(reference, search_path, "probes.own")
    if not isinstance(found, Probe):
        hint = "make one with brittlestar.own_probe(name, unit=…, strengths=…, expectation=…)"
        raise InputError(f"{reference} is no probe: it is a {type(found).__name__}", "probes.own", hint)
    return found


def _own_digest(reference: str, search_path: Path, key: str) -> str:
    from brittlestar.models.source import source_digest, source_files

    import_object(reference, search_path, f"probes.{key}")
    return source_digest(*source_files(sys.modules[reference.partition(":")[0]]))


def _rows(folder: Path) -> WrittenRows:
    """The rows of a stored split with the tokens as they were written."""
    import polars as pl

    frame = pl.read_parquet(folder / "rows.parquet", columns=["tokens", "length"])
    flat = frame.filter(pl.col("length") > 0)["tokens"].explode()
    lexicon = flat.unique().sort() if len(flat) else pl.Series("tokens", [], dtype=pl.String)
    codes = flat.cast(pl.Enum(lexicon)).to_physical().cast(pl.Int32).to_numpy() if len(flat) else np.zeros(0, np.int32)
    return WrittenRows(codes.astype(np.int32), offsets_of(frame["length"].to_numpy()), tuple(lexicon.to_list()))


def pairs_digest(path: str) -> str:
    """The digest of a file of pairs. Raises InputError where it cannot be read."""
    try:
        return file_digest(Path(path))
    except OSError as error:
        raise InputError(f"it cannot be read: {error.strerror}", path, "probes.pairs names a file of pairs") from error


def read_pairs(path: str, classes: Sequence[str]) -> Contrast:
    """Minimal contrasts of the user's. Raises InputError."""
    import polars as pl

    try:
        frame = pl.read_parquet(path) if path.endswith(".parquet") else pl.read_csv(path, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise InputError(f"it cannot be read: {str(error).splitlines()[0]}", path, _PAIRS_HINT) from error
    lacking = [name for name in PAIR_COLUMNS if name not in frame.columns]
    if lacking or frame.height == 0:
        what = f"it lacks {', '.join(lacking)}" if lacking else "it has no rows"
        raise InputError(what, path, _PAIRS_HINT)
    sides = [frame[side].to_list() for side in ("left", "right")]  # text, lists as Parquet has them, or nothing
    tokens = ([row if isinstance(row, list) else str(row or "").split() for row in side] for side in sides)
    left, right = map(rows_of_strings, tokens)
    number = {label: k for k, label in enumerate(classes)}
    labels = [
        np.array([-1 if label is None else number.get(str(label), -1) for label in frame[f"{side}_label"]], np.int32)
        for side in ("left", "right")
    ]
    known = (labels[0] >= 0) & (labels[1] >= 0)
    if not known.any():
        what = "no pair has two labels that train has"
        raise InputError(what, path, f"labels of train are {', '.join(classes[:10])}{', …' * (len(classes) > 10)}")
    twice = np.array([one == other for one, other in zip(left.strings(), right.strings(), strict=True)], np.bool_)
    labels = [np.where(twice, -1, own).astype(np.int32) for own in labels]
    same = known & ~twice & (labels[0] == labels[1])
    about = f"{frame.height:,} pairs of rows from {Path(path).name}"
    about += f", {int(same.sum()):,} of them with one label" if same.any() else ""
    about += f", {int(twice.sum()):,} of them the same row twice, left out" if twice.any() else ""
    about += f", {int((~known).sum()):,} of them with labels that train lacks" if not known.all() else ""
    return Contrast("contrast.given", about, left, right, labels[0], labels[1])
