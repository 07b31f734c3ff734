"""A pipeline whose own way to take rows apart leaves case alone."""

from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import Pipeline


def take_apart(text):
    tokens = text.split()
    return tokens + [f"{left} {right}" for left, right in zip(tokens, tokens[1:])]


model = Pipeline(
    [
        ("counts", CountVectorizer(analyzer=take_apart)),
        ("line", SGDClassifier(loss="log_loss", max_iter=8, tol=None)),
    ]
)
