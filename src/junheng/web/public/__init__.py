"""The public site: serves one folder of published files; no database, no session, no other application."""
