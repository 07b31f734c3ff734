"""Tasks whose truth is known, for the exam of probes."""
