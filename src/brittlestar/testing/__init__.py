"""For own checks, probes and executors: the conformance suites that ours sit, too.

`check_conformance.check_conformance` tries a check of whatever kind on odd input, `probe_conformance.probe_conformance`
a probe on odd rows, and `executor_conformance.executor_conformance` an executor on trainings that go well, raise, exit
and are killed. Each raises AssertionError, which names what went wrong and on what.
"""
