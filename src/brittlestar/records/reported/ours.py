"""Sentences without what they say of other models, other work, searches and trials, and of how a training went."""

from __future__ import annotations

import re

_N = r"\d[\d.,]*(?:e[-−+]?\d+)?(?:\s*[×·x]\s*10\^?\{?[-−]?\d+\}?)?\s?%?"
_CLAUSE = re.compile(
    r";\s+|,?\s+(?:whereas|while)\s+|,\s+(?:but\s+|so\s+)?(?=(?:we|our|ours)\b)|\s(?=in the (?:main|final|"
    r"present) (?:experiment|study|version))",
    re.IGNORECASE,
)
"""What separates a part of a sentence that may be about somebody else."""
_OURS = re.compile(
    r"\b(?:we|our|ours|the (?:proposed|present|final|main) \w+|in this (?:work|paper|study))\b", re.IGNORECASE
)
_ELSEWHERE = re.compile(
    r"\bpilot\b|\b(?:previous|earlier|prior|preliminary|former|original)(?:ly)? (?:\w+ )?(?:work|versions?|study|"
    r"studies|"
    r"experiments?|papers?|implementation|code|authors?|submission|manuscript|runs?|draft|setup|model)\b|"
    r"\bin experiment \d|\bin the (?:appendix|supplement\w*)|\bsupplementary experiment|\bfor (?:a )?comparison\b|"
    r"^initially,? we\b|\beven with\b|\b(?:layer|batch) ?norm\w*\b[^.;]*\b(?:eps|momentum)",
    re.IGNORECASE,
)
"""Words of clauses that are about something else, whoever did it."""
_OTHER_MODELS = re.compile(
    r"\bbaselines?\b|\b(?:Ro|Distil|Al)?BERTa?(?:-\w+)?\b|\bGPT\b|\bELMo\b|\bSVMs?\b|\brandom forests?\b", re.IGNORECASE
)
"""Models that are none of ours, where a page speaks of another one besides."""
_OUR_MODEL = re.compile(r"\b(?:our|ours|proposed)\b|\b(?:bi-?)?(?:lstm|gru)s?\b|\btransformer\b", re.IGNORECASE)
_THEIRS = re.compile(
    r"\bet al\b|\btheirs\b|\bthey (?:use|used|train\w*|report\w*|set)\b|"
    r"\b[A-Z][a-z]+ (?:(?:and|&) [A-Z][a-z]+ )?\((?:19|20)\d\d[a-z]?\)"
)
"""Words of clauses that are about others, where they do not speak of us."""
_OF_OTHERS = re.compile(
    rf"(?:\b(?:was|were|is|are|of|to)\s+)?{_N} (?:for|in|with) (?:the |our |"
    rf"all )?(?:[\w-]+ )?baselines?(?:,? (?:and|but|versus|vs\.?)|,)?|"
    r"^.*\b(?:perform\w*|is|was|are|were|does|did) (?:on par|worse|better|similar\w*|comparabl\w*|"
    r"as well)\b[\w ]*?\b(?=(?:with |than |to )?our\b)|"
    r"\bno (?=(?:lstm|gru|transformer)s?\b)|\b\w+-free\b|\b\d+ batches\b(?= of)|\beach head (?:has|"
    r"with)\b[^.;]*?dimensions|"
    r"\b(?:splits?|data(?:set)?|corpus)\b[^.;]*?\b(?:was|were|is|are)\b[^.;]*?\bseed (?:of )?\d+|\b\d{4}-\d{2}-\d{2}\b|"
    r"\b\d{1,2}\.? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w* \d{4}\b|\b(?:jan|feb|mar|apr|may|jun|"
    r"jul|aug|sep|oct|nov|dec)\w* (?:\d{1,2}, )?(?:19|20)\d\d\b",
    re.IGNORECASE,
)
"""What is said of another model beside ours."""
_SEARCHED = re.compile(
    r"(?<!fine-)(?<!fine )\btun(?:ed|ing)\b|\bgrid|\bsweep|\bswept\b|\bsearch|\bvar(?:y|ied)\b|\bcandidates?\b|"
    r"\blog-uniform|\bexperimented with\b",
    re.IGNORECASE,
)
_RANGE = re.compile(
    rf"(?:\b(?:in|over|between|from|among|within)\s+)?[\[({{]\s*{_N}(?:\s*(?:,|to|and|–|-)\s*{_N})+\s*[\])}}]|"
    rf"\bbetween {_N} and {_N}|\b(?:from )?{_N} (?:to|–) {_N}|{_N}(?:,| or) {_N}",
    re.IGNORECASE,
)
_FAILED = re.compile(
    r"\btried\b|\bexplored\b|\bdiverge\w*|\btoo (?:slow|large|small|high|low)\b|\bsimilar results\b|\bhurts?\b|"
    r"\bTODO\b|"
    r"\brobustness\b|(?:not|n't|no|little|never) (?:\w+ )?(?:improve\w*|help|matter|difference|effect|gain)\b"
    r"(?! (?:for|(?:in|within|over) (?:the )?(?:last )?[\w-]+(?: \w+){0,2} (?:epoch|evaluation)|"
    r"of (?:the )?(?:dev|val)))(?!\w)|"
    r"\bresults? (?:did|do|does) not change|\bablations?\b|\bunchanged\b",
    re.IGNORECASE,
)
_TAKEN = re.compile(
    r"\b(?:final(?:ly)?|best|chosen|choose|chose|select(?:ed)?|settled|optimal|ended up|in the end|fixed|"
    r"result(?:ed|ing)?|and use)\b",
    re.IGNORECASE,
)
"""Words that say what was taken in the end."""
_TRIALS = re.compile(
    r"\b\d+ (?:trials|runs|samples|configurations|evaluations|iterations)\b(?= (?:of|with|per|in|for|by)\b[^.;,]*?"
    r"(?:search|optimi[sz]ation|tuning|settings?|configurations?))|\bsearch (?:\(\d+ \w+\)|with \d+ \w+)|"
    r"\b(?:optuna|hyperopt|tuning)\b[^.;]*?\d+ (?:trials|runs)",
    re.IGNORECASE,
)
_WENT = re.compile(
    r"\b(?:at|by|around|in|from|until|since) epochs? \d+|\b(?:one|an|each|every|a single) epoch (?:takes?|took|"
    r"consists?|has|had|"
    r"compris\w*|is|was|of|needs?)\b[^.;]*|"
    r"(?<!stop )(?<!stops )(?<!stopped )(?<!stopping )(?<!training )(?<!trained )(?<!ended )(?<!halved )(?<!reduced )"
    r"(?<!decayed )"
    r"(?<!rate )(?<!decay )(?<!half )\b(?:after|within|before) (?:only |about |just |the first )?(?:[\d.]+|one|"
    r"two|three|four|five) epochs?\b"
    r"(?! (?:without|of no|with no))|\b(?:for|in|during) the (?:first|last|next|remaining) (?:\d+|two|three|four|"
    r"five)(?: epochs?)?(?= and\b|\.|,|$)|"
    r"\bafter epoch \d+|\b(?:after )?[\d.]+ epochs? (?:on average|in the mean)\b|"
    r"\bon average (?:after )?[\d.]+ epochs?",
    re.IGNORECASE,
)
"""How far a training was when something was seen, and how long an epoch is."""


def speaks_of_ours(text: str) -> bool:
    """Whether a page speaks of a model beside those that are baselines."""
    clauses = (one for part in re.split(r"\.\s", text) for one in _CLAUSE.split(part))
    return any(_OUR_MODEL.search(one) for one in clauses if not _OTHER_MODELS.search(one))


def keep_ours(sentence: str, beside: bool) -> str:
    """A sentence without clauses about other work or trials, and about baselines where they are `beside` a model."""
    plain = _TRIALS.sub("", _OF_OTHERS.sub("", sentence))
    if (searched := _SEARCHED.search(plain)) and _RANGE.search(plain):
        plain = _keep_taken(plain, searched.end())
    return _WENT.sub("", "; ".join(part for one in _CLAUSE.split(plain) if (part := _keep_clause(one, beside))))


def _keep_taken(text: str, begun: int) -> str:
    """What was taken in the end, behind what was tried."""
    taken = _TAKEN.search(text, begun)
    return "" if taken is None else text[taken.start() :]


def _keep_clause(clause: str, beside: bool) -> str:
    other = beside and _OTHER_MODELS.search(clause)
    if other or _ELSEWHERE.search(clause) or (_THEIRS.search(clause) and not _OURS.search(clause)):
        return ""
    failed = [*_FAILED.finditer(clause)]
    return _keep_taken(clause, failed[-1].end()) if failed else clause
