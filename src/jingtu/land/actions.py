"""Writes to the shared nouns: loading regions, opening accounts, filling posts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime

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


def open_account(
    username: str,
    display_name: str,
    password: str,
    *,
    demonstration: bool = False,
    organisation: Organisation | None = None,
) -> Account:
    """Open an account, or return the one already there unchanged."""
    found = Account.objects.filter(username=username).first()
    return found or Account.objects.create_user(
        username, password, display_name=display_name, is_demonstration=demonstration, organisation=organisation
    )


def appoint(
    account: Account, organisation: Organisation, region_code: str, department: Department, role: Role, from_on: date
) -> Post:
    """Put an account in a post from a day on; the first post tells whose staff the person is."""
    Account.objects.filter(pk=account.pk, organisation=None).update(organisation=organisation)
    post, _created = Post.objects.get_or_create(
        account=account,
        organisation=organisation,
        region_id=region_code,
        department=department,
        role=role,
        defaults={"from_on": from_on},
    )
    return post


def change_password(account: Account, password: str, *, one_time_until: datetime | None = None) -> None:
    """Give an account a new password; a one-time password must be changed at the next sign-in, until an instant."""
    account.set_password(password)
    account.password_is_initial, account.password_expires_at = one_time_until is not None, one_time_until
    account.save(update_fields=["password", "password_is_initial", "password_expires_at"])


def require_new_password(account: Account) -> None:
    """Let the password of a new account be good for one sign-in, whenever that comes."""
    account.password_is_initial = True
    account.save(update_fields=["password_is_initial"])


def set_active(account: Account, is_active: bool) -> None:
    """Close an account, or let it in again."""
    account.is_active = is_active
    account.save(update_fields=["is_active"])
