"""Answers about settings, runs, claims and records that several checklists ask for: each rule stands once."""

from collections import Counter

from brittlestar.claims.number_phrases import describe_population
from brittlestar.reports.checklists.facts import UNKNOWN, Answered, Facts
from brittlestar.reports.checklists.limits import list_limits
from brittlestar.reports.headline_text import score_words
from brittlestar.statistics.floors import MIN_SEEDS
from brittlestar.study.claims import format_claim
from brittlestar.study.units import count, unit_of

MOST_NAMED = 3  # a cell of a table that a person reads (convention)


def answer_claims(facts: Facts) -> Answered:
    """Whether claims are on record, and what came of them."""
    if not facts.judgements:
        return Answered(UNKNOWN, "No claim is judged on record. The paper's claims are its author's to match.")
    before = sum(one.registered for one in facts.judgements)
    told = [f"{format_claim(one.claim)}: {one.verdict}" for one in facts.judgements[:MOST_NAMED]]
    more = len(facts.judgements) - len(told)
    listed = "; ".join([*told, *([f"{more} more"] if more else [])])
    return Answered(
        "in part",
        f"{before} of {count(len(facts.judgements), 'claim')} registered before the first run. {listed}. "
        "Whether the paper says the same is for its author. Found in: claims.json; report: Claims.",
    )


def answer_limitations(facts: Facts) -> Answered:
    """What follows from the study as its limits."""
    total = list_limits(facts).total
    return Answered(
        "in part",
        f"{count(total, 'limit')} of the study follow from its record. Assumptions and scope are for the author. "
        "Found in: Limits, below.",
    )


def answer_reproduction(facts: Facts) -> Answered:
    """Whether others can repeat and check the results."""
    if not any(facts.seeds.values()):
        return Answered("no", "No run is finished, so there is no result to reproduce. Found in: study.json.")
    if facts.sealed is not None:
        where = facts.sealed.evidence
        if facts.is_given:
            return Answered(
                "in part", f"{where} Predictions of {facts.main} were given: only scores can be recomputed."
            )
        return Answered("yes", f"{where} Found in: manifest.json, record.json, code/study.yaml.")
    return Answered(
        "in part", "Settings and root seeds are recorded, but the study is not sealed. Found in: study.json (settings)."
    )


def answer_script(facts: Facts) -> Answered:
    """Whether something makes the results again."""
    if facts.sealed is None or facts.is_given:
        return answer_reproduction(facts)
    return Answered(
        "in part",
        f"code/study.yaml in {facts.sealed.record} makes runs and report again; what else the paper has is not in it. "
        "Found in: code/study.yaml.",
    )


def answer_code(facts: Facts) -> Answered:
    """Which code trained and evaluated, and whether it can be had."""
    if facts.is_given:
        return Answered(
            "in part",
            f"Scores come from {name_version(facts)}; the code behind the given predictions is not recorded.",
        )
    whose = f"Own code ({facts.own})" if facts.own else "Built-in models"
    if facts.sealed is None:
        return Answered("in part", f"{whose} with {name_version(facts)}; not sealed. Found in: study.json (settings).")
    kept = "its files are in code/ of" if facts.own else "their settings are sealed in"
    return Answered(
        "in part",
        f"{whose} with {name_version(facts)}; {kept} {facts.sealed.record}. A public address is not recorded.",
    )


def answer_dependencies(facts: Facts) -> Answered:
    """Which software versions ran."""
    if not facts.software:
        return Answered("no", "No versions are recorded. Found in: study.json (environment).")
    return Answered("yes", f"{facts.software}. Found in: study.json (environment).")


def name_version(facts: Facts) -> str:
    """`brittlestar 0.1.0`, as it ran."""
    return next((one for one in facts.software.split(", ") if one.startswith("brittlestar ")), "brittlestar")


def answer_settings(facts: Facts) -> Answered:
    """Whether every setting is stated."""
    if facts.is_given:
        return Answered(
            UNKNOWN, f"Predictions of {facts.main} were given; the settings that trained it are not recorded."
        )
    unequal = [name for name, one in facts.variants.items() if one.unequal_budget]
    mark = f" Unequal budgets: {', '.join(unequal)}." if unequal else ""
    own = " Values inside own code that are no settings are not seen." if facts.own else ""
    return Answered(
        "in part" if facts.own else "yes",
        f"{count(len(facts.settings), 'setting')} of {facts.main}, each with its origin; {facts.stated} are no "
        f"defaults.{mark}{own} Found in: study.json (settings).",
    )


def answer_search(facts: Facts) -> Answered:
    """Which values were tried, and how one was chosen."""
    if facts.is_given:
        return answer_settings(facts)
    found = [one.summary for one in facts.list_findings("claim.untuned") if one.status == "present"]
    told = f" claim.untuned: {found[0]}" if found else ""
    return Answered(
        "in part",
        f"{count(len(facts.variants), 'variant')} on record, {facts.main} at one value of each setting. Searches "
        f"made elsewhere leave no trace.{told} Found in: study.json (settings); report: Variants.",
    )


def answer_selection(facts: Facts) -> Answered:
    """How the reported model was chosen among checkpoints."""
    split, metric = (facts.settings.get(f"training.selection.{name}") for name in ("split", "metric"))
    if facts.is_given or not split or not metric:
        return Answered(UNKNOWN, f"How {facts.main} was selected is not recorded.")
    return Answered(
        "in part",
        f"The checkpoint with the best {unit_of(str(metric)).name} on {split} was kept. Why these variants were chosen "
        "is for the author. Found in: study.json (settings).",
    )


def answer_runs(facts: Facts) -> Answered:
    """How many runs there were."""
    done, lost = facts.runs.get("done", 0), facts.runs.get("failed", 0) + facts.runs.get("lost", 0)
    told = (
        f"{count(sum(facts.runs.values()), 'run')} planned, {done} finished, {lost} failed or lost, {facts.diverged} "
        f"diverged; {facts.main} has {count(facts.seeds[facts.main], 'finished seed')}."
    )
    return Answered("yes" if done else "no", f"{told} Found in: attempts.jsonl, cells/.")


def answer_uncertainty(facts: Facts) -> Answered:
    """Whether scores have intervals, and from how many seeds."""
    seeds, score = facts.seeds[facts.main], facts.headline.score
    if not seeds or score is None or score.interval is None:
        why = f"{count(seeds, 'finished seed')} of {facts.main} and no interval for its score"
        return Answered("no", f"{why}. Found in: report, first screen.")
    few = f" Fewer than {MIN_SEEDS} seeds: no verdict on the method." if seeds < MIN_SEEDS else ""
    return Answered(
        "in part" if few else "yes",
        f"{facts.main}: {score_words(score)}.{few} Found in: report, first screen and Appendix.",
    )


def answer_tests(facts: Facts) -> Answered:
    """Which tests decided, and whether their assumptions were checked."""
    if not facts.judgements:
        return Answered("does not apply", "No claim is on record, so no test decided one. Found in: claims.json.")
    verdicts = Counter(one.verdict for one in facts.judgements)
    listed = ", ".join(f"{n} {verdict}" for verdict, n in sorted(verdicts.items()))
    opinions = sum(one.opinions is not None for one in facts.judgements)
    return Answered(
        "in part",
        f"Verdicts follow from intervals with levels shared among claims: {listed}. Second opinions from other tests: "
        f"{opinions}. Why these tests suit is for the author. Found in: report: Claims.",
    )


def answer_infrastructure(facts: Facts) -> Answered:
    """On what machine it ran."""
    if len(facts.given) == len(facts.variants):
        return Answered(UNKNOWN, "Predictions were given; what machine trained them is not recorded.")
    if not facts.hardware:
        return Answered("no", "The machine is not recorded. Found in: study.json (environment).")
    return Answered("yes", f"{facts.hardware}. Found in: study.json (environment).")


def answer_runtime(facts: Facts) -> Answered:
    """How long runs took."""
    if facts.seconds is None:
        return Answered(UNKNOWN, "No clock of any run is recorded.")
    done = facts.runs.get("done", 0)
    mean = f", {facts.seconds / done:,.1f} s a finished run" if done else ""
    return Answered("yes", f"{facts.seconds:,.1f} s over all runs on record{mean}. Found in: cells/ (timing.json).")


def answer_compute(facts: Facts) -> Answered:
    """Machine, time and memory together."""
    machine, time = answer_infrastructure(facts), answer_runtime(facts)
    if "yes" not in (machine.answer, time.answer):
        return machine
    told = "Memory, and runs made outside this study, are not recorded."
    return Answered("in part", f"{machine.evidence} {time.evidence} {told}")


def answer_population(facts: Facts) -> Answered:
    """What verdicts speak of."""
    if not facts.judgements:
        return Answered(UNKNOWN, "No claim is on record that names a population.")
    named = dict.fromkeys(describe_population(one.population, one.seeds) for one in facts.judgements)
    return Answered(
        "in part",
        f"Verdicts speak of: {'; '.join(named)}. Where such rows come from is for the author. Found in: claims.json.",
    )


def answer_readme(facts: Facts) -> Answered:
    """A record has a README that says how to check it."""
    if facts.sealed is None:
        return Answered("no", "The study is not sealed, so it has no README. Found in: study folder.")
    return Answered("yes", f"README.md in {facts.sealed.record} says what each part is and how to check it.")


def answer_evaluation_code(facts: Facts) -> Answered:
    """Scores are computed by this package from stored predictions."""
    if not any(facts.seeds.values()):
        return Answered("no", "No run is finished, so nothing was evaluated. Found in: study.json.")
    return Answered("yes", f"Scores are computed from stored predictions by {name_version(facts)}. Found in: cells/.")


def answer_weights(facts: Facts) -> Answered:
    """Whether trained weights are kept."""
    if facts.is_given or facts.own:
        return Answered(UNKNOWN, f"Weights of {facts.main} are kept only where the study trained it. See: cells/.")
    kept = f"; sealed in {facts.sealed.record} unless withheld" if facts.sealed is not None else ""
    seeds = count(facts.seeds[facts.main], "finished run")
    return Answered(
        "in part" if facts.seeds[facts.main] else "no",
        f"{seeds} of {facts.main}{kept}. A public address is not recorded. Found in: cells/ (weights).",
    )


def answer_complexity(facts: Facts) -> Answered:
    """Parameters and time are measured; no analysis is."""
    sizes = [f"{name} {one.parameters:,}" for name, one in facts.variants.items() if one.parameters is not None]
    if not sizes:
        return Answered(UNKNOWN, "Parameters are not recorded, and no analysis is.")
    return Answered(
        "in part", f"Parameters: {', '.join(sizes)}. {answer_runtime(facts).evidence} No analysis is recorded."
    )
