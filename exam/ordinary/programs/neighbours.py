from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Normalizer

model = make_pipeline(
    TfidfVectorizer(stop_words="english"),
    TruncatedSVD(12, random_state=0),
    Normalizer(),
    KNeighborsClassifier(15, weights="distance"),
)
