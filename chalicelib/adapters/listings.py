"""Which promises are a customer's or a promiser's: one small item for each promise, beside the person's profile."""

from collections.abc import Sequence

from chalicelib.adapters import items, tables
from chalicelib.adapters.dynamodb_calls import ask
from chalicelib.adapters.tables import PromisesItem
from chalicelib.adapters.transaction import Transaction
from chalicelib.domain.listings import Listing, Party, listing_of, read_listing
from chalicelib.domain.promise import Promise


def enter(writing: Transaction, item: type[PromisesItem], promise: Promise) -> None:
    """List a new promise with both its parties, and what was found of a claim with its customer."""
    if not promise.version:
        for pk, sk in keys(promise):
            writing.put(item(pk, sk))
    if promise.claim:
        writing.put(items.claim_item(item, promise, promise.claim))


def keys(promise: Promise) -> Sequence[tuple[str, str]]:
    """Return where a promise is listed. Nothing in it ever changes, so neither do these."""
    sk = tables.promise_sk(str(listing_of(promise)))
    pks = [tables.customer_pk(promise.customer_ref)]
    if promise.promiser_ref:
        pks.append(tables.promiser_pk(promise.promiser_ref))
    return [(pk, sk) for pk in pks]


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
