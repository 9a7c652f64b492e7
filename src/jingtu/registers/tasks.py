"""Background work: deferred in the same transaction as the data, repeatable, seen by its progress."""

from __future__ import annotations

import logging
from collections.abc import Callable
from time import monotonic
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job, Status

from jingtu.registers import rowsecurity
from jingtu.registers.reach import Reach

STALLED_AFTER_S = 20
WAIT_S = 5
MOST_ATTEMPTS = 3
MOST_ATTEMPTS_WITH_DEATH = 6
MOST_ATTEMPTS_WITHOUT_DATABASE = 30
WITHOUT_DATABASE = (OperationalError, InterfaceError)
logger = logging.getLogger("jingtu.tasks")

_works: dict[str, Callable[..., Any]] = {}
_givings_up: dict[str, Callable[..., Any]] = {}
# Jobs that this process does now, and since when it sees others as its own without doing them.
_doing: set[int | None] = set()
_strays: dict[int | None, float] = {}


def work(name: str, give_up: Callable[..., Any] | None = None) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorator: make a function deferrable under a name. It must be safe to run twice.

    ``give_up`` is called with the same arguments when the last attempt failed, so that nobody waits for ever.
    """

    def enter(function: Callable[..., Any]) -> Callable[..., Any]:
        _works[name] = function
        if give_up:
            _givings_up[name] = give_up
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


def give_up(name: str, arguments: dict[str, Any]) -> None:
    """Leave a work undone, and say so where it was waited for."""
    logger.error("The work %s of %s is given up after its last attempt", name, arguments)
    if name in _givings_up:
        with transaction.atomic(), rowsecurity.entering(Reach.system()):
            _givings_up[name](**arguments)


class Perseverance(BaseRetryStrategy):
    """A database that went away is waited for; any other failure is tried again a few times."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Whether and when to try again; ``job.attempts`` counts those before this one."""
        most = MOST_ATTEMPTS_WITHOUT_DATABASE if isinstance(exception, WITHOUT_DATABASE) else MOST_ATTEMPTS
        return RetryDecision(retry_in={"seconds": WAIT_S}) if job.attempts + 1 < most else None


PERSEVERANCE = Perseverance()


@app.task(name="jingtu.run", retry=PERSEVERANCE, pass_context=True)
def run(context: JobContext, name: str, arguments: dict[str, Any]) -> None:
    """Do one deferred work."""
    _doing.add(context.job.id)
    try:
        do(name, arguments)
    except Exception as error:
        if PERSEVERANCE.get_retry_decision(exception=error, job=context.job) is None:
            give_up(name, arguments)
        raise
    finally:
        _doing.discard(context.job.id)


async def _strayed(worker_id: int | None) -> list[Job]:
    """Jobs that count as this worker's and that it does not do: the connection that fetched or finished them was lost.

    Between fetching, doing and finishing a job strays for a moment too; hence only one seen so for some time counts.
    """
    own = await app.job_manager.list_jobs_async(status=Status.DOING.value, task=run.name, worker_id=worker_id)
    found = {job.id: job for job in own if job.id not in _doing}
    for key in set(_strays) - set(found):
        del _strays[key]
    now = monotonic()
    return [job for key, job in found.items() if now - _strays.setdefault(key, now) >= STALLED_AFTER_S]


@app.periodic(cron="* * * * * */10")
@app.task(name="jingtu.rescue", queueing_lock="rescue", pass_context=True)
async def rescue(context: JobContext, timestamp: int) -> None:
    """Take up jobs whose worker died or lost them; one that is lost every time is given up."""
    stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_S)
    for job in [*stalled, *await _strayed(context.job.worker_id)]:
        if job.task_name != run.name:  # a rescue that died itself: the next one is already here
            await app.job_manager.finish_job(job, Status.ABORTED, delete_job=True)
        elif job.attempts + 1 < MOST_ATTEMPTS_WITH_DEATH:
            await app.job_manager.retry_job(job)
        else:
            await app.job_manager.finish_job(job, Status.FAILED, delete_job=False)
            await sync_to_async(give_up)(job.task_kwargs["name"], job.task_kwargs["arguments"])
