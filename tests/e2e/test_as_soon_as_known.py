"""I will tell you as soon as I know: one person's word without a date, which gets its rhythm from a standard.

Told in Brazilian Portuguese.
"""

from datetime import timedelta
from zoneinfo import ZoneInfo

from tests.e2e.outside import Outside, call, moment
from tests.e2e.promises import promise

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
# Told, and stored a moment later.
INSTANT = timedelta(seconds=5)
WHAT = "Eu te aviso assim que souber quando chega a peça"
WEEKDAYS = ("segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo")
KNOWN = "A peça chega na terça de manhã."


def test_a_word_without_a_date_is_kept_to_a_rhythm_until_it_is_known(outside: Outside) -> None:
    told = promise(WHAT, kind="personal", locale="pt-BR")
    del told.data["due_at"]
    told.data["standard"] = "as_soon_as_known"
    told.data["customer"]["time_zone"] = SAO_PAULO.key
    answer = outside.tell("promise.made", told.data)

    made = outside.read(told.ref)["promise"]
    assert made["standard"].startswith("as_soon_as_known@")
    made_at = moment(made["made_at"]).astimezone(SAO_PAULO)
    next_word = moment(answer["next_contact_at"]).astimezone(SAO_PAULO)
    assert next_word == made_at + timedelta(days=3)
    assert abs(moment(answer["due_at"]) - (made_at + timedelta(days=30))) < INSTANT

    confirmation = outside.hears(told.email)
    assert WHAT in confirmation["subject"]
    assert f"{WEEKDAYS[next_word.weekday()]}, {next_word.day}" in confirmation["text"]
    assert "com ou sem novidades" in confirmation["text"]
    assert told.promiser in confirmation["text"]
    assert "a cada três dias mesmo sem novidades" in call(confirmation["links"][0]).body

    outside.tell("promise.progressed", {"ref": told.ref, "note": KNOWN, "tell": "now"})
    known = outside.hears(told.email, 2)
    assert KNOWN in known["text"]
    outside.tell("promise.kept", {"ref": told.ref})
    outside.hears(told.email, 3)
    closed = outside.read(told.ref)["promise"]
    assert (closed["status"], closed["next_contact_at"]) == ("kept", None)
