"""Words that everybody would try first: the account's own names, the office's, the platform's, the place's.

These are the context words that may not make up a password; ``data/password_words.txt`` is the documented list.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

WORDS = tuple(Path(__file__).with_name("data").joinpath("password_words.txt").read_text(encoding="utf-8").split())
LEAST_OWN = 6
SHORT = 3


class ContextValidator:
    """Refuses a password that is little more than the names around it.

    Every such word is struck out; what is left must still be six characters long.
    """

    def validate(self, password: str, user: Any = None) -> None:
        """Raise with a sentence when too little of the password is the person's own."""
        left = password.casefold()
        for word in sorted(self._words(user), key=len, reverse=True):
            left = left.replace(word, "")
        if len(re.sub(r"\s", "", left)) < LEAST_OWN:
            raise ValidationError(
                _("密码主要由账号、姓名、单位、地名或“净土”“admin”等词组成，容易被猜中。请换成与这些无关的一句话。"),
                code="password_of_context",
            )

    def get_help_text(self) -> str:
        """What is asked, for the form."""
        return _("不能主要由账号、姓名、单位或地名组成。")

    def _words(self, user: Any) -> set[str]:
        own = [getattr(user, "username", ""), getattr(user, "display_name", "")]
        own += re.split(r"[^\w]+|_", own[0])
        own.append(str(getattr(user, "organisation", "") or ""))
        return {word.casefold() for word in (*WORDS, *own) if len(word) >= SHORT or (word and not word.isascii())}
