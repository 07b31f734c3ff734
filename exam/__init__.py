"""Our own exam: clean and faulty material with known answers, and how audits and probes do on it. Not in the wheel."""
