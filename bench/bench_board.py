"""The plan board of the demonstration, and a list page over many results beside a page of django-tables2.

Run: ``python bench/bench_board.py [RESULTS] [REPEATS]`` (1000000 15 for the full size).

The board (131 points, four bound duties) and the list page are whole pages asked through the middleware, signed in as
the province's clerk. The peer renders only its table, of the same columns and rows under the same reach and row-level
security, without menu or page around it.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import instance
import intake_world as worlds

WHO, BATCHES = "sheng-jingban", 10
FILL_SAMPLES = """
INSERT INTO evidence_sample (code, kind, region_id, origin_register, land_use, certified, medium, crop, label,
                             recorded_at)
SELECT 'L21-' || lpad(n::text, 7, '0'), 'routine', '140105', '', 'other', '{}', 'soil', '', '', now()
FROM generate_series(1, %s) n
"""
FILL_RESULTS = """
INSERT INTO evidence_result (batch_id, sample_id, analyte, replicate, method, reported, unit_reported, value, unit,
                             qualifier, detection_limit, analysed_on, flag, recorded_at)
SELECT (%s::bigint[])[1 + s.id %% %s], s.id, a.code, 1, 'GB/T 17141-1997', '0.12', 'mg/kg', 0.12, 'mg/kg', '', 0.01,
       '2021-09-05', '', '2021-09-10'
FROM evidence_sample s CROSS JOIN unnest(%s::text[]) AS a(code) WHERE s.code LIKE 'L21-%%'
"""
FULL = "1_000_000 15"


def median_ms(run: Callable[[], object], repeats: int) -> float:
    run()
    taken = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken) * 1000


def fill(count: int) -> None:
    """So many results beside those of the demonstration."""
    from django.db import connection, transaction

    from jingtu.registers import rowsecurity
    from jingtu.registers.reach import Reach

    with transaction.atomic(), rowsecurity.entering(Reach.system()):
        world = worlds.people()
        batches = [worlds.empty_batch(world, f"board-{number}").pk for number in range(BATCHES)]
        with connection.cursor() as cursor:
            cursor.execute(FILL_SAMPLES, [count // len(worlds.ANALYTES)])
            cursor.execute(FILL_RESULTS, [batches, BATCHES, list(worlds.ANALYTES)])
    instance.analyse()  # as the database does by itself within the minute


def page(address: str) -> Callable[[], object]:
    """Asking for a page as the province's clerk."""
    from django.test import Client

    from jingtu.land.models import Account

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(Account.objects.get(username=WHO))

    def ask() -> bytes:
        response = client.get(address)
        assert response.status_code == 200, response.status_code
        return response.content

    return ask


def tables2_page() -> Callable[[], object]:
    """The first page of the same rows by django-tables2, and nothing but its table."""
    import django_tables2 as tables
    from django.db import transaction
    from django.test import RequestFactory

    from jingtu.land.models import Account, Post
    from jingtu.registers import rowsecurity
    from jingtu.registers.clock import Clock
    from jingtu.registers.declare import get_register
    from jingtu.registers.listing import PAGE_ROWS
    from jingtu.registers.reach import Reach

    register = get_register("evidence.result")
    shown = [column for column in register.columns if column.shown]
    columns: dict[str, Any] = {
        column.name: tables.Column(accessor=column.orm_path, verbose_name=str(column.label)) for column in shown
    }
    table_class = type("ResultTable", (tables.Table,), columns)
    account = Account.objects.get(username=WHO)
    reach = Reach.of(Post.objects.select_related("region", "organisation", "account").get(account=account))
    request = RequestFactory().get("/")

    def ask() -> str:
        with transaction.atomic(), rowsecurity.entering(reach):
            rows = register.rows(reach, Clock.present()).select_related("sample", "batch").order_by("pk")
            table = table_class(rows)
            tables.RequestConfig(request, paginate={"per_page": PAGE_ROWS}).configure(table)
            return str(table.as_html(request))

    return ask


def main(count: int = 20_000, repeats: int = 5) -> dict[str, float]:
    """Medians in milliseconds."""
    with instance.served("demonstration", "collectstatic --no-input", apps=["django_tables2"]):
        from django.urls import reverse

        from jingtu.registers import duties

        bound = len(duties.bound())
        board = median_ms(page(reverse("board")), repeats)
        fill(count)
        list_page = median_ms(page(reverse("listing", args=["evidence.result"])), repeats)
        peer = median_ms(tables2_page(), repeats)
    print(f"machine                         {instance.machine()}")
    print(f"board of 131 points, {bound:>2} duties  {board:>10.0f} ms   (under 300 wanted)")
    print(f"results in the list             {count:>10,}")
    print(f"list page, whole                {list_page:>10.1f} ms")
    print(f"django-tables2, table alone     {peer:>10.1f} ms")
    print(f"ratio (list page / tables2)     {list_page / peer:>10.2f} ×   (0.3 or less wanted at a million)")
    return {"board": board, "list": list_page, "tables2": peer}


if __name__ == "__main__":
    main(*(int(text.replace("_", "")) for text in sys.argv[1:]))
