"""What the database itself refuses (rewriting the log and published editions), and the index for searching."""

from django.db import migrations

from rostrum.audit import triggers as log
from rostrum.policies import triggers as editions
from rostrum.registry import search


def _run(which, backwards=False):
    def apply(apps, schema_editor):
        vendor = schema_editor.connection.vendor
        for module in which if not backwards else reversed(which):
            for statement in (module.REVERSE if backwards else module.STATEMENTS)[vendor]:
                schema_editor.execute(statement)

    return apply


PARTS = [log, editions, search]


class Migration(migrations.Migration):
    dependencies = [("rostrum", "0001_initial")]
    operations = [migrations.RunPython(_run(PARTS), _run(PARTS, backwards=True))]
