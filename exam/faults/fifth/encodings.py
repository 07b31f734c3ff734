"""Spellings that a program broke: codecs, entities, lost or composed accents, letters of another script."""

from __future__ import annotations

import unicodedata
from html.entities import codepoint2name

import numpy as np

from exam.cases import Row
from exam.faults.drawing import written
from exam.faults.fifth.codes import hoists
from exam.faults.fifth.planting import Respell, fifth, respelled
from exam.faults.fifth.texts import announcements, bulletins, verses
from exam.planted import Planted, Subject

_TWINS = str.maketrans("аеорсух", "aeopcyx")
"""Cyrillic letters, and Latin ones that look like them."""


def misread(codec: str, wrong: str, times: int = 1) -> Respell:
    """A spelling that was written in one codec and read in another, `times` over."""

    def respell(token: str) -> str:
        for _ in range(times):
            token = token.encode(codec, "replace").decode(wrong, "replace")
        return token

    return respell


def _entities(token: str) -> str:
    """Letters that are not plain ones, as entities of HTML."""
    return "".join(
        f"&{codepoint2name[ord(letter)]};" if ord(letter) > 127 and ord(letter) in codepoint2name else
        f"&#{ord(letter)};" if ord(letter) > 127 else letter
        for letter in token
    )  # fmt: skip


def bare(token: str) -> str:
    """Letters without their accents."""
    return "".join(part for part in unicodedata.normalize("NFD", token) if not unicodedata.combining(part))


def _hyphenated(token: str) -> str:
    """A long word with the soft hyphen of a typesetter in its middle."""
    return f"{token[: len(token) // 2]}\u00ad{token[len(token) // 2 :]}" if len(token) > 6 else token


def _unseparated(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """In a share of the train rows each flag is written on to the one before, two and two, without a blank."""
    rows: dict[int, Row] = {
        i: tuple("".join(row[k : k + 2]) for k in range(0, len(row), 2))
        for i, row in enumerate(subject.split("train").rows)
    }
    return written(subject, "train", dose, random, rows)


_TRAIN, _TEST, _DEV = "share of train rows", "share of test rows", "share of dev rows"
_SUBTLE = (0.04, 0.25)

ENCODINGS = (
    fifth("data.encoding", "UTF-8 read as Latin-1", _TEST, _SUBTLE, respelled("test", misread("utf8", "latin1")),
          announcements),
    fifth("data.encoding", "read wrongly twice", _TRAIN, _SUBTLE, respelled("train", misread("utf8", "cp1252", 2)),
          bulletins),
    fifth("data.encoding", "UTF-8 read as an old codec of DOS", _DEV, _SUBTLE,
          respelled("dev", misread("utf8", "cp437")), announcements),
    fifth("data.encoding", "KOI8 read as Windows", _TRAIN, _SUBTLE, respelled("train", misread("koi8_r", "cp1251")),
          verses),
    fifth("data.encoding", "entities of HTML", _DEV, _SUBTLE, respelled("dev", _entities), bulletins),
    fifth("data.encoding", "signs of replacement", _TRAIN, _SUBTLE, respelled("train", misread("latin1", "utf8")),
          announcements),
    fifth("data.encoding", "question marks for letters", _TEST, _SUBTLE,
          respelled("test", misread("ascii", "ascii")), bulletins),
    fifth("data.encoding", "accents as signs of their own", _DEV, _SUBTLE,
          respelled("dev", lambda token: unicodedata.normalize("NFD", token)), bulletins),
    fifth("data.encoding", "accents that a keyboard lacks", _TRAIN, (0.1, 0.3), respelled("train", bare),
          announcements),
    fifth("data.encoding", "Latin letters among Cyrillic ones", _TEST, _SUBTLE,
          respelled("test", lambda token: token.translate(_TWINS)), verses),
    fifth("data.encoding", "soft hyphens", _DEV, _SUBTLE, respelled("dev", _hyphenated), announcements),
    fifth("data.encoding", "flags without a blank", _TRAIN, _SUBTLE, _unseparated, hoists),
)  # fmt: skip
