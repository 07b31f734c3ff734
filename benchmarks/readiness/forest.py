"""The forest of the benchmark: a hundred trees on counts of tokens."""

from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.pipeline import make_pipeline

model = make_pipeline(CountVectorizer(token_pattern=r"\S+", lowercase=False, binary=True), RandomForestClassifier())
