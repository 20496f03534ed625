"""Settings by purpose: `demo`, `production`, `test` and, without a database, `public`."""
