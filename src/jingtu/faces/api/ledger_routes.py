"""The heads of the ledger's chains, for others to keep and hold the ledger to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from jingtu.faces.api.asking import ledger_reader
from jingtu.registers import ledger

router = Router(tags=["ledger"])


class HeadOut(Schema):
    """The newest entry of a chain."""

    stream: str
    seq: int
    hash: str
    recorded_at: datetime


class HeadsOut(Schema):
    """The newest entry of every chain."""

    items: list[HeadOut]


@router.get("/ledger/heads", response=HeadsOut)
def heads(request: HttpRequest) -> dict[str, Any]:
    """The newest number and hash of every chain: whoever keeps them can tell later whether entries were changed."""
    ledger_reader(request)
    return {"items": ledger.heads()}
