"""Background work: deferred in the same transaction as the data, repeatable, seen by its progress."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from jingtu.registers import rowsecurity
from jingtu.registers.reach import Reach

STALLED_AFTER_S = 30
MOST_ATTEMPTS = 5

_works: dict[str, Callable[..., Any]] = {}


def work(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorator: make a function deferrable under a name. It must be safe to run twice."""

    def enter(function: Callable[..., Any]) -> Callable[..., Any]:
        _works[name] = function
        return function

    return enter


def defer(name: str, **arguments: Any) -> None:
    """Run a work once the current transaction is committed: by the worker, or inline where settings say so."""
    if settings.TASKS_INLINE:
        transaction.on_commit(lambda: do(name, arguments))
        return
    run.defer(name=name, arguments=arguments)


def do(name: str, arguments: dict[str, Any]) -> None:
    """Do a work in one transaction, seeing every region: it is the platform that works, not a post."""
    with transaction.atomic(), rowsecurity.entering(Reach.system()):
        _works[name](**arguments)


@app.task(name="jingtu.run", retry=RetryStrategy(max_attempts=2, wait=5))
def run(name: str, arguments: dict[str, Any]) -> None:
    """Do one deferred work."""
    do(name, arguments)


@app.periodic(cron="* * * * * */20")
@app.task(name="jingtu.rescue", pass_context=True, queueing_lock="rescue")
async def rescue(context: JobContext, timestamp: int) -> None:
    """Take up jobs whose worker died; after some attempts leave them for a person to look at."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_S):
        if job.attempts < MOST_ATTEMPTS:
            await app.job_manager.retry_job(job)
