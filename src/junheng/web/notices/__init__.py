"""Messages to people inside the application. No personal data in one, only a link."""
