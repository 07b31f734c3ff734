"""For own checks, probes, executors, models and places for stores: the conformance suites that ours sit, too.

`check_conformance.check_conformance` tries a check of whatever kind on odd input, `probe_conformance.probe_conformance`
a probe on odd rows, `executor_conformance.executor_conformance` an executor on trainings that go well, raise, exit and
are killed, `backend_conformance.backend_conformance` a store's backend on writers that are killed half way, and
`predictor_conformance.predictor_conformance` a trained model on rows in other orders and batches. Each raises
AssertionError, which names what went wrong and on what.
"""
