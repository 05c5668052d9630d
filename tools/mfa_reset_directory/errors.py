"""What ends a command, and how it ends: the exit status."""

OK, SOME, FAILED = 0, 1, 2  # all well; some entries skipped or differing; failed


class Failed(Exception):
    """The command cannot go on. The text is for the operator and never holds a value or a password."""
