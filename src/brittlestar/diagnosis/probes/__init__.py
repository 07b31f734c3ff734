"""What answers to probes say: numbers over seeds and rows, one error budget over all of them, and findings."""
