"""Who can sign in: the list printed at the start of a demonstration, the first administrators of a production instance.

``python -m jingtu.config.accounts list`` and ``… first``.
"""

from __future__ import annotations

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


def first_administrators() -> list[str]:
    """Open one account per kind of administrator that nobody ever was; one line each: kind, name, one-time password."""
    from jingtu.entrance.accounts import enter_first_administrators
    from jingtu.land.models import Department

    made = enter_first_administrators(PROVINCE, ORGANISATION, [Department.ECOLOGY])
    return [f"{each.account.display_name}员：{each.account.username}，一次性密码：{each.password}" for each in made]


def main() -> None:
    """Print the list, or the new administrators' names and passwords."""
    import django

    prepare_environment("accounts")
    django.setup()
    if sys.argv[1:] == ["first"]:
        print("\n".join(first_administrators()))
    else:
        print("\n".join(demonstration_accounts()))


if __name__ == "__main__":
    main()
