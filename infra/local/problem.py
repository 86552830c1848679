"""The one error that a person at the keyboard is meant to read."""


class StackProblemError(Exception):
    """Something is missing or in the way; the message says what it is and how to put it right."""
