"""`audit`: what is wrong with data, splits and tokens, in seconds and without training."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.audit import audit_dataset
from brittlestar.audits.limits import codes_of
from brittlestar.audits.limits import limits as detection_limits
from brittlestar.audits.recording import record_audit
from brittlestar.audits.vocabulary import ids_of, read_vocabulary
from brittlestar.core.audit import Audit
from brittlestar.core.checks import Check
from brittlestar.core.commands import data_place, follow_kind
from brittlestar.core.errors import InputError, Problem
from brittlestar.core.findings import Finding, worst_first
from brittlestar.core.headline import Headline
from brittlestar.core.results import SplitRecord
from brittlestar.data.memory import is_split
from brittlestar.data.summary import split_record
from brittlestar.data.writing import refuse_existing
from brittlestar.execution.given import notes_on, read_given
from brittlestar.execution.progress import AUDIT, Progress, tell_progress
from brittlestar.reports.figures.frame import Figure
from brittlestar.reports.figures.of_audit import audit_figures
from brittlestar.reports.finding_groups import fill_remedies, group_findings
from brittlestar.reports.headline_text import QUESTIONS
from brittlestar.reports.showing import Shown, show_page, write_page
from brittlestar.study.columns import prediction_column_problems
from brittlestar.training.prediction_sources import sources_of
from brittlestar.verbs.asked import asked_of, is_store
from brittlestar.verbs.assessing import assess_data
from brittlestar.verbs.auditing import Given, open_analysis
from brittlestar.verbs.cleaning import OPTION
from brittlestar.verbs.cleaning import write_clean as clean_into
from brittlestar.verbs.opening import Opened, open_input, source_of

OF_RUNS = ("seeds", "streams", "training", "claims", "probes", "execution")
OF_TRAIN = ("data.order", "data.factor", "data.spelling", "data.train_rows", "data.train_without")
"""Settings that runs read, and no audit: whole sections, and changes that variants make to rows."""


@dataclass(frozen=True, repr=False)
class AuditResult(Shown):
    """What an audit found: the `analysis` it looked at, `record`: the findings with the trivial baselines and what the
    page shows beside them, `place`: the data as commands name them, None where they are objects in memory, and what is
    `told` beside that. Shown as text or in a notebook it says whether the data are sound, and what was found."""

    told: Mapping[str, Any]
    analysis: Analysis
    record: Audit
    splits: Mapping[str, SplitRecord]
    place: str | None = None

    _lacking = "an audit trains nothing"

    @property
    def _figure(self) -> Figure | None:
        return audit_figures(self.record, tuple(self.splits)).get("ladder")

    def show(self) -> Path:
        """Open the page in a browser, and return where it lies."""
        return show_page(lambda: self.html, "audit")

    open = show

    @property
    def filled(self) -> Audit:
        """The audit with remedies that can be followed here: with the place of the data, or as calls."""
        held = self.place is None
        found = (replace(one, remedy=follow_kind(one.remedy, in_memory=held)) for one in self.record.findings)
        return replace(self.record, findings=fill_remedies(found, self.place))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found, worst first."""
        return tuple(worst_first(self.filled.findings))

    @cached_property
    def document(self) -> dict[str, Any]:
        """The JSON of the verb."""
        whole = replace(self.record, findings=self.findings).as_json()
        return {**self.told, "findings": whole["findings"], "trivial_baselines": whole["ladder"]}

    @property
    def headline(self) -> Headline:
        """The answers that data alone can give, with commands that can be pasted here."""
        return assess_data(replace(self.record, limits=self.document.get("limits")), self.place)

    @property
    def _lines(self) -> list[tuple[str, str]]:
        groups = [one for one in group_findings(self.findings, None) if one.status == "present"]
        found = [(one.severity or "", f"{one.code}: {one.findings[0].summary}") for one in groups]
        return [(QUESTIONS["sound"], self.headline.sound.words), *found]

    def of(self, code: str) -> tuple[Finding, ...]:
        """Findings of one code."""
        return tuple(finding for finding in self.findings if finding.code == code)

    @cached_property
    def html(self) -> str:
        """The audit as one offline page."""
        from brittlestar.reports.audit_page import audit_page

        return audit_page(self.document["study"], self.filled, self.splits, self.document["notes"], self.place)

    def write_html(self, path: str | Path) -> None:
        """Write the page. Raises StoreError where that is not possible."""
        write_page(self.html, path)


def audit(
    data: str | Path | Mapping[str, Any] | None = None,
    *,
    train: Any = None,
    dev: Any = None,
    test: Any = None,
    shifted: Mapping[str, Any] | None = None,
    columns: Mapping[str, str] | None = None,
    settings: Mapping[str, str] | None = None,
    only: Sequence[str] = (),
    checks: Sequence[Check] = (),
    predictions: Any = (),
    predictions_columns: Mapping[str, str] | None = None,
    vocabulary: str | Path | None = None,
    write_clean: str | Path | None = None,
    limits: bool = False,
    progress: bool | Progress = True,
) -> AuditResult:
    """Find what is wrong with data, splits, tokens and labels; nothing is trained and no input is changed.

    Args:
        data: A folder of splits, a study file, a study's folder, or a mapping from split names to splits in memory:
            pandas, Polars or Arrow frames, Hugging Face datasets, pairs (sequences, labels), or lists of dicts. A
            `DatasetDict` is such a mapping; one split alone is audited as train.
        train: The training split, where splits are given one by one instead of `data`.
        dev: The split that models are chosen on.
        test: The split that scores are reported on.
        shifted: Shifted splits by name; `shift_` is put before a name that lacks it.
        columns: Names of columns by what they mean: `{"sequence": "text"}`.
        settings: Overrides of any setting by its path, values as YAML text.
        only: Codes or families to run: `leak.near`, `leak`. Without it every check runs.
        checks: Own checks, beside ours.
        predictions: Given predictions beside those that the study file names: files, frames, lists of dicts, dicts of
            columns or arrays, as `check` takes them.
        predictions_columns: Names of their columns by what they mean: `{"prediction": "pred", "id": "uid"}`.
        vocabulary: A file with the tokens that your own code knows, one a line or JSON, for `leak.preprocess`.
        write_clean: A new folder for the splits without leaks, repeats and conflicts. `document["clean"]` says what was
            removed, and `manifest.csv` there why each row was.
        limits: Plant faults of growing dose into clean splits of these rows, and put what was found under
            `document["limits"]`. It takes minutes.
        progress: Tell on standard error how far it is, or not; or a function that is called with the code that starts,
            how many checks are done, and of how many.

    Returns:
        The findings, the trivial baselines and the JSON document; shown as text it is what was found.

    Raises:
        InputError: The data, an option or a file cannot be read.
        StoreError: The clean splits cannot be written.

    Example:
        >>> from brittlestar import audit
        >>> rows = [f"a b{k % 7} c{k % 5} d{k % 3}" for k in range(200)]
        >>> labels = ["odd" if k % 2 else "even" for k in range(200)]
        >>> result = audit(train=(rows[:150], labels[:150]), test=(rows[100:], labels[100:]))
        >>> [one.severity for one in result.of("leak.exact")]
        ['error']
    """
    _refuse_unread(settings or {})
    place = data_place(os.fspath(data), columns, settings) if isinstance(data, str | os.PathLike) else None
    if is_store(data):
        asked = asked_of(cast("str", data))
        data, columns = asked.data, {**asked.columns, **(columns or {})}
        settings = {**asked.settings, **(settings or {})}
        predictions = [*asked.predictions, *sources_of(predictions, predictions_columns)]
        predictions_columns = {**asked.predictions_columns, **(predictions_columns or {})}
    if others := [f"{one.code} needs {one.needs}" for one in checks if one.needs != "data"]:
        hint = "name it under `report.checks` in the study file: `run` and `report` use it"
        raise InputError(f"an audit reads data alone, and {', '.join(others)}", "--check", hint)
    source = _splits(data, train, dev, test, {} if shifted is None else shifted)
    if write_clean is not None:
        refuse_existing(Path(write_clean), OPTION)
    opened = open_input(source, columns=columns, overrides=settings)
    given = _read_predictions(opened, predictions, predictions_columns or {})
    made = open_analysis(opened, given)
    if vocabulary is not None:
        made = replace(made, vocabulary=read_vocabulary(vocabulary), vocabulary_ids=ids_of(vocabulary))
    with tell_progress(progress, AUDIT) as tell:
        found = audit_dataset(made, only=only, own=checks, progress=tell)
    record = record_audit(made, found, climbs=not only)
    splits = {name: split_record(opened.frames[name]["label"], one) for name, one in opened.data.splits.items()}
    told = _describe(opened, splits, notes_on(given))
    if limits:
        with tell_progress(progress, AUDIT) as tell:
            told["limits"] = detection_limits(made, codes_of(only), progress=tell)
    if write_clean is not None:
        told["clean"] = clean_into(source_of(source, opened.loaded), made, Path(write_clean))
    return AuditResult(told, made, record, splits, place)


def _refuse_unread(settings: Mapping[str, str]) -> None:
    """Raise InputError for settings that change what is trained, and not the data that an audit looks at."""
    found = [path for path in settings if path.split(".")[0] in OF_RUNS or path in OF_TRAIN]
    hint = "leave it out; `run` and `plan` read it"
    if found:
        raise InputError([Problem(f"an audit does not read {path}", "--set", hint) for path in found])


def _describe(opened: Opened, splits: Mapping[str, SplitRecord], notes: Sequence[str]) -> dict[str, Any]:
    """The JSON of `audit`: `study`, `data.splits.NAME` as `run` has it, `notes`; the result adds what was found."""
    from brittlestar.reports.document import split_entry

    return {
        "study": opened.loaded.study.name,
        "data": {"splits": {name: split_entry(split) for name, split in splits.items()}},
        "findings": [],  # in their place
        "trivial_baselines": None,
        "notes": [*opened.frames.notes, *opened.data.notes, *notes],
    }


def _read_predictions(opened: Opened, predictions: Any, columns: Mapping[str, str]) -> Given:
    """Predictions of the sources named, and of those that the study file names. Raises InputError with the ids."""
    study = opened.loaded.study
    sources = [*sources_of(predictions, columns), *opened.prediction_sources]
    problems = prediction_column_problems(columns, "--preds-columns")
    if columns and not sources:
        problems.append(Problem("there are no predictions whose columns could be named", "--preds-columns"))
    if problems:
        raise InputError(problems)
    named = {**study.model.predictions_columns, **columns}
    return read_given(opened.frames, opened.data.classes, sources, named, study.data.columns) if sources else {}


def _splits(data: Any, train: Any, dev: Any, test: Any, shifted: Any) -> Any:
    """What `open_input` reads. Raises InputError where both ways are used, or none."""
    given = {name: value for name, value in (("train", train), ("dev", dev), ("test", test)) if value is not None}
    if not isinstance(shifted, Mapping):
        hint = "name each split: shifted={'reviews': frame}"
        raise InputError(f"shifted must be a mapping (got a {type(shifted).__name__})", "shifted", hint)
    for name, value in shifted.items():
        full = name if name.startswith("shift_") else f"shift_{name}"
        if full in given:
            raise InputError(f"two splits are named {full}", "shifted", "give one of them another name")
        given[full] = value
    if data is not None and given:
        raise InputError("data and single splits exclude each other", "data", "leave one of the two out")
    if data is None and not given:
        raise InputError("nothing to audit is given", "data", "audit('FOLDER') or audit(train=…, test=…)")
    if data is not None and is_split(data):
        return {"train": data}
    return given if data is None else data
