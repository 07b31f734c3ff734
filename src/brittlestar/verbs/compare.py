"""`compare`: two studies, two tables of outcomes, or one of each, side by side."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from brittlestar.pipeline.request import is_store
from brittlestar.records.compare_sides import open_sides
from brittlestar.records.comparing import CompareResult as CompareResult
from brittlestar.records.comparing import compare_pairs
from brittlestar.records.opened_study import open_study
from brittlestar.records.unpacked import is_record
from brittlestar.store.layout import read_place


def compare(
    first: str | Path,
    second: str | Path,
    *,
    metric: str | None = None,
    predictions_columns: Mapping[str, str] | None = None,
) -> CompareResult:
    """Compare two studies, or a study with a published result.

    It says what differs between two studies, and whether the second is better. Needs two studies' folders or records,
    or a table in place of one or both: of outcomes (see `brittlestar judge -h`), or beside a study of predictions for
    its rows. Of a table, scores alone are compared.

    Scores are compared for variants that both have, on the rows and with the seeds that both have: second − first, with
    its interval from the same judging as claims. Nobody registered these comparisons, so they are exploratory: a claim
    to rely on is registered before its runs.

    Args:
        first (FIRST): A study's folder, a record, or a table of outcomes or of predictions. Beside a study, the
            examples of a table are ids of rows.
        second (SECOND): Another one; or, beside a study or a record, a report of settings and scores. In Python
            `compare_reported` takes that.
        metric (METRIC): The metric to compare. Default: that of the first study.
        predictions_columns (--preds-columns ROLE=COLUMN,…): Columns of predictions: prediction=pred,id=uid. In Python a
            mapping.

    Returns:
        What differs, shown as text in at most 12 lines; `document` is the JSON.

    Raises:
        InputError: One of the two cannot be read, or they share no variant.
        StoreError: A run's folder is damaged.

    Command:
        Prints what differs in settings and data first, then scores, then answers, findings and verdicts that changed.
        Of own code it says whether its source differs, and that nobody can tell what else does.

        Beside a study or a record, a YAML, JSON, TOML or CSV file is a report of what was run: settings by their paths,
        as `export --settings` writes them, and `scores`. Markdown and LaTeX are refused with the YAML to fill in. Each
        setting is a match, misstated, omitted, without effect, set in own code (cannot tell), or not compared where it
        is no path: the nearest one is named. Each score is as stored, or inside or outside its interval. With
        --does-it-matter the settings are run as reported, and claims are judged on these runs.

        Examples:
          brittlestar compare demo/data.study demo/mine.study
          brittlestar compare founding.record.zip reported.yaml --does-it-matter
          brittlestar compare old.study new.study --metric accuracy --json
          brittlestar compare old.study predictions.csv
          brittlestar compare old.csv new.csv --json

        Exit codes: 0 done, whatever differs; 1 a file is damaged or cannot be written; 2 wrong usage, or a study or
        table that cannot be read.

    Example:
        The study is that of `run("data", seeds=2)`.

        >>> from brittlestar import compare, run
        >>> _ = run("data", seeds=2, settings={"training.epochs": "2"}, executor="serial", out="longer.study")
        >>> result = compare("data.study", "longer.study")
        >>> [(one.what, one.first, one.second) for one in result.settings if one.what == "training.epochs"]
        [('training.epochs', 1, 2)]
        >>> result.data_words
        'the same rows in every split'
    """
    with ExitStack() as opened:
        one, other = (
            opened.enter_context(open_study(place)) if is_store(place) or is_record(place) else place
            for place in map(read_place, (first, second))
        )
        return compare_pairs(*open_sides(one, other, metric, predictions_columns or {}))
