"""Claims as the page shows them: those on record first, then the default claims that the answers rest on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from brittlestar.claims.judgement import Judgement
from brittlestar.reports.reading import Reading
from brittlestar.reports.verdict_tables import describe_overreach, describe_power
from brittlestar.study.claims import format_claim


@dataclass(frozen=True)
class ClaimCard:
    """A claim with its verdict; `words` are the sentences that every surface prints of it. `power` and `overreach` are
    sentences, empty where nothing judged it; `details` say how it was registered; `is_default` that nobody did."""

    anchor: str
    claim: str
    verdict: str
    words: str
    power: tuple[str, ...]
    overreach: str
    details: str
    is_default: bool


def claim_cards(reading: Reading) -> tuple[ClaimCard, ...]:
    """A card for each claim on record, then for each default claim that is not among them."""
    judged = {one.claim.hash: one for one in reading.judgements}
    cards: list[ClaimCard] = []
    shown: set[str] = set()
    for claim in reading.record.claims:
        one = None if claim.get("withdrawn") else judged.get(str(claim.get("hash")))
        anchor = f"claim-{len(cards) + 1}"
        if one is None:
            text = "This claim was withdrawn." if claim.get("withdrawn") else "This claim has not been judged."
            cards.append(ClaimCard(anchor, describe_claim(claim), "not judged", text, (), "", _details(claim), False))
        else:
            shown.add(format_claim(one.claim))
            cards.append(_card(anchor, describe_claim(claim), one, _details(claim), False))
    for one in _defaults(reading):
        if format_claim(one.claim) not in shown:
            cards.append(_card(f"claim-{len(cards) + 1}", format_claim(one.claim), one, "", True))
    return tuple(cards)


def drawn_claims(reading: Reading) -> tuple[Judgement, ...]:
    """The judgements on record, then those of default claims that are not among them."""
    shown = {format_claim(one.claim) for one in reading.judgements}
    return (*reading.judgements, *(one for one in _defaults(reading) if format_claim(one.claim) not in shown))


def claim_anchors(cards: tuple[ClaimCard, ...], reading: Reading) -> dict[str, str]:
    """The card of each judged claim, by the claim as grounds name it."""
    named = {card.claim: card.anchor for card in reversed(cards) if card.verdict != "not judged"}
    by_hash = {str(claim.get("hash")): card.anchor for claim, card in zip(reading.record.claims, cards, strict=False)}
    return named | {
        format_claim(one.claim): by_hash[one.claim.hash] for one in reading.judgements if one.claim.hash in by_hash
    }


def describe_claim(claim: Mapping[str, Any]) -> str:
    """The claim as registered; composed from its fields where it has no sentence."""
    for key in ("claim", "sentence", "text"):
        if isinstance(claim.get(key), str):
            return str(claim[key])
    within, size = ("within", "margin") if claim.get("relation") == "==" else ("by", "threshold")
    sides = " ".join(str(claim.get(key, "?")) for key in ("arm", "relation", "other"))
    return f"{sides} {within} {claim.get(size)} on {claim.get('metric', '?')}"


def _card(anchor: str, claim: str, one: Judgement, details: str, is_default: bool) -> ClaimCard:
    power, overreach = tuple(describe_power(one)), describe_overreach(one)
    return ClaimCard(anchor, claim, one.verdict, one.sentence, power, overreach, details, is_default)


def _defaults(reading: Reading) -> list[Judgement]:
    numbers = reading.numbers
    if numbers is None:
        return []
    claims = (numbers.all.claim, None if numbers.unseen is None else numbers.unseen.claim, *numbers.shifts)
    return [one for one in claims if one is not None]


def _details(claim: Mapping[str, Any]) -> str:
    said = [f"{key} {claim[key]}" for key in ("population", "split", "alpha") if key in claim]
    if isinstance(claim.get("hash"), str):
        said.append(f"hash {str(claim['hash'])[:12]}")
    if claim.get("registered") is False:
        said.append("written after results existed (exploratory)")
    if claim.get("withdrawn"):
        said.append("withdrawn after results existed")
    return "; ".join(said)
