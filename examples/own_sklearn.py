# A scikit-learn pipeline, fitted on tokens joined by spaces: brittlestar run DATA --model own_sklearn:model
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

model = make_pipeline(
    CountVectorizer(token_pattern=r"\S+", lowercase=False, ngram_range=(1, 2)),
    LogisticRegression(max_iter=1000),
)
