"""Samples that no laboratory was given yet, and bear a code of their sampler's own making, get a drawn one."""

import re
import secrets
from typing import Any

from django.db import migrations

DRAWN = re.compile(r"S\d{2}-[A-HJ-NP-Z2-9]{6}")
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
SEE_ALL = "SELECT set_config('jingtu.region_from', '0', true), set_config('jingtu.region_to', 'z', true)"


def draw(apps: Any, schema_editor: Any) -> None:
    """Keep the sampler's code as the label."""
    schema_editor.execute(SEE_ALL)
    samples = apps.get_model("evidence", "Sample").objects
    for sample in samples.filter(handovers__isnull=True):
        if not DRAWN.fullmatch(sample.code):
            sample.label = sample.code
            sample.code = f"S{sample.recorded_at:%y}-" + "".join(secrets.choice(LETTERS) for _place in range(6))
            sample.save(update_fields=["label", "code"])


class Migration(migrations.Migration):
    """Codes tell a laboratory nothing."""

    dependencies = [("evidence", "0004_sample_label")]
    operations = [migrations.RunPython(draw, migrations.RunPython.noop)]
