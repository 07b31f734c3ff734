from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer


def to_dense(counts):
    return counts.toarray()


model = make_pipeline(
    CountVectorizer(token_pattern=r"\S+", max_features=300),
    FunctionTransformer(to_dense, accept_sparse=True),
    HistGradientBoostingClassifier(max_iter=60),
)
