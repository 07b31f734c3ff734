"""What every surface says of one study, and where two of them contradict each other."""

import contextlib
import html
import io
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from brittlestar.cli.ending import Ending, show
from brittlestar.cli.endings.judge import judge_ending
from brittlestar.cli.endings.run import check_ending, run_ending
from brittlestar.cli.guarding import OutputOptions
from brittlestar.core.headline import Headline
from brittlestar.reports.headline_text import QUESTIONS, score_words
from brittlestar.verbs.check import CheckResult
from brittlestar.verbs.judge import judge
from brittlestar.verbs.run import RunResult

MOST_LINES = 25
SHOWN = 25
"""Characters of an answer that an ending shows at least, however it is shortened."""


def ending_of(result: CheckResult | RunResult) -> Ending:
    """The ending that the command prints."""
    return check_ending(result) if isinstance(result, CheckResult) else run_ending(result, Path("data"))


def contradictions(result: CheckResult | RunResult, store: Path | None) -> list[str]:
    """Where two surfaces of one study say different things. `store` is None where no study was kept."""
    headline, ending = result.headline, ending_of(result)
    found: list[str] = []
    texts: dict[str, str] = {
        "repr": repr(result),
        "HTML in a notebook": result._repr_html_(),  # pyright: ignore[reportPrivateUsage]
        "the ending with --verbose": printed(ending, "verbose"),
        "--quiet": printed(ending, "quiet"),
    }
    documents: dict[str, Mapping[str, Any]] = {"--json": json.loads(printed(ending, "json"))["headline"]}
    if store is not None:
        judged = judge(store)
        judging = judge_ending(judged)
        page = (store / "report" / "report.html").read_text("utf-8")
        written = json.loads((store / "report" / "results.json").read_bytes())
        documents["results.json"] = written["headline"]
        documents["judge --json"] = json.loads(printed(judging, "json"))["headline"]
        texts["the page"] = re.findall(r'<section id="answers".*?</section>', page, re.DOTALL)[0]
        texts["repr of judge"] = repr(judged)
        texts["judge --verbose"] = printed(judging, "verbose")
        texts["judge --quiet"] = printed(judging, "quiet")
        found += _refuted_beside_yes(headline, written["claims"])
        found += [f"the ending of judge: {one}" for one in _shortened(headline, printed(judging))]
    for name, text in texts.items():
        found += [
            f"{name} lacks: {words}" for words in _words_of(headline, name) if squeezed(words) not in squeezed(text)
        ]
    for name, document in documents.items():
        found += [f"{name}: {one}" for one in _differences(headline, document)]
    found += [f"the ending: {one}" for one in _shortened(headline, printed(ending))]
    return found


def _words_of(headline: Headline, surface: str) -> list[str]:
    """What stands on a surface: each question with its answer, a stated score, and the score with its baseline;
    `--quiet` is the answers alone, and `judge` does not say what to act on first."""
    questions = {QUESTIONS[name]: one for name, one in headline.answers.items()}
    if headline.stated is not None:
        questions["Stated"] = headline.stated
    found = [f"{name} {one.words}" for name, one in questions.items()]
    if "--quiet" in surface:
        return found
    found += [one.next for one in questions.values() if one.next is not None]
    if headline.score is not None:
        found.append(score_words(headline.score))
    if headline.act_first is not None and "judge" not in surface:
        found.append(headline.act_first.code)
    return found


def _differences(headline: Headline, document: Mapping[str, Any]) -> list[str]:
    """Where a headline as JSON is another one."""
    expected = json.loads(json.dumps(headline.as_json()))
    return [
        f"{field} is {document[field]}, not {value}" for field, value in expected.items() if document[field] != value
    ]


def _shortened(headline: Headline, text: str) -> list[str]:
    """What is wrong with an ending of 25 lines: each answer begins in it, and it has no line too many."""
    lines = text.splitlines()
    found = [f"{len(lines)} lines"] if len(lines) > MOST_LINES else []
    found += [
        f"a line of {len(line)} characters: {line}" for line in lines if len(line) > 80 and " " in line.strip()[:60]
    ]
    for name, one in headline.answers.items():
        if squeezed(f"{QUESTIONS[name]} {one.words[:SHOWN]}") not in squeezed(text):
            found.append(f"lacks {QUESTIONS[name]} {one.words}")
    return found


def _refuted_beside_yes(headline: Headline, claims: Sequence[Mapping[str, Any]]) -> list[str]:
    """`Real? yes` beside a refuted claim against the best trivial baseline on the same rows: refuted of the method, or
    below five seeds of these very models."""
    if headline.real.answer != "yes" or headline.score is None:
        return []
    rows = headline.score.split
    return [
        f"Real? yes beside a refuted claim on {rows}: {one['claim']}"
        for one in claims
        if "refuted" in (one["verdict"], (one["this_model"] or one)["verdict"])
        and "best-trivial" in (one["arm"], one["other"])
        and one["split"] == rows
    ]


def page_commands(page: str) -> list[str]:
    """Every whole command on a page."""
    found = re.findall(r"<(?:code|pre)[^>]*>\s*(brittlestar [^<]+?)\s*</(?:code|pre)>", page)
    return [html.unescape(one) for one in found]


def printed(ending: Any, how: Literal["", "json", "quiet", "verbose"] = "") -> str:
    """What a command prints with this ending, at 80 columns."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        show(ending, OutputOptions(**({how: True} if how else {})))
    return out.getvalue()


def squeezed(text: str) -> str:
    """Text without tags, spaces and the marks of code, which surfaces write otherwise."""
    return re.sub(r"[\s`]", "", html.unescape(re.sub(r"<[^<>]*>", " ", text)))
