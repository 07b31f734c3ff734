from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import VotingClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.feature_selection import SelectKBest, chi2
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

votes = VotingClassifier(
    [
        ("lr", LogisticRegression(C=5, max_iter=1000)),
        ("nb", MultinomialNB(alpha=0.1)),
        ("svc", CalibratedClassifierCV(LinearSVC(), cv=3)),
    ],
    voting="soft",
)
model = make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), SelectKBest(chi2, k=100), votes)
