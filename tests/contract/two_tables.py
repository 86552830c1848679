"""The two tables on whatever answers as DynamoDB."""

from typing import Any


def make_tables(dynamodb: Any) -> None:
    """Create the tables as the template does, as far as reads and writes can tell."""
    strings = [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")]
    dynamodb.create_table(
        TableName="promises",
        AttributeDefinitions=strings,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.create_table(
        TableName="clocks",
        AttributeDefinitions=[
            {"AttributeName": "promise_id", "AttributeType": "S"},
            {"AttributeName": "bucket", "AttributeType": "S"},
            {"AttributeName": "ring_at", "AttributeType": "N"},
        ],
        KeySchema=[{"AttributeName": "promise_id", "KeyType": "HASH"}],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "due",
                "KeySchema": [
                    {"AttributeName": "bucket", "KeyType": "HASH"},
                    {"AttributeName": "ring_at", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )


def drop_tables(dynamodb: Any) -> None:
    """Delete both, with all that they hold."""
    for table in ("promises", "clocks"):
        dynamodb.delete_table(TableName=table)
