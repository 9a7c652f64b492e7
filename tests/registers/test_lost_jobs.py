"""A job whose worker lives, but lost the connection on which it would have said that the job is done."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.psycopg_connector import PsycopgConnector

from jingtu.config.cluster import SUPERUSER
from jingtu.registers import tasks

NAME, WORK = "worker-of-a-test", "tests.cut"
LONGEST_S = 60
WAITING = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name = %s AND wait_event_type = 'Lock'"""


class Cut:
    """Holds the row of a job so that its worker waits to tell the end, and ends the connection that waits."""

    def __init__(self) -> None:
        place = connection.settings_dict
        self.place = {"host": place["HOST"], "port": place["PORT"], "dbname": place["NAME"], "user": SUPERUSER}
        self.holder: psycopg.Connection[tuple[Any, ...]] | None = None
        self.ends: list[int] = []

    def work(self) -> None:
        """The work itself: the first time, its end will not be told."""
        self.ends.append(len(self.ends) + 1)
        if len(self.ends) == 1:
            self.holder = psycopg.connect(**self.place)
            self.holder.execute("SELECT FROM procrastinate_jobs WHERE status = 'doing' FOR UPDATE")

    def cut(self) -> None:
        """Once the worker waits to tell the end, cut that connection and no other."""
        if self.holder is None:
            return
        with psycopg.connect(**self.place) as other:
            cut = other.execute(WAITING, [NAME]).fetchall()
        if cut:
            self.holder.close()
            self.holder = None


@pytest.fixture
def lost(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Cut:
    """A work whose end is lost the first time."""
    cut = Cut()
    settings.TASKS_INLINE = False
    monkeypatch.setattr(tasks, "STALLED_AFTER_S", 3)
    monkeypatch.setitem(tasks._works, WORK, cut.work)
    return cut


async def work_until_nothing_is_left(lost: Cut) -> None:
    """A worker like the product's; a rescue is asked for every half second."""
    own = PsycopgConnector(kwargs={**connector_params(), "application_name": NAME}, min_size=1, max_size=4)
    with app.replace_connector(own) as worker_app:
        async with worker_app.open_async():
            worker = asyncio.create_task(
                worker_app.run_worker_async(
                    concurrency=1, listen_notify=False, fetch_job_polling_interval=0.2, delete_jobs="successful",
                    install_signal_handlers=False, update_heartbeat_interval=0.2,
                )
            )  # fmt: skip
            try:
                async with asyncio.timeout(LONGEST_S):
                    while list(await worker_app.job_manager.list_jobs_async(task=tasks.run.name)):
                        await asyncio.to_thread(lost.cut)
                        with suppress(AlreadyEnqueued):
                            await tasks.rescue.defer_async(timestamp=0)
                        await asyncio.sleep(0.5)
            finally:
                worker.cancel()
                await asyncio.gather(worker, return_exceptions=True)


@pytest.mark.django_db(transaction=True)
def test_a_job_whose_end_was_lost_is_taken_up_by_the_worker_itself(lost: Cut) -> None:
    with transaction.atomic():
        tasks.defer(WORK)
    with ThreadPoolExecutor(1) as aside:  # a browser of another test keeps a loop of its own in this thread
        aside.submit(asyncio.run, work_until_nothing_is_left(lost)).result()
    assert lost.ends == [1, 2], "done twice: the second time its end was told"
