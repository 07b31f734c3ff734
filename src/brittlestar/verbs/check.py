"""`check`: the front door. What data and predictions at hand support; nothing is trained."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from brittlestar.execution.progress import Progress
from brittlestar.pipeline.front_door import CheckResult as CheckResult
from brittlestar.pipeline.front_door import check_data, check_predictions
from brittlestar.pipeline.request import Request
from brittlestar.training.prediction_sources import sources_of


def check(
    data: str | Path | Mapping[str, Any],
    *,
    predictions: Any = (),
    predictions_columns: Mapping[str, str] | None = None,
    columns: Mapping[str, str] | None = None,
    settings: Mapping[str, str] | None = None,
    stated: float | None = None,
    out: str | Path | None = None,
    limits: bool = True,
    progress: bool | Progress = True,
) -> CheckResult:
    """Answer whether a result is real, whether it holds, and whether its data are sound; nothing is trained.

    Args:
        data: A folder of splits, a study file, or splits in memory: a mapping from split names to pandas, Polars or
            Arrow frames, Hugging Face datasets (or a `DatasetDict`), pairs (sequences, labels), or lists of dicts.
        predictions: A file with columns id, split, variant, seed and prediction; a frame, a list of dicts or a dict of
            columns; or an array of labels (rows,) or probabilities (rows, classes). A list of them is one for each
            seed, a dict one for each variant or split.
        predictions_columns: Names of their columns by what they mean: `{"prediction": "pred", "id": "uid"}`.
        columns: Names of columns by what they mean: `{"sequence": "text"}`.
        settings: Overrides of any setting by its path, values as YAML text.
        stated: The score that somebody reports, as a fraction in [0, 1]: it is answered first.
        out: Where to keep the study with its report; nothing is kept without it.
        limits: Plant faults into copies of these rows and measure what the audit sees (up to 20,000 rows).
        progress: Tell on standard error how far it is, or not; or a function that is called with the check that starts,
            how many are done, and of how many.

    Returns:
        The headline with its answers, the findings, and verdicts on the default claims; shown as text it is the
        headline.

    Raises:
        InputError: Data or predictions cannot be read, variants are added, or a stated score comes without predictions.
        StoreError: The study cannot be kept in `out`.

    Example:
        >>> from brittlestar import check, generate
        >>> _ = generate("data", sizes="60/20/20")
        >>> result = check("data", limits=False)
        >>> result.headline.real.words[:32]
        'Cannot say: no predictions were '
    """
    sources = sources_of(predictions, predictions_columns)
    request = Request(
        data,
        None,
        sources,
        columns or {},
        settings or {},
        None,
        predictions_columns or {},
        None if out is None else Path(out),
    )
    if not sources:
        return check_data(request, stated, limits, progress)
    return check_predictions(request, stated, limits, progress)
