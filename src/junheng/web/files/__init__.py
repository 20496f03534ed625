"""Files people take away: tables and reports, made, counted, kept for a while, checked again when taken."""
