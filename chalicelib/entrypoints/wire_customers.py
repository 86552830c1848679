"""The fields of webhooks about customers."""

from pydantic import BaseModel

from chalicelib.entrypoints.wire_models import Customer, Ref


class CustomerChanged(BaseModel):
    """`customer.changed`: what is known of a customer now; what is not given stays as it was."""

    customer: Customer


class Erased(BaseModel):
    """Who is to be forgotten."""

    ref: Ref


class CustomerErased(BaseModel):
    """`customer.erased`: the customer is to be forgotten."""

    customer: Erased
