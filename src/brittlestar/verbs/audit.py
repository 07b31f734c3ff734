"""`audit`: what is wrong with data, splits and tokens, in seconds and without training."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from brittlestar.core.checks import Check
from brittlestar.core.errors import InputError
from brittlestar.data.memory import is_split
from brittlestar.execution.progress import Progress
from brittlestar.pipeline.data_audit import AuditOptions, audit_data
from brittlestar.pipeline.data_audit import AuditResult as AuditResult
from brittlestar.pipeline.request import Request


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
    source = _splits(data, train, dev, test, {} if shifted is None else shifted)
    request = Request(source, None, predictions, columns or {}, settings or {}, None, predictions_columns or {})
    clean = None if write_clean is None else Path(write_clean)
    return audit_data(request, AuditOptions(only, checks, vocabulary, clean, limits), progress)


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
