"""``manage demonstration``: play the demonstration in once, or write the files that a visitor needs for the tour."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.test.utils import override_settings

from jingtu.demonstration import tour
from jingtu.demonstration.play import perform
from jingtu.registers import rowsecurity
from jingtu.registers.reach import Reach


class Command(BaseCommand):
    """Play the demonstration in, or write its files."""

    help = "演示数据：无参数时装入（已装入则不变）；--write-files 写出导览用的文件；--receipt 写出上报包的回执"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--write-files", "--files", metavar="DIR", dest="files", help="write the files of the tour")
        parser.add_argument("--receipt", nargs=2, metavar=("PACKAGE", "DIR"), help="write a receipt for a sent package")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what was asked and say it in a sentence."""
        if settings.DEMO_TODAY is None:
            raise CommandError("这是正式实例，不能装入演示数据。请另设 JINGTU_HOME，以 make up 建立演示实例。")
        with transaction.atomic(), rowsecurity.entering(Reach.system()):
            self._do(options)

    def _do(self, options: dict[str, Any]) -> None:
        if options["receipt"]:
            self._receipt(*options["receipt"])
            return
        with override_settings(TASKS_INLINE=True):
            played = perform()
        self.stdout.write("演示数据已装入。" if played else "演示数据已在，没有改动。")
        if options["files"]:
            self._files(options["files"])

    def _files(self, folder: str) -> None:
        for path in tour.write_files(Path(folder)):
            self.stdout.write(f"已写出 {path}")

    def _receipt(self, number: str, folder: str) -> None:
        try:
            path = tour.write_receipt(number, Path(folder))
        except LookupError as error:
            raise CommandError(str(error.args[0])) from error
        self.stdout.write(f"已写出 {path}，可在“数据导入”中提交。")
