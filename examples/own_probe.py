# A probe of your own. In this folder: brittlestar probe STUDY --own own_probe:typos
from brittlestar import own_probe


@own_probe("noise.typos", unit="share of tokens", strengths=[0.1, 0.3], expectation="invariant")
def typos(rows, strength, random):
    """Two neighbouring letters of a token change places."""
    return [[mistyped(token, random) if random.random() < strength else token for token in row] for row in rows]


def mistyped(token, random):
    if len(token) < 2:
        return token
    place = random.integers(len(token) - 1)
    return token[:place] + token[place + 1] + token[place] + token[place + 2 :]
