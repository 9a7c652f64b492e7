"""Bring what ``law`` says of places into the database."""

from typing import Any

from django.core.management.base import BaseCommand

from jingtu import law
from jingtu.land.actions import load_regions


class Command(BaseCommand):
    """Load the regions with their boundaries; run again, it changes nothing."""

    help = "Load regions and boundaries from law."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say how much."""
        regions = load_regions()
        plan = law.plan()
        self.stdout.write(f"已载入 {regions} 个行政区；计划 {len(plan.clauses)} 条、{len(plan.duties)} 项任务。")
