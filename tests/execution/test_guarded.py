import errno
import io

import pytest

from brittlestar.execution.guarded import LONGEST_LOG, LONGEST_MESSAGE, JobResult, ending, perform_guarded, read_log
from brittlestar.execution.jobs import MOST_ATTEMPTS, Failed, Finished, Lost
from brittlestar.execution.places import describe_shortage
from brittlestar.models.own import OwnCodeError, call_own
from tests.execution.tiny import job


def raising(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> JobResult:
    def perform(*_: object) -> None:
        raise error

    monkeypatch.setattr("brittlestar.execution.work.perform", perform)
    return perform_guarded(job(), lambda epoch, epochs: None)


class OutOfMemoryError(RuntimeError):
    """As PyTorch calls the one of a GPU."""


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (MemoryError(), "memory"),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), "memory"),
        (RuntimeError("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory"), "memory"),
        (RuntimeError("CUDA error: device-side assert triggered"), "failed"),
        (ValueError("CUDA error: out of memory"), "failed"),
    ],
)
def test_lack_of_memory_is_told_from_faults(error: Exception, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert raising(error, monkeypatch).kind == kind


@pytest.mark.parametrize(
    "error",
    [
        OutOfMemoryError("CUDA out of memory"),
        RuntimeError("CUDA error: out of memory\nCompile with `TORCH_USE_CUDA_DSA`"),
        RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
        RuntimeError("cuDNN error: CUDNN_STATUS_ALLOC_FAILED"),
    ],
)
def test_lack_of_a_gpus_memory_is_told_and_in_the_log(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert raising(error, monkeypatch) == JobResult("gpu-memory", error=str(error))
    assert capsys.readouterr().err == f"{error}\n"


def test_lack_of_memory_inside_a_fit_function_counts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def fit() -> None:
        raise OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr("brittlestar.execution.work.perform", lambda *_: call_own(fit, what="own.fit"))
    assert perform_guarded(job(), lambda epoch, epochs: None) == JobResult("gpu-memory", error="CUDA out of memory")


def test_the_traceback_of_a_fit_function_is_in_the_log(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fit() -> None:
        raise KeyError("no such token")

    monkeypatch.setattr("brittlestar.execution.work.perform", lambda *_: call_own(fit, what="own.fit"))
    result = perform_guarded(job(), lambda epoch, epochs: None)
    assert result.kind == "failed" and "own.fit raised KeyError: 'no such token'" in result.error
    assert isinstance(result.reported, OwnCodeError)
    assert 'raise KeyError("no such token")' in capsys.readouterr().err


def test_messages_fit_into_any_file_and_onto_any_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    told = raising(ValueError("\udcff" + "x" * 100_000), monkeypatch).error
    assert told.startswith("ValueError: \\udcffxxx") and len(told) < LONGEST_MESSAGE + 20
    told.encode("utf-8")


def test_a_result_becomes_its_event() -> None:
    assert ending(job(), 1, JobResult("done", 7), "log") == Finished(job(), 1, 7, "log")
    assert ending(job(), 2, JobResult("failed", error="odd"), "log") == Failed(job(), 2, "odd", "log")
    assert ending(job(), 1, JobResult("memory"), "") == Lost(job(), 1, "out of memory", "", final=False)
    last = ending(job(), MOST_ATTEMPTS, JobResult("memory", error="of the GPU"), "")
    assert last == Lost(job(), MOST_ATTEMPTS, "out of memory: of the GPU", "", final=True)
    short = ending(job(), 1, JobResult("gpu-memory", error="CUDA out of memory"), "log")
    assert short == Lost(job(), 1, describe_shortage("GPU 0"), "log", final=False, on_gpu=True)


def test_a_log_is_kept_whole_up_to_a_megabyte() -> None:
    assert read_log(io.BytesIO(b"a\r\n\xff")) == "a\r\n\N{REPLACEMENT CHARACTER}"
    assert len(read_log(io.BytesIO(b"x" * LONGEST_LOG))) == LONGEST_LOG
    long = read_log(io.BytesIO(b"first " + b"x" * LONGEST_LOG + b" last"))
    assert long.startswith("first x") and long.endswith("x last") and "\n[… 11 bytes left out …]\n" in long
