"""Which promises are a customer's or a promiser's: one small item for each promise, beside the person's profile."""

from collections.abc import Iterable, Sequence

from chalicelib.adapters import items, tables
from chalicelib.adapters.dynamodb_calls import ask
from chalicelib.adapters.tables import PromisesItem
from chalicelib.adapters.transaction import Transaction
from chalicelib.domain.facts import Fact
from chalicelib.domain.listings import Listing, Party, listed_with, listing_of, read_listing
from chalicelib.domain.promise import Promise


def enter(writing: Transaction, item: type[PromisesItem], promise: Promise, facts: Sequence[Fact]) -> None:
    """List a new promise with its parties, a claim with whom a finding names, and what was found with its customer."""
    before = keys(promise, ()) if promise.version else []
    for pk, sk in keys(promise, facts):
        if (pk, sk) not in before:
            writing.put(item(pk, sk))
    if promise.claim:
        writing.put(items.claim_item(item, promise, promise.claim))


def keys(promise: Promise, facts: Iterable[Fact]) -> Sequence[tuple[str, str]]:
    """Return where a promise is listed, as far as these facts tell."""
    sk = tables.promise_sk(str(listing_of(promise)))
    promisers = [tables.promiser_pk(ref) for ref in sorted(listed_with(promise, facts))]
    return [(pk, sk) for pk in (tables.customer_pk(promise.customer_ref), *promisers)]


def newest(
    item: type[PromisesItem], party: Party, ref: str, most: int | None = None, after: Listing | None = None
) -> Sequence[Listing]:
    """Return so many of a person's promises (None: all), the newest first, those made before `after` only."""
    pk = tables.customer_pk(ref) if party is Party.CUSTOMER else tables.promiser_pk(ref)
    start = {"pk": {"S": pk}, "sk": {"S": tables.promise_sk(str(after))}} if after else None
    found = ask(
        lambda: list(
            item.query(
                pk,
                item.sk.startswith(tables.PROMISE),
                consistent_read=True,
                scan_index_forward=False,
                limit=most,
                last_evaluated_key=start,
            )
        )
    )
    return [read_listing(each.sk.removeprefix(tables.PROMISE)) for each in found]
