"""Digests of objects: the same for what computes the same, another one for every change that counts."""

import threading
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from brittlestar.models.object_digest import digest_object, is_importable


def typed(source: str, name: str = "build", **held: Any) -> Any:
    """What a cell of a notebook defines: code without a file, in a main program."""
    space: dict[str, Any] = {"__name__": "__main__", **held}
    exec(compile(source, "<cell>", "exec"), space)
    return space[name]


FUNCTION = "def build(info, width=4):\n    return helper(info) + width + scale\ndef helper(info):\n    return 3\n"
CLASS = """
class build(list):
    depth = 2
    def __init__(self, info):
        super().__init__([info])
    @staticmethod
    def twice(x): return 2 * x
    @property
    def size(self): return self.depth
"""


def test_the_same_code_has_the_same_digest_wherever_it_stands() -> None:
    one, other = typed(FUNCTION, scale=1), typed("\n\n# a comment\n" + FUNCTION, scale=1)
    assert digest_object(one) == digest_object(other) and digest_object(one).gaps == ()
    assert digest_object(typed(CLASS)) == digest_object(typed("\n" + CLASS))


@pytest.mark.parametrize(
    ("source", "old", "new"),
    [
        *((FUNCTION, *one) for one in (("width=4", "width=5"), ("+ width", "- width"), ("return 3", "return 4"))),
        *((CLASS, *one) for one in (("depth = 2", "depth = 3"), ("2 * x", "3 * x"), ("self.depth", "1"))),
        (CLASS, "list", "set"),
    ],
)
def test_a_change_of_code_or_of_what_it_calls_counts(source: str, old: str, new: str) -> None:
    assert old in source
    assert digest_object(typed(source, scale=1)) != digest_object(typed(source.replace(old, new), scale=1))


def test_globals_and_closures_count_by_what_they_hold() -> None:
    def close(held: Any) -> Any:
        def fit(train: Any, seed: int) -> Any:
            return held

        return fit

    for one, other in [
        (1, 2),
        ({"a": 1}, {"a": 2}),
        (np.arange(3), np.arange(4)),
        (np.array(["a", 1], object), np.array(["a", 2], object)),
        ([float("nan")], [1.5]),
        ({"x", "y"}, {"x", "z"}),
        (torch.ones(2), torch.zeros(2)),
        (torch.nn.Linear(1, 1, bias=False), torch.nn.Linear(1, 1)),
        (CountVectorizer(min_df=1), CountVectorizer(min_df=2)),
    ]:
        assert digest_object(close(one)) != digest_object(close(other)), one
        assert digest_object(close(one)) == digest_object(close(one))
    assert digest_object(typed(FUNCTION, scale=1)) != digest_object(typed(FUNCTION, scale=2))
    assert digest_object(typed(FUNCTION, scale=1, other=1)) == digest_object(typed(FUNCTION, scale=1, other=2))


def test_an_estimator_is_its_class_and_its_parameters() -> None:
    def make(c: float = 1.0, **more: Any) -> Any:
        return make_pipeline(CountVectorizer(**more), LogisticRegression(C=c))

    assert digest_object(make()) == digest_object(make())
    assert digest_object(make()) != digest_object(make(2.0))
    assert digest_object(make()) != digest_object(make(lowercase=False))
    assert digest_object(make(analyzer=lambda row: row)) != digest_object(make(analyzer=lambda row: row[1:]))


def test_what_does_not_say_what_it_holds_is_named() -> None:
    lock = threading.Lock()
    found = digest_object(typed("def build(info):\n    return lock", lock=lock))
    assert found.gaps == ("_thread.lock",)
    assert found == digest_object(typed("def build(info):\n    return lock", lock=threading.Lock()))


def test_circles_end() -> None:
    held: list[Any] = [object]
    held.append(held)
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep, object]
    assert digest_object(typed("def build(info):\n    return held", held=held)).gaps == ()
    assert digest_object(typed("def build(info):\n    return deep", deep=deep)).gaps == ("builtins.function",)


def test_what_can_be_imported() -> None:
    assert is_importable(LogisticRegression) and is_importable(digest_object) and is_importable(threading.Thread.run)
    assert not is_importable(typed(FUNCTION)) and not is_importable(lambda: 1) and not is_importable(3)
    assert not is_importable(LogisticRegression())
