"""How often verdicts and gates err, on simulated studies whose truth is known: `python -m exam.calibration`."""
