"""Learning curves made elsewhere: logs of any common form as curves over epochs, and what was read as what."""
