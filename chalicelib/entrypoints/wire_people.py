"""The people in a webhook, completed by what is known of them: nobody need be described again to be named again."""

from chalicelib.domain.people import Channel, Customer, Promiser
from chalicelib.entrypoints import wire_models as models
from chalicelib.usecases.services import Services


class People:
    """Reads customers and promisers. What a webhook leaves out is as it was told before, else as the brand has it.

    The store is asked only where something is left out. Every method raises StoreUnavailable.
    """

    def __init__(self, services: Services) -> None:
        """Begin without having asked anything."""
        self._services = services
        self._brand = services.rules.brand

    def customer(self, given: models.Customer) -> Customer:
        """Return the customer, with the language, zone and channels that hold for them now."""
        is_complete = given.locale and given.time_zone and given.channels
        known = None if is_complete else self._services.store.customers([given.ref]).get(given.ref)
        usual = known or Customer(given.ref, self._brand.locale, self._brand.time_zone.key)
        return Customer(
            ref=given.ref,
            locale=given.locale or usual.locale,
            time_zone=given.time_zone or usual.time_zone,
            name=given.name,
            email=given.email,
            phone=given.phone,
            channels=tuple(Channel(each) for each in given.channels) if given.channels else usual.channels,
        )

    def locale(self, given: object) -> str | None:
        """Return the language of the customer in a webhook's data as it was sent, or as it was told before."""
        if not isinstance(given, dict):
            return None
        told, ref = given.get("locale"), given.get("ref")
        if isinstance(told, str):
            return told
        known = self._services.store.customers([ref.strip()]).get(ref.strip()) if isinstance(ref, str) else None
        return known.locale if known else None

    def promiser(self, given: models.PromisedBy | None) -> Promiser | None:
        """Return the promiser with all that is known of them, or None where none is named."""
        if given is None:
            return None
        is_complete = given.name and given.email and given.team
        known = None if is_complete else self._services.store.promisers([given.ref]).get(given.ref)
        usual = known or Promiser(given.ref)
        return Promiser(given.ref, given.name or usual.name, given.email or usual.email, given.team or usual.team)
