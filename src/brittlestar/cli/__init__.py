"""The command line: options are read, a verb is called, and its result is printed.

`commands.py` says which verb is behind each command; its options are read from the verb's docstring (`declaring.py`).
`outputs/` turns results into what is said. Heavy parts load inside a command's work, so that help stays quick.
"""

from brittlestar.cli.app import app as app
from brittlestar.cli.app import main as main
