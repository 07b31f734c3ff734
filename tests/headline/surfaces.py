"""What every surface says of one study, and where two of them contradict each other."""

import contextlib
import html
import io
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from brittlestar.cli.guarding import OutputOptions
from brittlestar.cli.output import TerminalOutput, show
from brittlestar.cli.outputs.answers import judge_output
from brittlestar.cli.outputs.run import check_output, run_output
from brittlestar.core.headline import Headline
from brittlestar.reports.answers.vetoes import OPENS
from brittlestar.reports.headline_text import QUESTIONS, score_words
from brittlestar.verbs.check import CheckResult
from brittlestar.verbs.judge import judge
from brittlestar.verbs.run import RunResult

MOST_LINES = 25
SHOWN = 25
"""Characters of an answer that an ending shows at least, however it is shortened."""


def ending_of(result: CheckResult | RunResult) -> TerminalOutput:
    """The ending that the command prints."""
    return check_output(result) if isinstance(result, CheckResult) else run_output(result, Path("data"))


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
    whole = json.loads(printed(ending, "json"))
    documents: dict[str, Mapping[str, Any]] = {"--json": whole["headline"]}
    found += broken_rules(whole)
    if store is not None:
        judged = judge(store)
        judging = judge_output(judged)
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
        found += [f"{name}: {difference}" for difference in _differences(headline, document)]
    found += [f"the ending: {one}" for one in _shortened(headline, printed(ending))]
    return found


VOID = (
    "eval.label-order",
    "eval.checkpoint",
    "eval.train-mismatch",
    "eval.constant",
    "leak.selection",
    "leak.preprocess",
)
"""Findings whose errors say that the score is not what it says, whatever it would be."""


def broken_rules(document: Mapping[str, Any]) -> list[str]:
    """What breaks the rules of effects in a document: an error of which no point is proven, harmless findings that are
    none, something to act on first of which nothing is proven, and a *yes* of which nothing was looked at."""
    found: list[str] = []
    present = [one for one in document["findings"] if one["status"] == "present"]
    mine = [one for one in present if one["where"].get("variant") in (None, "main")]
    proven = {one["code"]: _proven(one["effect"]) for one in mine}
    for one in mine:
        explained = [proven.get(code, 0.0) for code in one["evidence"].get("explains", ())]
        least = max([_proven(one["effect"]), *explained])
        if one["severity"] == "error" and one["code"] not in VOID and least < 1:
            found.append(f"{one['code']} is an error of which {least:.2f} points are proven")
        effect = one["effect"]
        small = effect is not None and max(abs(effect["low"]), abs(effect["high"])) < 1
        if one["severity"] != "info" and small and not explained:
            found.append(f"{one['code']} is no information, and moves less than a point")
    headline = document["headline"]
    act = headline["act_first"]
    if act is not None and not any(
        one["severity"] == "error"
        or _proven(one["effect"])
        or one["code"] in headline["real"]["sentence"]
        or "sound" in OPENS.get(one["code"], ())
        for one in mine
        if one["code"] == act["code"]
    ):
        found.append(f"{act['code']} is to be acted on first, and nothing of it is proven")
    if headline["holds"]["answer"] == "yes" and not headline["holds"]["grounds"] and not document.get("probes"):
        found.append("Holds? yes, and nothing was looked at")
    return found


def _proven(effect: Mapping[str, Any] | None) -> float:
    if effect is None or effect["low"] <= 0 <= effect["high"]:
        return 0.0
    return min(abs(effect["low"]), abs(effect["high"]))


def _words_of(headline: Headline, surface: str) -> list[str]:
    """What stands on a surface: each question with its answer, a stated score, and the score with its baseline;
    `--quiet` is the answers alone, and `judge` does not say what to act on first."""
    questions = {QUESTIONS[name]: answer for name, answer in headline.answers.items()}
    if headline.stated is not None:
        questions["Stated"] = headline.stated
    found = [f"{name} {question.words}" for name, question in questions.items()]
    if "--quiet" in surface:
        return found
    found += [question.next for question in questions.values() if question.next is not None]
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
    """What is wrong with an ending: each answer begins in its first 25 lines, and no sentence is cut."""
    lines = text.splitlines()
    first = squeezed("\n".join(lines[:MOST_LINES]))
    found = [f"a sentence that is cut: {line}" for line in lines if line.endswith("…")]
    found += [
        f"a line of {len(line)} characters: {line}" for line in lines if len(line) > 80 and " " in line.strip()[:60]
    ]
    for name, answer in headline.answers.items():
        if squeezed(f"{QUESTIONS[name]} {answer.words[:SHOWN]}") not in first:
            found.append(f"lacks {QUESTIONS[name]} {answer.words}")
    return found


def _refuted_beside_yes(headline: Headline, claims: Sequence[Mapping[str, Any]]) -> list[str]:
    """`Real? yes` beside a refuted claim against the best trivial baseline on the same rows: refuted of the method, or
    below five seeds of these very models."""
    if headline.real.answer != "yes" or headline.score is None:
        return []
    rows = headline.score.split
    return [
        f"Real? yes beside a refuted claim on {rows}: {claim['claim']}"
        for claim in claims
        if "refuted" in (claim["verdict"], (claim["this_model"] or claim)["verdict"])
        and "best-trivial" in (claim["arm"], claim["other"])
        and claim["split"] == rows
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
