"""Province, city, county, town and school: the tree every permission hangs on."""
