"""Times of day and names of zones as people say them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.messages.phrases import Phrases

_NOON = 12

# Zones that people call by another name than CLDR's city for them.
_KNOWN_AS = {
    ("pt-BR", "America/Sao_Paulo"): "horário de Brasília",
    ("pt-PT", "Atlantic/Azores"): "hora dos Açores",
    ("pt-PT", "Atlantic/Madeira"): "hora da Madeira",
    ("es", "Atlantic/Canary"): "hora de Canarias",
}


def time_of_day(local: datetime, tag: str) -> str:
    """Return a local time as it is said in a language: "3 pm", "a las 15:00", "às 15h30". Seconds are left out."""
    hour, minute = local.hour, local.minute
    if tag.startswith("en"):
        return _twelve_hours(hour, minute, american=tag == "en-US")
    if tag.startswith("es"):
        return f"a la{'' if hour == 1 else 's'} {hour}:{minute:02}"
    # Zero is singular in Brazil (à 0h) and plural in Portugal (às 0h00).
    if tag == "pt-BR":
        return f"{'à' if hour <= 1 else 'às'} {hour}h{f'{minute:02}' if minute else ''}"
    return f"{'à' if hour == 1 else 'às'} {hour}h{minute:02}"


def zone_name(zone: ZoneInfo, tag: str, say: Phrases) -> str:
    """Return what people call a zone ("Madrid time"): by its best-known city, from CLDR."""
    from babel.dates import get_timezone_location  # noqa: PLC0415 - few messages name a zone

    language = tag.partition("-")[0]
    if known := _KNOWN_AS.get((tag, zone.key)) or _KNOWN_AS.get((language, zone.key)):
        return known
    locale = tag.replace("-", "_") if language == "pt" else language
    city = get_timezone_location(zone, locale=locale, return_city=True)
    return "UTC" if city in {"UTC", "GMT"} else say("zone", city=city)


def _twelve_hours(hour: int, minute: int, *, american: bool) -> str:
    if (hour, minute) == (_NOON, 0):
        return "12 noon"
    half = "pm" if hour >= _NOON else "am"
    shown = f"{hour % _NOON or _NOON}{f':{minute:02}' if minute else ''}"
    return f"{shown} {half.upper() if american else half}"
