"""Ways to say it that no native would write, or that read as if it were done already: none of them comes back."""

import re

import pytest
from babel.messages.pofile import read_po

from chalicelib.messages.phrases import CATALOGUES

UNSAID = {
    "en": r"[Ii]t is put right|\. Put right by|hear from us, by email or text message|was promised to you",
    # A present that reads as past: as if what is still to be corrected had been.
    "es": r"revisar, y (la )?cumplimos|[Ll]o corregimos|cuándo (te|le) respondemos|Tenía que estar",
    "pt_BR": r"na época|[Ee]nvi(e|ar) mais (sobre|:)|Desculpe por você|e ela vale|contou vale|^Juntamos ao",
    "pt_PT": r"pelas (s|t)uas palavras|mais sobre isto|Juntamos ao|juntámos ao|e ela vale|contou vale|contaste vale",
}


@pytest.mark.parametrize("language", UNSAID)
def test_no_text_says_what_a_native_would_not(language: str) -> None:
    texts = [
        text
        for path in sorted((CATALOGUES / language).rglob("*.po"))
        for message in read_po(path.open("rb"), locale=language)
        if message.id
        for text in ((message.string,) if isinstance(message.string, str) else message.string)
    ]
    assert len(texts) > 500
    assert [text for text in texts if re.search(UNSAID[language], text)] == []
