import json
from pathlib import Path

import numpy as np
import pytest

from brittlestar.core.errors import InputError
from brittlestar.models.table_look import look_at_table


def test_a_text_table_is_read_in_its_order_with_the_rows_around(tmp_path: Path):
    path = tmp_path / "table.txt"
    path.write_text("5 2\na 1 2\nb 3 nan\nc 5 six\na 7 8\nnew york 9 10\n")
    look = look_at_table(path, {"b"}, around=1)
    assert look.names == ("a", "b", "c", "a", "new york")
    assert look.rows.tolist() == [0, 1, 2]
    assert np.array_equal(look.vectors, np.asarray([[1, 2], [3, np.nan], [5, np.nan]], np.float32), equal_nan=True)
    assert look_at_table(path, {"a"}).rows.tolist() == [0, 3]
    assert look_at_table(path, {"none"}).vectors.shape == (0, 2)


def test_a_safetensors_table_is_read_in_its_order(tmp_path: Path):
    torch = pytest.importorskip("torch")
    from safetensors.torch import save_file

    path = tmp_path / "table.safetensors"
    table = torch.arange(8.0).reshape(4, 2)
    save_file({"embedding": table}, str(path), metadata={"tokens": json.dumps(["a", "b", "c", "d"])})
    look = look_at_table(path, {"d"}, around=2)
    assert look.rows.tolist() == [1, 2, 3]
    assert look.vectors.tolist() == table[1:].tolist()


def test_what_is_no_table_is_refused(tmp_path: Path):
    for name, text in (("missing.txt", None), ("empty.txt", ""), ("lone.txt", "a\n"), ("no.safetensors", "x")):
        if text is not None:
            (tmp_path / name).write_text(text)
        with pytest.raises(InputError):
            look_at_table(tmp_path / name, {"a"})
