"""The suite of a study: what is kept of it, and study files that ask for what cannot be."""

import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from pydantic import ValidationError

import brittlestar
from brittlestar.core.errors import InputError, StoreError
from brittlestar.data.folder import write_data
from brittlestar.execution.probe_suites import prepare_suite
from brittlestar.pipeline.open import open_input
from brittlestar.store.growing_arrays import encode_suite, map_array
from brittlestar.store.layout import Store
from brittlestar.store.suites import StoredSuite, current_suite, read_suite
from brittlestar.study.settings import ProbeSettings
from tests.data.spr.labelling import TOKEN_PATTERN
from tests.execution.tiny import forget

HEAD = "left,right,left_label,right_label\n"
OWN = """
    import brittlestar

    @brittlestar.own_probe("own.first", unit="tokens", strengths=[1, 2], expectation="open")
    def first(rows, strength, random):
        return [row[: int(strength)] for row in rows]

    @brittlestar.own_probe("own.short", unit="tokens", strengths=[1], expectation="open")
    def short(rows, strength, random):
        return rows[1:]

    def label(rows):
        return ["yes" if row and row[0] in "ab" else "no" for row in rows]

    def upper(rows):
        return ["YES" for row in rows]

    def wrong(rows):
        return ["no" if row and row[0] in "ab" else "yes" for row in rows]

    def constant(rows):
        return ["yes"] * len(rows)

    def few(rows):
        return ["yes"]

    def fails(rows):
        raise ValueError("no idea")

    def some(rows):
        return [None if len(row) > 2 else one for row, one in zip(rows, label(rows))]

"""


@pytest.fixture(autouse=True)
def _modules_are_forgotten() -> Any:
    yield
    forget("mine")


def rows_of(n: int, seed: int) -> tuple[list[list[str]], list[str]]:
    random = np.random.default_rng(seed)
    rows = [random.choice(list("abcd"), int(random.integers(1, 7))).tolist() for _ in range(n)]
    return rows, ["yes" if row[0] in "ab" else "no" for row in rows]


def store_of(folder: Path, splits: Mapping[str, Any]) -> Store:
    """A store with the data of a study, and a module of the user's beside it."""
    opened = open_input(dict(splits))
    store = Store(folder / "store")
    write_data(store.data, opened.frames, opened.data)
    (folder / "mine.py").write_text(textwrap.dedent(OWN), encoding="utf-8")
    return store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    splits = {name: rows_of(n, seed) for seed, (name, n) in enumerate({"train": 80, "dev": 20, "test": 40}.items())}
    return store_of(tmp_path, splits)


def prepared(store: Store, **settings: Any) -> StoredSuite | None:
    return prepare_suite(store, ProbeSettings.model_validate(settings), None, store.root.parent)


def suite(store: Store, **settings: Any) -> StoredSuite:
    found = prepared(store, **settings)
    assert found is not None
    return found


def refused(store: Store, **settings: Any) -> str:
    with pytest.raises(InputError) as caught:
        prepared(store, **settings)
    return str(caught.value)


def names(found: StoredSuite) -> set[str]:
    return {condition.probe.partition(":")[0] for condition in found.suite.conditions}


def test_a_suite_is_kept_and_read_again(store: Store) -> None:
    made = suite(store, relabel="mine:label", own=["mine:first"])
    again = read_suite(store, made.id)
    assert current_suite(store) is not None
    for condition, other in zip(made.suite.conditions, again.suite.conditions, strict=True):
        for name in ("name", "unit", "about", "expectation"):
            assert getattr(condition, name) == getattr(other, name)
        assert (condition.weights is None) == (other.weights is None)
    assert {"plain", "own.first", "order.shuffle", "contrast.one-token", "composition.tilt"} <= names(made)
    assert made.about.agreement == 1 and made.about.rule == "mine:label" and made.about.of == 40
    tokens = np.array(["<padding>", "<unknown>", "a", "b", "c", "d"])[
        map_array(store.path(store.suite(again.id)) / "tokens.npy")
    ].tolist()
    written = [token for row in again.suite.rows.strings() for token in row]
    assert [a for a, b in zip(tokens, written, strict=True) if a == "<unknown>" and b in list("abcd")] == []
    assert all(a in ("<unknown>", b) for a, b in zip(tokens, written, strict=True))
    truth = [row[:1] in (["a"], ["b"]) for row in again.suite.rows.strings()]
    for condition in again.suite.conditions:
        if condition.probe in ("order.shuffle", "own.first", "length.crop"):
            assert condition.labels_after.tolist() == [int(truth[number]) for number in condition.after]


def test_the_same_study_gives_the_same_bytes_wherever_it_lies(tmp_path: Path) -> None:
    kept: list[dict[str, bytes]] = []
    for place in ("here", "there/deeper"):
        (tmp_path / place).mkdir(parents=True)
        store = store_of(tmp_path / place, {name: rows_of(30, seed) for seed, name in enumerate(("train", "test"))})
        pairs = tmp_path / place / "pairs.csv"
        pairs.write_text(f"{HEAD}a b,c b,yes,no\n", encoding="utf-8")
        suite(store, pairs=str(pairs), own=["mine:first"])
        forget("mine")
        files = sorted(path for path in store.path("probes").rglob("*") if path.is_file())
        kept.append({path.relative_to(store.path("probes")).as_posix(): path.read_bytes() for path in files})
    assert kept[0] == kept[1] and len(kept[0]) > 5


def test_other_settings_other_code_and_other_pairs_are_other_suites(store: Store) -> None:
    pairs = store.root.parent / "pairs.csv"
    pairs.write_text(f"{HEAD}a b,c b,yes,no\n", encoding="utf-8")
    ids = [
        suite(store, pairs=str(pairs)).id,
        suite(store).id,
        suite(store, rows=5).id,
        suite(store, own=["mine:first"]).id,
    ]
    pairs.write_text(f"{HEAD}b b,c b,yes,no\n", encoding="utf-8")
    mine = store.root.parent / "mine.py"
    mine.write_text(mine.read_text(encoding="utf-8") + "\n# other\n", encoding="utf-8")
    ids += [suite(store, pairs=str(pairs)).id, suite(store, own=["mine:first"]).id]
    assert len(set(ids)) == len(ids) and suite(store).id == ids[1]


def test_a_damaged_suite_is_told_and_not_overwritten(store: Store) -> None:
    made = suite(store)
    (store.path(store.suite(made.id)) / "codes.npy").write_bytes(b"")
    with pytest.raises(StoreError, match=f"the suite {made.id} is damaged"):
        prepared(store)
    store.path("probes/current.json").write_text("[", encoding="utf-8")
    with pytest.raises(StoreError, match="it cannot be read"):
        current_suite(store)


def test_only_what_is_asked_for_is_kept(store: Store) -> None:
    found = suite(store, only=["order.shuffle"])
    assert names(found) == {"plain", "order.shuffle"}
    used = {number for condition in found.suite.conditions for number in (*condition.before, *condition.after)}
    assert used == set(range(found.suite.rows.n_rows))
    assert names(suite(store, only=["composition.tilt"])) == {"plain", "composition.tilt"}
    assert names(suite(store, relabel="mine:label", only=["contrast"])) == {"plain", "contrast.one-token"}
    assert "composition.tilt" not in names(suite(store, skip=["composition"]))


def test_splits(store: Store) -> None:
    assert suite(store).suite.split == "test" and suite(store, split="dev").suite.split == "dev"
    assert prepared(store, suite="none", split="tset") is None


def test_without_an_evaluation_split_there_is_nothing_to_probe(tmp_path: Path) -> None:
    store = store_of(tmp_path, {"train": rows_of(30, 0)})
    assert prepared(store) is None and current_suite(store) is None
    assert "there are none" in refused(store, split="test")


def test_odd_data_have_suites(tmp_path: Path) -> None:
    odd: dict[str, Any] = {
        "train": ([["a"], ["a", "a"], [], ["a"]] * 5, ["yes", "no", "yes", "no"] * 5),
        "test": ([[], ["new"], ["a", "new", "é"]], ["yes", "other", "no"]),
    }
    found = suite(store_of(tmp_path, odd), relabel="mine:some")
    assert found.suite.conditions[0].labels_before.tolist() == [0, 0, -1]
    assert found.about.agreement == 0  # of one row, which is too few to tell


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"split": "train"}, "probes.split: 'train' is no evaluation split; there are dev, test"),
        ({"split": "tset"}, "probes.split: 'tset' is no evaluation split"),
        ({"only": ["order.shufle"]}, "did you mean 'order.shuffle'?"),
        ({"strengths": {"noise.drop": [7]}}, "probes.strengths.noise.drop: 7 is no share of tokens"),
        ({"skip": ["factors.mask"]}, "'factors.mask' is no probe of these data"),
        ({"expect": {"order.shuffle": "toward maybe"}}, "train has no label 'maybe'"),
        ({"relabel": "mine:fails"}, "probes.relabel: mine:fails raised ValueError: no idea"),
        ({"relabel": "mine:few"}, "probes.relabel: mine:few gave 1 labels for 40 rows"),
        ({"relabel": "mine:upper"}, "it gives none of 40 rows a label that train has; return labels as the file has"),
        ({"relabel": "mine:wrong"}, "probes.relabel: it gives 0.0 % of 40 rows the label that they have in the file"),
        ({"relabel": "mine:first"}, "probes.relabel: mine:first is no function: it is a Probe"),
        ({"relabel": "mine:constant"}, "rows one label, and the file gives them several"),
        ({"own": ["mine:label"]}, "probes.own: mine:label is no probe: it is a function; make one with brittlestar."),
        ({"own": ["nowhere:probe"]}, "probes.own: module 'nowhere' does not exist here"),
        ({"own": ["mine:first", "mine:first"]}, "probes.own: two probes are named 'own.first'"),
        ({"own": ["mine:short"]}, "probe own.short at 1: it gave 39 rows for 40"),
        ({"rule": "nonsense"}, "rule, column 1"),
        ({"rule": "at least 1 ▲"}, "probes.rule: a rule gives labels 0 and 1, the data have no, yes"),
        ({"rule": "at least 1 ▲", "relabel": "mine:label"},
         "probes: a rule and a function that relabels are given; leave one of the two out"),
    ],
)  # fmt: skip
def test_settings_that_do_not_fit_the_data(store: Store, settings: dict[str, Any], message: str) -> None:
    assert message in refused(store, **settings)


@pytest.mark.parametrize("settings", [{"expect": {"order": "stays"}}, {"own": ["no reference"]}])
def test_settings_that_fit_no_data(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ProbeSettings.model_validate(settings)


def test_a_function_may_know_some_labels_only(store: Store) -> None:
    found = suite(store, relabel="mine:some")
    assert found.about.agreement == 1
    plain = found.suite.conditions[0]
    lengths = found.suite.rows.lengths[plain.before]
    assert ((plain.labels_before == -1) == (lengths > 2)).all()


def test_a_rule_of_other_data(tmp_path: Path) -> None:
    rows, labels = rows_of(60, 0)[0], ["0"] * 54 + ["1"] * 6
    letters = store_of(tmp_path, {"train": (rows, labels), "test": (rows, labels)})
    told = refused(letters, rule="at least 1 ▲")  # though nine in ten labels are right
    assert "probes.rule: 0.0 % of train's tokens are tokens that such a rule is about; leave it out" in told


def test_a_rule_that_is_not_the_one_of_these_data(tmp_path: Path) -> None:
    brittlestar.generate(tmp_path / "data", sizes="120/20/60", lengths="3-6", rule="at least 2 ▲")
    opened = open_input(tmp_path / "data")
    store = Store(tmp_path / "store")
    write_data(store.data, opened.frames, opened.data)
    made = prepare_suite(store, ProbeSettings(rule="at least 2 ▲"), TOKEN_PATTERN, tmp_path)
    assert made is not None and made.about.agreement == 1
    assert {"length.sweep", "contrast.near-miss", "factors.mask"} <= names(made)
    with pytest.raises(
        InputError, match=r"probes.rule: it gives .* % of 60 rows the label .*not the rule of these data"
    ):
        prepare_suite(store, ProbeSettings(rule="at most 1 ▲"), TOKEN_PATTERN, tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("pairs.csv", b"", "it cannot be read: empty CSV"),
        ("pairs.csv", HEAD.encode(), "it has no rows"),
        ("pairs.csv", b"left,right,label\na,b,yes\n", "it lacks left_label, right_label"),
        ("pairs.csv", f"{HEAD}a,b,maybe,never\n".encode(), "no pair has two labels that train has; labels of train"),
        ("pairs.csv", f"{HEAD}a,b,yes,no,5\n".encode(), "it cannot be read"),
        ("pairs.parquet", b"no parquet", "it cannot be read"),
        ("none.csv", None, "No such file or directory; probes.pairs names a file of pairs"),
    ],
)
def test_pairs_that_cannot_be_read(store: Store, name: str, content: bytes | None, message: str) -> None:
    path = store.root.parent / name
    if content is not None:
        path.write_bytes(content)
    told = refused(store, pairs=str(path))
    assert message in told and str(path) in told


def given(store: Store, path: Path) -> tuple[list[list[str]], list[list[str]], list[int], list[int], str]:
    found = suite(store, pairs=str(path), only=["order.reverse"])
    strings = found.suite.rows.strings()
    one = next(condition for condition in found.suite.conditions if condition.probe == "contrast.given")
    sides = [[strings[number] for number in numbers] for numbers in (one.before, one.after)]
    return sides[0], sides[1], one.labels_before.tolist(), one.labels_after.tolist(), one.about


def test_pairs_are_read_with_or_without_a_mark_at_their_head(store: Store) -> None:
    path = store.root.parent / "pairs.csv"
    text = f"{HEAD}a  b,c b,yes,no\n,x y,no,maybe\nd,c,no,no\n"
    for content in (text.encode(), text.replace("\n", "\r\n").encode("utf-8-sig")):
        path.write_bytes(content)
        left, right, before, after, about = given(store, path)
        assert left == [["a", "b"], [], ["d"]] and right == [["c", "b"], ["x", "y"], ["c"]]
        assert (before, after) == ([1, 0, 0], [0, -1, 0])
        assert (
            about == "3 pairs of rows from pairs.csv, 1 of them with one label, 1 of them with labels that train lacks"
        )


def test_pairs_as_parquet_hold_text_or_lists(store: Store) -> None:
    path = store.root.parent / "pairs.parquet"
    for left, right in ((["a b", None], ["c b", "x"]), ([["a", "b"], None], [["c", "b"], ["x"]])):
        frame = {"left": left, "right": right, "left_label": ["yes", "no"], "right_label": ["no", "yes"]}
        pl.DataFrame(frame).write_parquet(path)
        assert given(store, path)[:4] == ([["a", "b"], []], [["c", "b"], ["x"]], [1, 0], [0, 1])


def test_directions_name_labels_of_train(store: Store) -> None:
    found = suite(store, expect={"order": "changes", "noise": "toward yes"})
    told = {condition.probe: condition.expectation for condition in found.suite.conditions}
    assert told["order.shuffle"] == "changes" and told["order.swaps"] == "open" and told["noise.drop"] == "toward yes"


def test_rows_are_asked_in_parts(store: Store) -> None:
    found = suite(store)
    folder = store.path(store.suite(found.id))
    whole, parts = list(encode_suite(folder)), list(encode_suite(folder, rows=7))
    assert len(whole) == 1 and [part.n_rows for part in parts[:-1]] == [7] * (len(parts) - 1)
    assert np.array_equal(np.concatenate([part.codes for part in parts]), whole[0].codes)
    assert np.array_equal(np.concatenate([part.lengths for part in parts]), whole[0].lengths)
    assert len({part.fingerprint for part in parts}) == len(parts)
