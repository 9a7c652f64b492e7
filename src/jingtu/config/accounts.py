"""Who can sign in: the list printed at the start of a demonstration, the first administrator of a production instance.

``python -m jingtu.config.accounts list`` and ``… first``.
"""

from __future__ import annotations

import secrets
import sys

from jingtu.config.manage import prepare_environment

ORGANISATION = "山西省生态环境厅"
PROVINCE = "140000"


def demonstration_accounts() -> list[str]:
    """One line per demonstration account: name to type, office, what it is for."""
    from jingtu.demonstration import cast

    if not cast.is_present():
        return []
    return [f"{each.account:<22} {each.organisation}：{each.about}" for each in cast.players()]


def first_administrator() -> tuple[str, str] | None:
    """Open ``admin`` with a random password where nobody can sign in yet; None where somebody can."""
    from django.db import transaction

    from jingtu.land import actions
    from jingtu.land.models import Account, Department, Role
    from jingtu.registers.clock import today

    with transaction.atomic():
        if Account.objects.exists():
            return None
        password = secrets.token_urlsafe(15)
        organisation = actions.found_organisation(ORGANISATION, PROVINCE, [Department.ECOLOGY])
        account = actions.open_account("admin", "系统管理员", password)
        actions.appoint(account, organisation, PROVINCE, Department.ECOLOGY, Role.ADMINISTRATOR, today())
    return "admin", password


def main() -> None:
    """Print the list, or the new administrator's name and password."""
    import django

    prepare_environment("accounts")
    django.setup()
    if sys.argv[1:] == ["first"]:
        made = first_administrator()
        print("\n".join(made) if made else "")
    else:
        print("\n".join(demonstration_accounts()))


if __name__ == "__main__":
    main()
