"""record.json: what a record is of, and how often its test rows were scored, in one document that a person and a
script can read first."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from brittlestar.claims.sentences import describe_models
from brittlestar.core.headline import WORDS, HeadlineScore
from brittlestar.core.results import StudyRecord
from brittlestar.core.seeds import describe_gaps
from brittlestar.data.tables import format_list
from brittlestar.reports.headline_text import QUESTIONS, score_words
from brittlestar.statistics.floors import MIN_SEEDS
from brittlestar.store.attempts import COPIED, REGISTERED

STARTED = ("started", "done", "failed", COPIED)


@dataclass(frozen=True)
class ScoredRuns:
    """Runs of a study that scored its rows of `split`: how many, and how many of them before the first claim was
    registered (None where that time is not known)."""

    study: str
    split: str
    runs: int
    before_claims: int | None


Line = Mapping[str, Any]
"""A line of attempts.jsonl, or a claim as claims.json has it."""


def find_registered(lines: Sequence[Line], claims: Iterable[Line]) -> dict[str, float]:
    """When each claim that was registered before any run was so: seconds since 1970, by the claim's hash. Of a study
    that did not note it, when its first run began, since no claim was registered later; none without a run."""
    first = find_first_start(lines)
    noted = {name: line["at"] for line in lines if line["event"] == REGISTERED for name in line["claims"]}
    times = {claim["hash"]: noted.get(claim["hash"], first) for claim in claims if claim.get("registered")}
    return {name: at for name, at in times.items() if at is not None}


def find_first_start(lines: Iterable[Line]) -> float | None:
    """When the first run began: seconds since 1970; None without one."""
    return min((line["at"] for line in lines if line["event"] in STARTED), default=None)


def count_runs(study: str, lines: Iterable[Line], split: str, registered: Mapping[str, float]) -> ScoredRuns:
    """How many runs of a study scored `split`, by its attempts, and how many before its first claim."""
    done = [line["at"] for line in lines if line["event"] in ("done", COPIED)]
    first = min(registered.values(), default=None)
    before = None if first is None else sum(at < first for at in done)
    return ScoredRuns(study, split, len(done), before)


RECORD = "record.json"
README = "README.md"
RECORD_FORMAT = 1


def describe_record(
    record: StudyRecord,
    document: Mapping[str, Any],
    code: Mapping[str, Any],
    withheld: Sequence[str],
    scored: Iterable[ScoredRuns],
    registered_at: Mapping[str, float],
) -> dict[str, Any]:
    """The document: `document` is that of results.json, and `registered_at` the time of each claim by its hash. `code`
    has the hashes of `files` of own code, and whether that is `unchanged` since the runs were made (None where there is
    none, or it was an object in memory)."""
    states = Counter(cell.state for cell in record.cells)
    seconds: Mapping[str, float] = record.timing["cell_seconds"]
    return {
        "format": RECORD_FORMAT,
        "brittlestar": version("brittlestar"),
        "name": record.name,
        "folder": record.folder,
        "main": record.main,
        "metric": record.metric,
        "headline": document["headline"],
        "runs": {state: states[state] for state in ("done", "failed", "lost", "planned", "running")},
        "compute": {"runs": len(seconds), "seconds": round(sum(seconds.values()), 3)},
        "environment": document["environment"],
        "data": {
            name: {"rows": split.rows, "fingerprint": split.fingerprint} for name, split in record.every_split.items()
        },
        "claims": [
            {
                **{name: claim.get(name) for name in ("claim", "hash", "registered")},
                "at": registered_at.get(claim["hash"]),
            }
            for claim in record.claims
        ],
        "own_code": dict(code),
        "withheld": list(withheld),
        "scored_before": [asdict(one) for one in scored],
    }


def list_verdicts(document: Mapping[str, Any]) -> dict[str, str]:
    """The verdict of each claim of results.json, by the claim's hash, in the words of every other surface."""
    return {one["hash"]: _name_verdict(one) for one in document["claims"]}


def _name_verdict(claim: Mapping[str, Any]) -> str:
    """As `verdict_words` has it: below 5 runs that of these very models, where they settle it. A claim that the study
    no longer makes has none."""
    if "verdict" not in claim:
        return "withdrawn"
    mine = claim.get("this_model") or {}
    few = claim["verdict"] == "inconclusive" and claim.get("seeds", MIN_SEEDS) < MIN_SEEDS
    settled = few and mine.get("verdict", "inconclusive") != "inconclusive"
    return f"{mine['verdict']} for {describe_models(mine['seeds'])}" if settled else str(claim["verdict"])


def tell_record(about: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    """What record.json says: the score, the answers, and the claims, each with its verdict of results.json, the
    `document`, as are gaps in the numbers of seeds."""
    verdicts = list_verdicts(document) if document else {}
    gaps = describe_gaps(cell["seed"] for cell in document.get("cells", ()) if cell["variant"] == about["main"])
    headline = about["headline"]
    score = headline["score"]
    told = [] if score is None else [f"{score['variant']} scores {score_words(HeadlineScore(**score))}."]
    told += [f"{title} {WORDS[headline[key]['answer']]}." for key, title in QUESTIONS.items() if headline[key]]
    named = [f"{one['claim']}: {verdicts.get(one['hash'], 'no verdict')}" for one in about["claims"]]
    before = [told for told, one in zip(named, about["claims"], strict=True) if one["registered"]]
    later = [told for told in named if told not in before]
    told += [f"Registered before the runs (the record says so, unproven): {format_list(before)}."] if before else []
    told += [f"Not registered: {format_list(later)}."] if later else []
    told += [f"Of {about['main']} {gaps}."] if gaps else []
    return " ".join(told)


def write_readme(record: StudyRecord, withheld: Sequence[str], says: str) -> bytes:
    """What a person reads who unpacks a record, which `says` so much."""
    kept = "It holds the data, too." if not withheld else "Weights, or tokens of rows, were left out: see record.json."
    template = Path(__file__).with_name("readme_of_record.md").read_text(encoding="utf-8")
    return template.format(name=record.name, kept=kept, says=says).encode()
