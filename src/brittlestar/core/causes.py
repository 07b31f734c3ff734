"""Which findings name a cause of a poor score, the surest first, and which only say that something is wrong."""

BROKEN = ("eval.label-order", "eval.train-mismatch", "eval.constant", "eval.checkpoint")
"""The way from a variant to its scores is broken, what says the most first."""
SHAKY = ("eval.stochastic", "padding.batch", "padding.leaks")
"""Answers depend on what must not matter: errors of these break the way, too, where nothing else is known."""
UNTAUGHT = (
    "train.gradient-vanishing", "train.unchanged", "train.symmetric", "train.loss-mismatch",
    "train.gradient-accumulating", "train.batching", "data.small", "train.optimiser", "train.over-regularised",
    "train.rate-low", "train.rate-high", "position.missing", "token.unknown", "token.collision", "token.padding",
    "data.truncation", "train.dead-units", "train.saturated", "train.gradient-exploding", "train.clip-bound",
    "train.short", "train.capacity", "embedding.frozen", "train.diverging",
)  # fmt: skip
"""Something in training was seen that keeps a model from learning, the surest first."""
ORDER = (*BROKEN, *SHAKY, *UNTAUGHT)
"""All causes that are known as such, the surest first."""
LOW = ("eval.below-trivial", "eval.metric", "eval.constant", "train.plateau", "seed.collapse")
"""Symptoms of a score that is too low, beside all causes in training."""
SYMPTOMS = (*LOW, "eval.slice", "eval.calibration", "eval.disagree", "seed.unstable")
"""What says that something is wrong, and not why."""
LEAST_DIFFERENCE = 0.005  # half a point: what a person sees of a rounded score
