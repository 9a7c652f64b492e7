"""Three hundred accounts: each may sign in, the search finds any of them, the list says that it is cut short."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password
from django.test import Client

from jingtu.land.facts import accounts_found
from jingtu.land.models import Account, Department, Post, Role
from tests.security.conftest import CITY, IN_OFFICE, PASSWORD, Office, is_in, sign_in

MANY, LAST = 300, "renyuan-299"


def test_three_hundred_accounts_sign_in_and_are_found(office: Office) -> None:
    names = [f"renyuan-{number:03}" for number in range(MANY)]
    hashed = make_password(PASSWORD)
    Account.objects.bulk_create(
        [Account(username=name, display_name=name, organisation=office.organisation, password=hashed) for name in names]
    )
    accounts = Account.objects.filter(username__in=names)
    Post.objects.bulk_create(
        [
            Post(
                account=each,
                organisation=office.organisation,
                region_id=CITY,
                department=Department.ECOLOGY,
                role=Role.CLERK,
                from_on=IN_OFFICE,
            )
            for each in accounts
        ]
    )
    client = Client()
    sign_in(client, LAST)
    assert is_in(client)
    assert "renyuan-299" in client.get("/").text
    assert [each.username for each in accounts_found("1401", LAST, 10)] == [LAST]
    assert len(accounts_found("1401", "", 201)) == 201
