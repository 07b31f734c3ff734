"""From sources to encoded splits: reading, tokens, factors, vocabulary, and the transforms of ablation variants."""
