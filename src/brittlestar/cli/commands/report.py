"""The command `report`: the page and tables again."""

from pathlib import Path

from brittlestar.cli.command import Ending, command
from brittlestar.cli.option_values import list_of_texts, points_of, refuse_alone
from brittlestar.cli.options import CHECK, OPEN, STUDY, flag, option


@command(
    "Rebuild the report from the study's folder.",
    "Exit codes: 0 done; 1 a file is damaged or cannot be written; 2 wrong usage, or no study's folder.",
)
def report(
    study: Path = STUDY,
    figures: bool = flag("Also write every figure as SVG, PDF and PNG.", "--figures"),
    width: str | None = option("LENGTH", "With --figures: final width, such as 240pt, 8.5cm, 3.3in."),
    height: str | None = option("LENGTH", "With --figures: final height."),
    font_size: float | None = option("POINTS", "With --figures: size of the text. Default: 8."),
    no_title: bool = flag("With --figures: leave titles to captions.", "--no-title"),
    table: list[str] | None = option("METRIC,…", "Write a booktabs table of these metrics for one column."),
    split: list[str] | None = option("SPLIT,…", "With --table: its splits. Default: the headline split."),
    variants: list[str] | None = option("VARIANT,…", "With --table: its variants. Default: all."),
    style: str | None = option("pm|interval|seeds", "With --table: deviation, interval or every seed. Default: pm."),
    label: str | None = option("LABEL", "With --table: LaTeX's label. Default: tab:results."),
    methods: bool = flag("Write a paragraph of methods from the settings in effect, with BibTeX.", "--methods"),
    names: Path | None = option("FILE", "YAML: how the paper calls variants, splits and metrics."),
    check: list[str] | None = CHECK,
    open_: bool = OPEN,
) -> Ending:
    """Rebuild the report: the page, tables as Markdown and LaTeX, results.json. Trains nothing.

    Needs a study's folder; --figures needs brittlestar[report]. For a paper it also writes a table, figures at their
    final size and a paragraph of methods, into report/paper.

    Prints where the page lies.

    \b
    Examples:
      brittlestar report demo/data.study --open
      brittlestar report demo/data.study --figures
      brittlestar report demo/data.study --table accuracy --split test --style pm
      brittlestar report demo/data.study --figures --width 240pt --no-title
      brittlestar report demo/data.study --methods --names names.yaml
      brittlestar report demo/data.study --json
    """
    from brittlestar.cli.endings.written import report_ending
    from brittlestar.pipeline.own_checks import load_checks
    from brittlestar.reports.paper.figures import FigureSize
    from brittlestar.reports.paper.table import TableRequest
    from brittlestar.verbs.report import report as verb

    sizing = {"--width": width, "--height": height, "--font-size": font_size, "--no-title": no_title or None}
    refuse_alone(sizing, figures, "--figures")
    refuse_alone({"--split": split, "--variants": variants, "--style": style, "--label": label}, table, "--table")
    sized = any(one is not None for one in sizing.values())
    size = FigureSize(
        FigureSize.width if width is None else points_of(width, "--width"),
        None if height is None else points_of(height, "--height"),
        FigureSize.font_size if font_size is None else font_size,
        not no_title,
    )
    metrics, splits, named = (list_of_texts(given) if given else None for given in (table, split, variants))
    asked = TableRequest(metrics, splits, named, style or TableRequest.style, label or TableRequest.label)
    own = tuple(one.check for one in load_checks(check or (), "--check"))
    document = verb(
        study,
        figures=size if sized else figures,
        table=None if table is None else asked,
        methods=methods,
        names=names,
        checks=own,
    )
    return report_ending(document, study, figures, paper=sized or methods or table is not None)
