"""What is held: tables with what each is for, their rows, templates, doubts."""
