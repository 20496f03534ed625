"""Pages from what was read; nothing here touches the database."""
