"""Names of children are sealed; until now they stood open."""

from typing import Any

from django.db import migrations, models

from junheng.web.accounts import sealing
from junheng.web.admission.names import NAME, NameKey, SealedName, name_key


def seal(apps: Any, _: Any) -> None:
    """Seal every name that is there."""
    children = apps.get_model("admission", "Child").objects
    for row in children.exclude(name="").values("pk", "name"):
        held = {"name": sealing.seal(row["name"], field=NAME), "name_key": name_key(row["name"])}
        children.filter(pk=row["pk"]).update(**held)


def unseal(apps: Any, _: Any) -> None:
    """Open them again."""
    children = apps.get_model("admission", "Child").objects
    for row in children.exclude(name="").values("pk", "name"):
        children.filter(pk=row["pk"]).update(name=sealing.unseal(row["name"], field=NAME))


class Migration(migrations.Migration):
    dependencies = [("admission", "0001_entries_and_children")]
    operations = [
        migrations.AlterField("child", "name", models.TextField(blank=True)),
        migrations.AddField(
            "child", "name_key", models.CharField(blank=True, db_index=True, default="", max_length=64)
        ),
        migrations.RunPython(seal, unseal),
        migrations.AlterField("child", "name", SealedName(blank=True)),
        migrations.AlterField("child", "name_key", NameKey(blank=True, db_index=True, max_length=64)),
    ]
