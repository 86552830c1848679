"""The fields of webhooks about claims."""

from typing import Literal

from pydantic import BaseModel

from chalicelib.entrypoints.wire_models import About, Customer, Note, PromisedBy, Ref, Title


class ClaimRaised(BaseModel):
    """`claim.raised`: what the customer says was promised, told on their behalf."""

    ref: Ref
    customer: Customer
    what: Title
    promised_by: PromisedBy | None = None
    about: About | None = None
    evidence: Note | None = None


class ClaimSettled(BaseModel):
    """`claim.settled`: what the investigation found."""

    ref: Ref
    finding: Literal["promised", "not_promised", "unclear"]
    note: Note | None = None
