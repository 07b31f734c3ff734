"""The exams: clean and faulty material with known answers, scores that audits reach on it, conformance suites."""
