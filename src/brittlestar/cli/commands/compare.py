"""The command `compare`: two studies side by side."""

from pathlib import Path

from typer import Argument

from brittlestar.cli import options
from brittlestar.cli.command import Ending, Output, command
from brittlestar.cli.option_values import prediction_columns_of_text, refuse_alone, refuse_together
from brittlestar.cli.options import flag, option
from brittlestar.core.errors import InputError, Problem

KINDS = "A study's folder, a record, or a table of outcomes or of predictions."
REPORT = "Another one; or, beside a study or a record, a report of settings and scores."


@command(
    "Compare two studies, or a study with what is reported of it.",
    "Exit codes: 0 done, whatever differs; 1 a file is damaged or cannot be written; 2 wrong usage, or a study or "
    "table that cannot be read.",
)
def compare(
    output: Output,
    first: Path = Argument(metavar="FIRST", help=KINDS),
    second: Path = Argument(metavar="SECOND", help=REPORT),
    metric: str | None = option("METRIC", "The metric to compare. Default: that of the first study."),
    preds_columns: str | None = option(
        "ROLE=COLUMN,…", "Columns of predictions: prediction=pred,id=uid.", "--preds-columns"
    ),
    markdown: Path | None = option("FILE", "Also write all of it as Markdown."),
    html: Path | None = option("FILE", "Also write all of it as one offline page."),
    open_: bool = options.OPEN,
    does_it_matter: bool = flag("Beside a report: run what it states, and judge that.", "--does-it-matter"),
    seeds: int | None = option("N", "Seeds to run it with. Default: those of the study.", min=1),
    out: Path | None = option("DIR", "Where it goes. Default: NAME.reported.study."),
    trust_code: bool = flag("Run own models of a record's author.", "--trust-code"),
) -> Ending:
    """Say what differs between two studies, and whether the second is better; trains nothing unless asked.

    Needs two studies' folders or records, or a table in place of one or both: of outcomes (see `brittlestar judge -h`),
    or beside a study of predictions for its rows. Of a table, scores alone are compared.

    Prints what differs in settings and data first. Then, for variants that both have, the difference second − first on
    the rows and with the seeds that both have, with its interval. Then answers, findings and verdicts that changed.
    These comparisons are exploratory: a claim to rely on is registered before its runs.

    Beside a study or a record, a file of settings or scores is a report of what was run: YAML, JSON, TOML, CSV, or
    tables in Markdown or LaTeX. Each setting is a match, misstated, omitted, without effect, or ambiguous; each score
    is as stored, or inside or outside its interval. Names may be those of papers or of other frameworks. With
    --does-it-matter the settings are run as reported, and claims are judged on these runs.

    \b
    Examples:
      brittlestar compare demo/data.study demo/mine.study
      brittlestar compare founding.record.zip reported.yaml --does-it-matter
      brittlestar compare old.study new.study --html comparison.html --open
      brittlestar compare old.study new.study --metric accuracy --markdown pr.md
      brittlestar compare old.study predictions.csv
      brittlestar compare old.csv new.csv --json
    """
    from brittlestar.verbs.reported import compare_reported, is_reported

    if is_reported(first) and not is_reported(second):
        raise InputError("a report of settings comes second", str(first), "give the study or the record first")
    running = {"--seeds": seeds, "--out": out, "--trust-code": trust_code or None}
    if is_reported(second):
        from brittlestar.cli.endings.reported import reported_ending, reported_run_ending
        from brittlestar.cli.watching import watch_work
        from brittlestar.verbs.reported_run import run_reported

        refuse_together({"--metric": metric, "--preds-columns": preds_columns, "--markdown": markdown, "--html": html},
                        "a report of settings")  # fmt: skip
        if does_it_matter:
            with watch_work(output) as watcher:
                return reported_run_ending(
                    run_reported(first, second, out=out, seeds=seeds, trust_code=trust_code, watcher=watcher)
                )
        refuse_alone(running, False, "--does-it-matter")
        return reported_ending(compare_reported(first, second))
    refuse_together({**running, "--does-it-matter": does_it_matter or None}, "a comparison of two studies or tables")
    if open_ and html is None:
        raise InputError("--open needs a page", "", "add --html FILE")
    from brittlestar.cli.endings.compare import compare_ending
    from brittlestar.reports.comparison_page import write_markdown
    from brittlestar.verbs.compare import compare as verb
    from brittlestar.verbs.export_files import refuse_existing_file, write_file

    files = {"--markdown": markdown, "--html": html}
    problems = [refuse_existing_file(path, name) for name, path in files.items() if path is not None]
    if markdown is not None and html is not None and markdown.absolute() == html.absolute():
        problems.append(Problem("the page and the Markdown are to be written there", str(html), "name two files"))
    if wrong := [one for one in problems if one is not None]:
        raise InputError(wrong)
    named = prediction_columns_of_text(preds_columns)
    result = verb(first, second, metric=metric, predictions_columns=named)
    if markdown is not None:
        write_file(markdown, write_markdown(result).encode())
    if html is not None:
        write_file(html, result.html.encode())
    return compare_ending(result, markdown, html)
