"""Write the API's description where the repository keeps it."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from jingtu.faces.api.service import description


class Command(BaseCommand):
    """Write the OpenAPI description; written again from the same declarations, it does not change."""

    help = "Write the OpenAPI description of the API."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file to write."""
        parser.add_argument("file", nargs="?", default="docs/openapi.json", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write, and say where."""
        file: Path = options["file"]
        file.write_text(description(), encoding="utf-8")
        self.stdout.write(f"已写出接口说明 {file}。")
