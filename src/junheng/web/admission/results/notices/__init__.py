"""通知书: notices and receipt slips for many, made in the background and fetched by who asked."""
