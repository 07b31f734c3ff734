"""`new`: a commented study file for a folder of splits, written after a look at the data."""

import os
from collections.abc import Mapping
from pathlib import Path

from brittlestar.core.errors import InputError, StoreError
from brittlestar.data.infer_format import infer_format
from brittlestar.data.sources import read_splits
from brittlestar.study.loading import study_name
from brittlestar.study.settings import columns_of
from brittlestar.study.template import study_text


def new(data: str | Path, out: str | Path | None = None, columns: Mapping[str, str] | None = None) -> Path:
    """Write a commented study file for your data.

    It states tokens, factors, classes, variants and claims. Needs a folder of splits. A file that is there is never
    overwritten.

    Args:
        data (DATA): A folder of splits.
        out (FILE): Default: ./NAME.yaml
        columns: As in `audit`.

    Returns:
        The path of the file.

    Raises:
        InputError: The data cannot be read, or the file exists.
        StoreError: The file cannot be written.

    Command:
        Prints the file's name and the two commands that use it.

        Examples:
          brittlestar new demo/data --out demo/study.yaml
          brittlestar new reviews --columns sequence=text,label=stars

        Exit codes: 0 done; 1 the file cannot be written; 2 wrong usage, or data that cannot be read.

    Example:
        >>> from brittlestar import generate, new
        >>> _ = generate("data", sizes="60/20/20")
        >>> new("data", "mine.yaml").name
        'mine.yaml'
    """
    name = study_name(Path(data).resolve().name if out is None else Path(out).stem)
    target = Path(f"{name}.yaml") if out is None else Path(out)
    if target.exists() or target.is_symlink():
        raise InputError(f"{target} exists, and `new` does not overwrite it", hint="name another file: --out FILE")
    frames = read_splits(data, columns_of(columns))
    path = Path(os.path.relpath(Path(data).absolute(), target.absolute().parent)).as_posix()
    text = study_text(infer_format(frames), path, name, columns)
    try:
        with target.open("x", encoding="utf-8", newline="\n") as handle:
            handle.write(text)
    except OSError as error:
        what = f"{target} cannot be written: {error.strerror}"
        raise StoreError(what, hint="name another place: --out FILE") from None
    return target
