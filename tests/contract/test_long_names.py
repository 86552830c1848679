"""Reads of names longer than a key can be: nobody is known by them, and that is the answer.

On DynamoDB Local, as neither moto nor a dictionary minds the length.
"""

import pytest

from chalicelib.adapters.tables import Place
from tests.contract.dynamo_world import DynamoWorld
from tests.http import Http, problem


@pytest.fixture
def http(place: Place) -> Http:
    return Http(DynamoWorld(place=place))


@pytest.mark.parametrize("place", ["dynamodb-local"], indirect=True)
# Where a name is a partition key 2,048 bytes are too many, and 1,024 where it is a sort key.
@pytest.mark.parametrize(
    ("what", "length"),
    [("promises", 3000), ("claims", 3000), ("customers", 3000), ("promisers", 3000), ("promisers", 1100)],
)
def test_a_name_that_is_too_long_for_a_key_is_known_to_nobody(http: Http, what: str, length: int) -> None:
    answered = http.get(f"/v1/{what}/{'x' * length}", {"Authorization": "Bearer read-key"})
    assert problem(answered, 404)["type"].endswith(f"no-such-{what[:-1]}")
