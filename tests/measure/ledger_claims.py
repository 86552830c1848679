"""Lives of claims: believed or looked into first, found and found otherwise, kept, forgotten; each counted by hand."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.claimed import Finding
from chalicelib.domain.claims import Claiming
from chalicelib.domain.findings import settle_claim
from chalicelib.domain.promise import Kind
from chalicelib.usecases.take_event import ClaimRaised, answering
from tests.measure.hand_count import Line
from tests.measure.ledger_lives import HOUR, Life, Lives, customer, promiser
from tests.world import SOURCE

# What sellers say, each in several ways that say the same; a number apart is something else.
SAID = (
    ("El precio incluye el IVA", "¡el precio incluye el IVA!", "EL PRECIO, INCLUYE EL IVA."),
    ("Descuento del 10%", "descuento del 10 %"),
    ("Descuento del 50%", "Descuento del 50 %."),
    ("10 € de descuento", "10 € DE DESCUENTO"),
)
MINUTE = timedelta(minutes=1)


class ClaimLives:
    """Lets customers claim what was promised to them, and counts by hand what the report must say of it."""

    def __init__(self, lives: Lives) -> None:
        """Live beside other lives, by the same chance and in the same count."""
        self._lives = lives
        self._chance = lives.chance

    def one(self, n: int) -> None:
        """Let a customer of whom nothing is known claim something; every second one has claimed by mistake before."""
        life = self._lives.begun(f"r-{n}")
        life = replace(life, customer=customer(f"c-{life.ref}"))
        if self._chance.random() < 0.5:
            self._believed(life)
            return
        mistaken = self._believed(life, Finding.NOT_PROMISED)
        self._reviewed(replace(mistaken, ref=f"{life.ref}-2", at=life.at + 3 * HOUR))

    def _believed(self, life: Life, finding: Finding | None = None) -> Life:
        """Ratified at once, and honoured whatever is found; the finding may be reversed, and the last one counts."""
        said, life = self._raised(life, "claim_correction@1")
        self._claimed(life, "claims_raised", "claims_ratified")
        self._house(life, "given")
        if finding is None and self._chance.random() < 0.2:
            self._lives.forget(life, life.at + HOUR)
            self._house(life, "withdrawn")
            return life
        found = self._settled(life, *((finding,) if finding else self._findings()))
        self._lives.keep(life, life.at + 2 * HOUR)
        self._house(life, "kept_on_time")
        self._found(life, found, said)
        if finding is None and self._chance.random() < 0.2:
            self._lives.forget(life, life.at + 4 * HOUR)
        return life

    def _reviewed(self, life: Life) -> None:
        """Looked into first: the answer is a word, and so is the correction, if it is believed, even after all."""
        said, life = self._raised(life, "claim_review@1")
        self._claimed(life, "claims_raised")
        self._house(life, "given")
        findings = self._findings()
        found = self._settled(life, *findings)
        self._house(life, "kept_on_time")
        if set(findings) != {Finding.NOT_PROMISED}:
            self._claimed(life, "claims_ratified")
            self._lives.keep(life, life.at + 2 * HOUR)
            self._house(life, "given", "kept_on_time")
        self._found(life, found, said)

    def _raised(self, life: Life, standard: str) -> tuple[str, Life]:
        """Raise the claim; return what it is about, and the life as it counts: under its first answer's standard."""
        ways = self._chance.choice(SAID)
        life = replace(life, line=Line(life.line.promiser, Kind.COMMITMENT.value, standard))
        claiming = Claiming(
            SOURCE, life.ref, self._chance.choice(ways), life.customer.ref, life.customer.time_zone,
            promiser_ref=life.line.promiser, digest=life.ref,
        )  # fmt: skip
        self._lives.world.system.time = life.at
        self._lives.world.tell(ClaimRaised(claiming, life.customer, promiser(life.line.promiser)))
        return ways[0], life

    def _findings(self) -> tuple[Finding, ...]:
        """Return what is found, one after the other, each unlike the one before."""
        return tuple(self._chance.sample(list(Finding), self._chance.choice((1, 1, 2, 3))))

    def _settled(self, life: Life, *findings: Finding) -> Finding:
        """Settle the claim, minute after minute; return what stands in the end."""
        world = self._lives.world
        for n, finding in enumerate(findings):
            at = life.at + HOUR + n * MINUTE
            by_when = answering(life.customer.time_zone, at, world.rules)
            self._lives.tell(
                life, at, lambda promise, now, each=finding, by=by_when: settle_claim(promise, each, None, by, now)
            )
        return findings[-1]

    def _found(self, life: Life, finding: Finding, said: str) -> None:
        self._claimed(life, f"found_{finding}")
        if finding is Finding.PROMISED:
            self._lives.counted.confirm(life.line, said)

    def _claimed(self, life: Life, *measures: str) -> None:
        """Count what stands on the record of whoever is said to have promised."""
        self._lives.add(life, *measures)

    def _house(self, life: Life, *measures: str) -> None:
        """Count what is nobody's record but the house's: whether the claim's own words were kept."""
        self._lives.add(replace(life, line=replace(life.line, promiser="")), *measures)
