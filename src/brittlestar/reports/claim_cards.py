"""Claims as the page shows them, with what a study could have found."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from brittlestar.claims.headline_numbers import list_judged
from brittlestar.claims.judgement import Judgement
from brittlestar.claims.sentences import choose_judgement, describe_level_origin, verdict_words
from brittlestar.reports.study_view import StudyView
from brittlestar.study.claims import format_claim
from brittlestar.study.units import count, unit_of

BEYOND = {
    "fixed-test-set": "for new rows or new training sets: these rows alone were judged",
    "new-examples": "for new training sets: train was the same for every seed",
    "new-training-sets": "for data from another source",
    "this-model": "for the method: these runs alone were judged",
}


@dataclass(frozen=True)
class ClaimCard:
    """A claim with its verdict, in `said` as people read it; `words` are the sentences that every surface prints of it.
    `power` and `overreach` are sentences, empty where nothing judged it; `level` says where that of its interval comes
    from, and `details` how it was registered; `is_default` that nobody did."""

    anchor: str
    claim: str
    verdict: str
    said: str
    words: str
    power: str
    overreach: str
    details: str
    is_default: bool
    level: str = ""


def claim_cards(reading: StudyView) -> tuple[ClaimCard, ...]:
    """A card for each claim on record, then for each default claim that is not among them."""
    judged = {judgement.claim.hash: judgement for judgement in reading.judgements}
    every = list_judged(reading.judgements, reading.numbers)
    sharing = sum(judgement.registered for judgement in every)
    cards: list[ClaimCard] = []
    for claim in reading.record.claims:
        one = None if claim.get("withdrawn") else judged.get(str(claim.get("hash")))
        anchor = f"claim-{len(cards) + 1}"
        if one is None:
            text = "This claim was withdrawn." if claim.get("withdrawn") else "This claim has not been judged."
            said = ("not judged", "not judged")
            cards.append(ClaimCard(anchor, str(claim["claim"]), *said, text, "", "", _details(claim), False))
        else:
            cards.append(_card(anchor, str(claim["claim"]), one, _details(claim), False, sharing))
    for one in every[len(reading.judgements) :]:
        cards.append(_card(f"claim-{len(cards) + 1}", format_claim(one.claim), one, "", True, sharing))
    return tuple(cards)


def claim_anchors(cards: tuple[ClaimCard, ...], reading: StudyView) -> dict[str, str]:
    """The card of each judged claim, by the claim as grounds name it."""
    named = {card.claim: card.anchor for card in reversed(cards) if card.verdict != "not judged"}
    by_hash = {str(claim.get("hash")): card.anchor for claim, card in zip(reading.record.claims, cards, strict=False)}
    return named | {
        format_claim(judgement.claim): by_hash[judgement.claim.hash]
        for judgement in reading.judgements
        if judgement.claim.hash in by_hash
    }


def _card(anchor: str, claim: str, judgement: Judgement, details: str, is_default: bool, sharing: int) -> ClaimCard:
    found = choose_judgement(judgement)
    texts = verdict_words(judgement), judgement.sentence, describe_power(found), describe_overreach(found)
    level = "" if found.interval is None else describe_level_origin(judgement, sharing)
    return ClaimCard(anchor, claim, found.verdict, *texts, details, is_default, level)


def _details(claim: Mapping[str, Any]) -> str:
    said = [*(f"{key} {claim[key]}" for key in ("population", "split", "alpha")), f"hash {claim['hash'][:12]}"]
    if not claim["registered"]:
        said.append("written after results existed (exploratory)")
    if claim.get("withdrawn"):
        said.append("withdrawn after results existed")
    return "; ".join(said)


def describe_power(judgement: Judgement) -> str:
    """What this study could have found, in a sentence; empty where that is not known."""
    if judgement.smallest_detectable is None:
        return ""
    seeds = count(judgement.seeds, "run finds", "seeds find")
    where = "within a margin of" if judgement.claim.relation == "==" else "beyond the threshold by"
    size = unit_of(judgement.claim.metric).amount(judgement.smallest_detectable)
    return f"{seeds} a difference {where} {size} with 80 % power."


def describe_overreach(judgement: Judgement) -> str:
    """What the verdict does not support, to be read after `Do not write:`."""
    said = format_claim(judgement.claim)
    if judgement.verdict == "inconclusive":
        return f"that “{said}” is true, or that it is false"
    if judgement.verdict == "refuted":
        return f"“{said}”, or that more seeds would show it"
    return f"“{said}” {BEYOND.get(judgement.population, 'for anything else')}"
