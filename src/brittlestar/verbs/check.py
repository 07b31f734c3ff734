"""`check`: the front door. What data and predictions at hand support; nothing is trained."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from brittlestar.claims.stated_scores import StatedAs
from brittlestar.core.errors import InputError
from brittlestar.execution.progress import Progress
from brittlestar.pipeline.check import CheckResult as CheckResult
from brittlestar.pipeline.check import check_data, check_predictions
from brittlestar.pipeline.request import make_request


def check(
    data: str | Path | Mapping[str, Any],
    *,
    predictions: Any = (),
    predictions_columns: Mapping[str, str] | None = None,
    abstain: str | None = None,
    columns: Mapping[str, str] | None = None,
    slices: str | Sequence[str] | None = None,
    metric: str | Callable[..., Any] | None = None,
    best_of: int | None = None,
    settings: Mapping[str, str] | None = None,
    stated: float | None = None,
    stated_is: StatedAs = "mean",
    out: str | Path | None = None,
    limits: bool = False,
    progress: bool | Progress = True,
) -> CheckResult:
    """Test given predictions. Nothing is trained.

    It answers whether a result is real, whether it will hold, and whether its data are sound.

    Needs a folder of splits and, for the first two answers, prediction files. Each has the columns id and prediction,
    and any of split, variant, seed, label and p_CLASS. Without ids, rows are matched by sequence or by order.

    Args:
        data (DATA|STUDY.yaml): A folder of splits, or a study file. In Python also splits in memory: a mapping from
            split names to pandas, Polars or Arrow frames, Hugging Face datasets (or a `DatasetDict`), pairs (sequences,
            labels), lists of dicts, or dicts of columns.
        predictions (--preds FILE…): Predictions, one file a seed. Columns: id,split,variant,seed,prediction, such as
            17,test,lstm,0,yes; id and prediction suffice. Formats are those of data (brittlestar -h). Repeatable. In
            Python also a frame, a list of dicts or a dict of columns; or an array of labels (rows,) or probabilities
            (rows, classes). A list of them is one for each seed, a dict one for each variant or split.
        predictions_columns (--preds-columns ROLE=COLUMN,…): Columns of `predictions`: prediction=pred,id=uid. In Python
            a mapping.
        abstain (LABEL): A prediction that is no answer, and so wrong.
        columns: As in `audit`.
        slices (COLUMN,…): Columns whose values get scores of their own. Classes and lengths have them without:
            customer,language.
        metric (METRIC): What the score is, such as macro_f1 or auc. An unknown name is answered with all that there
            are. A function of your own is module:function, as `own_metric` declares it; in Python also the function.
        best_of (N): This model was kept as the best of so many candidates on the rows that are scored. Comparisons
            share their error among all of them, so that the best by chance is not taken for better.
        settings: As in `audit`.
        stated (SCORE): The score that is reported, as a fraction: 0.931.
        stated_is (mean|best): What it is: the mean of the runs, or the best of them.
        out (DIR): With predictions: keep the study with its report there.
        limits: Plant faults into copies of these rows, and say from which dose on the audit finds them (up to 20,000
            rows). It takes about ten times as long.
        progress: As in `audit`.

    Returns:
        The headline with its answers, the findings, and verdicts on the default claims; shown as text it is the
        headline.

    Raises:
        InputError: Data or predictions cannot be read, variants are added, or a stated score comes without predictions.
        StoreError: The study cannot be kept in `out`.

    Command:
        Prints the score beside the best trivial baseline on the same rows, then the answers: Real? compares the two.
        Holds? reads shifted splits. Sound? reads an audit of the data. With --stated it answers first whether these
        files show that score.

        Examples:
          brittlestar check demo/data
          brittlestar check demo/data --preds seed0.csv --stated 0.931
          brittlestar check demo/data --preds p.csv --preds-columns prediction=pred
          brittlestar check demo/data --preds seed0.csv --metric macro_f1
          brittlestar check demo/data --preds seed0.csv --out demo/check.study
          brittlestar check reviews --columns sequence=text,label=stars --json

        Exit codes: 0 done; 2 wrong usage, or data or predictions that cannot be read.

    Example:
        >>> from brittlestar import check, generate
        >>> _ = generate("data", sizes="60/20/20")
        >>> result = check("data")
        >>> result.headline.real.words[:32]
        'Cannot say: no predictions were '
    """
    request = make_request(
        data,
        None,
        predictions,
        columns,
        settings,
        predictions_columns,
        out,
        abstain=abstain,
        slices=slices,
        metric=metric,
        best_of=best_of,
    )
    if not request.predictions:
        return check_data(request, stated, limits, progress)
    if stated_is not in get_args(StatedAs):
        raise InputError(f"a stated score is the mean or the best (got {stated_is!r})", "--stated-is")
    return check_predictions(request, stated, stated_is, limits, progress)
