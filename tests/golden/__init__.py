"""The net under every change that must change no result: what the command leaves and says, held against a commit.

`python -m tests.golden COMMIT` runs the same scenes with this tree and with that commit, on this machine, and compares
every file, every document and every exit code (`comparing.py`). The suite holds the scenes that train nothing against
`expected.json`, with a tolerance for other processors, and opens a store that 0.1.0 wrote (`test_golden.py`).
"""
