"""Where partitions are judged: in this process, or by the workers of a Dask scheduler.

The functions are the same in both cases; only their order of execution differs, and answers are handed out in the
order of the partitions. Workers must run the same version of this package: it is part of every finding.
"""

from __future__ import annotations

import argparse
import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from jingtu.cli.asking import Stopped

Given = TypeVar("Given")
Done = TypeVar("Done")
Spread = Callable[[Callable[[Given], Done], Iterable[Given]], Iterator[Done]]

ROWS: Final = 5000
_PATIENCE: Final = "10s"
_WAITING_PER_WORKER: Final = 2


def add_scheduler(parser: argparse.ArgumentParser) -> None:
    """Declare on which machines the work is done."""
    parser.add_argument(
        "--scheduler",
        default="",
        metavar="地址",
        help="交给 Dask 调度器的工作进程评价，如 tcp://10.0.0.5:8786；结论与本机相同（须装 jingtu[dask]）",
    )
    parser.add_argument("--partition", type=_rows, metavar="行数", help=f"每份多少个样品；用调度器时默认 {ROWS}")


def _rows(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"须是不小于 1 的整数，现为 {text}")
    return int(text)


def partition_size(args: argparse.Namespace, count: int) -> int:
    """Samples of a partition: as asked, else all at once on this machine."""
    return int(args.partition or (ROWS if args.scheduler else max(count, 1)))


@contextmanager
def spread_over(address: str) -> Iterator[Spread[Any, Any]]:
    """A way to apply a function to partitions: here one after another, or by the workers of a scheduler."""
    if not address:
        yield map
        return
    client = _client(address)
    try:
        workers = _checked_workers(client, address)
        yield lambda function, parts: _in_order(client, function, parts, workers * _WAITING_PER_WORKER)
    finally:
        client.close()


def _client(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        raise Stopped("--scheduler 需要 Dask，请先安装：pip install 'jingtu[dask]'。") from error
    logging.getLogger("distributed").setLevel(logging.ERROR)
    try:
        return Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise Stopped(
            f"连不上调度器 {address}，请检查地址（如 tcp://10.0.0.5:8786），并确认 dask scheduler 已经启动。"
        ) from error


def _checked_workers(client: Any, address: str) -> int:
    """How many workers there are; all must run our version."""
    from jingtu.assess.finding import code_version

    try:
        versions = client.run(code_version)
    except ImportError as error:
        raise Stopped(f"调度器 {address} 的工作进程上没有安装 jingtu，请先安装与本机相同的版本。") from error
    if not versions:
        raise Stopped(f"调度器 {address} 上没有工作进程，请先启动：dask worker {address}。")
    other = {version for version in versions.values() if version != code_version()}
    if other:
        raise Stopped(
            f"工作进程的 jingtu 版本是 {'、'.join(sorted(other))}，本机是 {code_version()}；"
            "结论要由同一版本得出，请先统一版本。"
        )
    return len(versions)


def _in_order(
    client: Any, function: Callable[[Given], Done], parts: Iterable[Given], most_waiting: int
) -> Iterator[Done]:
    """Answers in the order of the partitions; few are under way at once, so that memory stays bounded."""
    from distributed import KilledWorker

    waiting: deque[Any] = deque()
    try:
        for part in parts:
            waiting.append(client.submit(function, part, pure=False))
            if len(waiting) >= most_waiting:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except KilledWorker as error:
        raise Stopped("工作进程多次中途退出（可能内存不足），这一份没有评价完；请减小 --partition 后重试。") from error
    finally:
        client.cancel(list(waiting))
