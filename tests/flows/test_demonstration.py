"""The demonstration plays in whole, through the real doors, and shows every stage on its day."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from jingtu.demonstration import cast, play


@pytest.fixture
def demonstration(db: None) -> None:
    with override_settings(TASKS_INLINE=True):
        assert play.perform() is True


def test_plays(demonstration: None) -> None:
    from jingtu.chapters.monitoring.models import Stage
    print(Counter(Stage.objects.values_list("stage", flat=True)))
