"""`audit`: what is wrong with data, splits and tokens, in seconds and without training."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from brittlestar.core.checks import Check
from brittlestar.core.errors import InputError
from brittlestar.core.splits import SHIFTED, is_shifted
from brittlestar.data.memory import is_split
from brittlestar.execution.progress import Progress
from brittlestar.pipeline.data_audit import AuditResult as AuditResult
from brittlestar.pipeline.data_audit import audit_data
from brittlestar.pipeline.request import make_request


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
    """Find leaks, shifts, wrong labels and shortcuts. Nothing is trained.

    Needs a folder of splits or a study file. It takes seconds, and the input is never changed.

    Args:
        data (DATA|STUDY.yaml): A folder of splits, or a study file. In Python also a mapping from split names to splits
            in memory: pandas, Polars or Arrow frames, Hugging Face datasets, pairs (sequences, labels), lists of dicts,
            or dicts of columns. A `DatasetDict` is such a mapping; one split alone is audited as train.
        train: In Python: the training split, where splits are given one by one instead of `data`.
        dev: In Python: the split that models are chosen on.
        test: In Python: the split that scores are reported on.
        shifted: In Python: shifted splits by name; `shift_` is put before a name that lacks it.
        columns (ROLE=COLUMN,…): Your columns: sequence=text,label=target. In Python a mapping: `{"sequence": "text"}`.
        settings (--set PATH=VALUE…): Override any setting: --set training.epochs=3. Repeatable. In Python a mapping
            from paths to values as YAML text.
        only (CODE,…): These checks or families alone: leak.near,label.
        checks (--check PACKAGE.MODULE:NAME…): A check of your own. Repeatable. In Python the checks themselves.
        predictions: As in `check`.
        predictions_columns: As in `check`.
        vocabulary (--vocab FILE): The tokens that your code knows, one a line or JSON, for leak.preprocess.
        write_clean (DIR): Write the splits without leaks, repeats and conflicts into a new folder. In Python
            `document["clean"]` says what was removed, and `manifest.csv` there why each row was.
        limits: Plant faults into copies of the data, and say from which dose they are found. It takes minutes. In
            Python that is under `document["limits"]`.
        progress: In Python: tell on standard error how far it is, or not; or a function that is called with what
            starts, how many are done, and of how many.

    Returns:
        The findings, the trivial baselines and the JSON document; shown as text it is what was found.

    Raises:
        InputError: The data, an option or a file cannot be read.
        StoreError: The clean splits cannot be written.

    Command:
        Prints whether the data are sound, the score that a model has to exceed, and each error and warning with what to
        do about it. -v adds what is good to know, what could not be looked at, and what was not found.

        Examples:
          brittlestar audit demo/data
          brittlestar audit demo/data --html audit.html --write-clean demo/clean
          brittlestar audit demo/data --only leak --limits
          brittlestar audit reviews --columns sequence=text,label=stars --json

        Exit codes: 0 done, whatever was found; 1 a file cannot be written; 2 wrong usage, or data that cannot be read.

    Example:
        >>> from brittlestar import audit
        >>> rows = [f"a b{k % 7} c{k % 5} d{k % 3}" for k in range(200)]
        >>> labels = ["odd" if k % 2 else "even" for k in range(200)]
        >>> result = audit(train=(rows[:150], labels[:150]), test=(rows[100:], labels[100:]))
        >>> [one.severity for one in result.of("leak.exact")]
        ['error']
    """
    source = _splits(data, train, dev, test, {} if shifted is None else shifted, (columns or {}).values())
    request = make_request(source, None, predictions, columns, settings, predictions_columns)
    clean = None if write_clean is None else Path(write_clean)
    return audit_data(
        request, only=only, checks=checks, vocabulary=vocabulary, clean=clean, limits=limits, progress=progress
    )


def _splits(data: Any, train: Any, dev: Any, test: Any, shifted: Any, columns: Iterable[str]) -> Any:
    """What `open_request` reads. Raises InputError where both ways are used, or none."""
    given = {name: value for name, value in (("train", train), ("dev", dev), ("test", test)) if value is not None}
    if not isinstance(shifted, Mapping):
        hint = "name each split: shifted={'reviews': frame}"
        raise InputError(f"shifted must be a mapping (got a {type(shifted).__name__})", "shifted", hint)
    for name, value in shifted.items():
        full = name if is_shifted(name) else f"{SHIFTED}{name}"
        if full in given:
            raise InputError(f"two splits are named {full}", "shifted", "give one of them another name")
        given[full] = value
    if data is not None and given:
        raise InputError("data and single splits exclude each other", "data", "leave one of the two out")
    if data is None and not given:
        raise InputError("nothing to audit is given", "data", "audit('FOLDER') or audit(train=…, test=…)")
    if data is not None and is_split(data, columns):
        return {"train": data}
    return given if data is None else data
