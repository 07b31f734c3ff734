"""For own checks and probes: the conformance suites that ours sit, too.

`conformance.check_conformance` tries a check of an audit on odd materials, and `probe_conformance.probe_conformance`
tries a probe on odd rows. Both raise AssertionError, which names what went wrong and on what.
"""
