# A fit function, in any framework: brittlestar run DATA --model own_fit:fit
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import CountVectorizer


def fit(train, dev, seed):
    counts = CountVectorizer(analyzer=list).fit(train.tokens)
    forest = RandomForestClassifier(random_state=seed).fit(counts.transform(train.tokens), train.labels)

    def predict_proba(tokens):
        return forest.predict_proba(counts.transform(tokens))  # columns in the order of the sorted labels

    return predict_proba
