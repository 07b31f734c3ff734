from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import FeatureUnion, Pipeline

features = FeatureUnion(
    [
        ("words", TfidfVectorizer(max_features=1000, token_pattern=r"\S+")),
        ("chars", TfidfVectorizer(analyzer="char", ngram_range=(2, 4), max_features=2000)),
    ]
)
model = Pipeline([("features", features), ("mlp", MLPClassifier((32,), max_iter=15, alpha=1e-3))])
