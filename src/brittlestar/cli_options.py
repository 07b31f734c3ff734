"""Options that every command has, written once."""

from __future__ import annotations

from typing import Annotated

import typer

JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on standard output, nothing else there.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Print only errors.")]
ColumnsOption = Annotated[
    str | None,
    typer.Option("--columns", metavar="ROLE=COLUMN,…", help="Your columns: sequence=text,label=target."),
]
