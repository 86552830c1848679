"""Names of people: by which part of it somebody is greeted."""

from chalicelib.messages.given import clean

_TITLES = "mr mrs ms miss mx dr dra sr sra srta d dn dña don doña dona prof eng sir dom"

# Given names that are commonly the first half of two, and second halves: "María José" is not "María". A pair that is
# not listed is greeted by its first half, which is at worst familiar.
_FIRST_HALVES = "ana carlos joão joao josé jose juan luis luís luiz marco maria maría miguel pedro rosa"
_SECOND_HALVES = (
    "alberto alice andrés angel ángel antonio antónio beatriz belén carlos carmen carolina cecilia clara cristina "
    "dolores eduarda eduardo elena eugenia felipe fernanda fernando francisco gabriel guadalupe gustavo henrique "
    "ignacio isabel javier jesus jesús joão joaquín jorge jose josé julia júlia laura lucía lúcia luis luís luisa "
    "luísa luiza manuel mar maria maría mercedes miguel pablo paula paulo pedro pilar rita rosa sofía teresa vicente "
    "victor víctor vitor vitória"
)
_TITLE_WORDS = frozenset(_TITLES.split())
_FIRST = frozenset(_FIRST_HALVES.split())
_SECOND = frozenset(_SECOND_HALVES.split())


def first_name(name: str | None) -> str:
    """Return the name by which a person is greeted: the given name, both halves of a double one, no title."""
    words = clean(name).split()
    while len(words) > 1 and words[0].lower().rstrip(".ª") in _TITLE_WORDS:
        words.pop(0)
    if len(words) > 1 and words[0].lower() in _FIRST and words[1].lower() in _SECOND:
        return f"{words[0]} {words[1]}"
    return words[0].rstrip(",:;") if words else ""
