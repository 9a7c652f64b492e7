"""Writes to the shared nouns: loading regions, opening accounts, filling posts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Point
from django.db import transaction

from jingtu import law
from jingtu.land.models import Account, Department, Level, Organisation, Post, Region, Role

LEVELS = {"province": Level.PROVINCE, "city": Level.CITY, "county": Level.COUNTY}


@transaction.atomic
def load_regions() -> int:
    """Bring the regions of ``law`` into the database; run again, it changes nothing."""
    known: dict[str, Region] = {}
    for row in sorted(law.regions(), key=lambda item: item.code):
        known[row.code], _created = Region.objects.update_or_create(
            code=row.code,
            defaults={
                "name": row.name_zh,
                "full_name": row.full_name_zh,
                "level": LEVELS[row.level],
                "parent": known.get(row.parent),
            },
        )
    for code, geometry in law.boundaries().items():
        _set_boundary(known[code], geometry)
    return len(known)


def _set_boundary(region: Region, geometry: Mapping[str, object]) -> None:
    shape = GEOSGeometry(json.dumps(geometry))
    shape.srid = 4490  # GeoJSON is read as WGS 84; the file states CGCS2000
    if shape.geom_type == "Polygon":
        shape = MultiPolygon(shape, srid=4490)
    inner = shape.point_on_surface
    Region.objects.filter(pk=region.pk).update(geom=shape, label_point=Point(inner.x, inner.y, srid=4490))


def found_organisation(
    name: str, region_code: str, departments: list[Department], *, demonstration: bool = False
) -> Organisation:
    """Enter an organisation, or return the one already there."""
    organisation, _created = Organisation.objects.get_or_create(
        name=name,
        defaults={"region_id": region_code, "departments": departments, "is_demonstration": demonstration},
    )
    return organisation


def open_account(username: str, display_name: str, password: str, *, demonstration: bool = False) -> Account:
    """Open an account, or return the one already there unchanged."""
    found = Account.objects.filter(username=username).first()
    return found or Account.objects.create_user(
        username, password, display_name=display_name, is_demonstration=demonstration
    )


def appoint(
    account: Account, organisation: Organisation, region_code: str, department: Department, role: Role, from_on: date
) -> Post:
    """Put an account in a post from a day on."""
    post, _created = Post.objects.get_or_create(
        account=account,
        organisation=organisation,
        region_id=region_code,
        department=department,
        role=role,
        defaults={"from_on": from_on},
    )
    return post


def change_password(account: Account, password: str) -> None:
    """Give an account a new password."""
    account.set_password(password)
    account.save(update_fields=["password"])
