"""Real tasks and their shifts: the shifted splits that come with a set, rows of other sets with the same labels, and
more that are made from its own rows.

Rows of train, dev and test are pooled first. A topic, rows with rare words and the longest rows are then left out of
all three and become shifts; test gives rows with typing errors, with exchanged tokens, and with other label shares.
"""

from pathlib import Path

import numpy as np
import polars as pl
from sklearn.cluster import KMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from brittlestar.core.splits import is_shifted

MOST_TRAIN, MOST_ROWS, MOST_TOKENS = 5000, 1500, 80  # budget: a study of 25 trainings in some 6 minutes on two cores
FEWEST_ROWS = 100
LEFT_OUT = 0.1
FREQUENT = 0.02
CLUSTERS = 8
TYPED_WRONG, EXCHANGED, KEPT_OF_LARGE = 0.25, 0.15, 0.2
BOOKS, FILMS, PLACES = "reviews_books/test", "imdb_counterfactual/test", "uci_sentences/shift_yelp"
SOURCES = {
    "customer_reviews": {"books": BOOKS, "films": FILMS, "yelp": PLACES},
    "imdb_counterfactual": {"sentences": "sst2_reviews/test", "books": BOOKS, "yelp": PLACES},
    "reviews_books": {"products": "customer_reviews/test", "films": FILMS},
    "reviews_electronics": {"products": "customer_reviews/test", "books": BOOKS},
    "sst2_reviews": {"books": BOOKS, "films": FILMS, "yelp": PLACES},
    "uci_sentences": {"books": BOOKS, "products": "customer_reviews/test"},
}
"""{set: {shift: the split of another set whose rows it has}}: opinions, good or bad, from elsewhere."""
OPINIONS = {"negative": "0", "positive": "1"}
"""How labels of opinions are written in all sets alike."""
MADE_KINDS = ("rare", "long", "typing", "exchanged", "labels")
"""Shifts that are made by choosing or changing rows. The others of real sets are natural: another source, topic,
template or script, a depth or sequences that train lacks."""
TEXTS = ("customer_reviews", "imdb_counterfactual", "sms_spam", "sst2_reviews", "subjectivity", "uci_sentences")
MADE = {
    **dict.fromkeys(TEXTS, ("topic", "rare", "long", "typing", "labels")),
    "imdb_counterfactual": ("topic", "rare", "typing", "labels"),
    "hdfs_logkeys": ("rare", "long", "exchanged", "labels"),
    "listops_depth": ("labels",),
    "names_nationality": ("rare", "long", "exchanged", "labels"),
    "scan_last_action_around_right": ("long", "labels"),
    "scan_last_action_jump": ("long", "labels"),
    "reviews_books": ("topic", "rare", "typing", "labels"),
    "reviews_electronics": ("topic", "rare", "typing", "labels"),
    "splice_junction": ("exchanged", "labels"),
}
Splits = dict[str, pl.DataFrame]


def make_real(folder: Path, name: str) -> Splits:
    """The splits of the set in `folder`, with id, sequence and label."""
    random = np.random.default_rng(sum(name.encode()))
    read = {path.stem: _read(path) for path in sorted(folder.glob("*.csv"))}
    shifts = {split: frame for split, frame in read.items() if is_shifted(split)}
    for source, place in SOURCES.get(name, {}).items():
        shifts[f"shift_{source}"] = _read(folder.parent / f"{place}.csv")
    pool = pl.concat([read[split].with_columns(split=pl.lit(split)) for split in ("train", "dev", "test")])
    for kind, choose in (("topic", _of_one_topic), ("rare", _with_rare_tokens), ("long", _longest)):
        if kind in MADE[name]:
            out = choose(pool, random)
            if FEWEST_ROWS <= out.sum() <= pool.height / 4:
                shifts[f"shift_{kind}"], pool = pool.filter(out).drop("split"), pool.filter(~out)
    splits = {split: pool.filter(pl.col("split") == split).drop("split") for split in ("train", "dev", "test")}
    for kind, change in (("typing", _type_wrongly), ("exchanged", _exchange), ("labels", _other_shares)):
        if kind in MADE[name]:
            shifts[f"shift_{kind}"] = change(splits["test"], random)
    most = {"train": MOST_TRAIN}
    return {
        split: frame.sample(min(frame.height, most.get(split, MOST_ROWS)), seed=0, shuffle=True)
        for split, frame in {**splits, **shifts}.items()
        if frame.height >= FEWEST_ROWS
    }


def _read(path: Path) -> pl.DataFrame:
    tokens = pl.col("sequence").fill_null("").str.split(" ").list.head(MOST_TOKENS)
    label = pl.col("label").replace(OPINIONS)
    return pl.read_csv(path, infer_schema_length=0).select("id", tokens.list.join(" ").alias("sequence"), label)


def _of_one_topic(pool: pl.DataFrame, random: np.random.Generator) -> np.ndarray:
    """Rows of the cluster (of eight, of TF-IDF in 40 dimensions) whose size is nearest a tenth."""
    counts = TfidfVectorizer(token_pattern=r"\S+", min_df=3, max_df=0.3, sublinear_tf=True).fit_transform(
        pool["sequence"]
    )
    reduced = TruncatedSVD(min(40, counts.shape[1] - 1), random_state=0).fit_transform(counts)
    cluster = KMeans(CLUSTERS, n_init=4, random_state=0).fit_predict(reduced)
    sizes = np.bincount(cluster, minlength=CLUSTERS) / len(cluster)
    return cluster == np.abs(sizes - LEFT_OUT).argmin()


def _with_rare_tokens(pool: pl.DataFrame, random: np.random.Generator) -> np.ndarray:
    """Rows that hold one of some tokens which stand in at most 2 % of the rows, together in a tenth."""
    rows = [set(row.split(" ")) for row in pool["sequence"].to_list()]
    held: dict[str, list[int]] = {}
    for k, row in enumerate(rows):
        for token in sorted(row):
            held.setdefault(token, []).append(k)
    rare = [token for token, at in sorted(held.items()) if 3 <= len(at) <= FREQUENT * len(rows)]
    out = np.zeros(len(rows), np.bool_)
    for k in random.permutation(len(rare)).tolist():
        if out.mean() >= LEFT_OUT:
            break
        out[held[rare[k]]] = True
    return out


def _longest(pool: pl.DataFrame, random: np.random.Generator) -> np.ndarray:
    lengths = pool["sequence"].str.split(" ").list.len().to_numpy()
    return lengths > np.quantile(lengths, 1 - LEFT_OUT)


def _type_wrongly(test: pl.DataFrame, random: np.random.Generator) -> pl.DataFrame:
    """A quarter of words of four letters and more with two neighbouring letters exchanged."""

    def change(word: str) -> str:
        if len(word) < 4 or random.random() >= TYPED_WRONG:
            return word
        k = int(random.integers(0, len(word) - 1))
        return word[:k] + word[k + 1] + word[k] + word[k + 2 :]

    changed = [" ".join(change(word) for word in row.split(" ")) for row in test["sequence"].to_list()]
    return test.with_columns(pl.Series("sequence", changed))


def _exchange(test: pl.DataFrame, random: np.random.Generator) -> pl.DataFrame:
    """Tokens replaced by tokens of other rows."""
    every = " ".join(test["sequence"].to_list()).split(" ")

    def change(token: str) -> str:
        return every[int(random.integers(0, len(every)))] if random.random() < EXCHANGED else token

    changed = [" ".join(change(token) for token in row.split(" ")) for row in test["sequence"].to_list()]
    return test.with_columns(pl.Series("sequence", changed))


def _other_shares(test: pl.DataFrame, random: np.random.Generator) -> pl.DataFrame:
    """A fifth of the rows of half of the classes, the largest among them, and all rows of the others."""
    names = test["label"].value_counts(sort=True)["label"].to_list()
    large = {names[0], *random.permutation(names[1:])[: (len(names) - 1) // 2].tolist()}
    kept = ~test["label"].is_in(large).to_numpy() | (random.random(test.height) < KEPT_OF_LARGE)
    return test.filter(kept)
