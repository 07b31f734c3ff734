"""A forest on tokens and pairs of them, whose seed is the one that is given."""

from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import CountVectorizer


def fit(train, dev, seed, trees=12, depth=4, longest=2):
    def analyse(row):
        sizes = range(1, longest + 1)
        return [" ".join(row[at : at + size]) for size in sizes for at in range(len(row) - size + 1)]

    counts = CountVectorizer(analyzer=analyse).fit(train.tokens)
    forest = RandomForestClassifier(n_estimators=trees, max_depth=depth, random_state=seed, n_jobs=1)
    forest.fit(counts.transform(train.tokens), train.labels)
    return lambda rows: forest.predict_proba(counts.transform(rows))
