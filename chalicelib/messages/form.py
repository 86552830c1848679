"""What the forms on our pages are made of."""

from dataclasses import dataclass

# What a field holds at most, in characters: a browser stops there, and whoever reads the form checks it.
LONGEST_NAME = 80
LONGEST_TITLE = 200
LONGEST_TEXT = 1000
LONGEST_EVIDENCE = 4000


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form: a choice where there are options, a moment, a line, or a text of several lines."""

    id: str
    name: str
    label: str
    value: str
    fault: str | None
    hint: str | None = None
    options: tuple[tuple[str, str], ...] = ()
    is_moment: bool = False
    is_line: bool = False
    most: int = LONGEST_TEXT
