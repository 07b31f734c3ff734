from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
from sklearn.pipeline import make_pipeline


def build(C, seed):
    return make_pipeline(
        CountVectorizer(analyzer=list, binary=True), LogisticRegression(C=C, max_iter=2000, random_state=seed)
    )


def fit(train, dev, seed):
    best, best_score = None, -1.0
    for C in (0.01, 0.03, 0.1, 0.3, 1.0):
        model = build(C, seed).fit(train.tokens, train.labels)
        score = accuracy_score(dev.labels, model.predict(dev.tokens))
        if score > best_score:
            best, best_score = model, score
    return best.predict_proba
