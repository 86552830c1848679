"""The two tables: promises with all that belongs to them, and the clocks."""

from typing import Any

from infra.stages import Stage


def resources(stage: Stage) -> dict[str, Any]:
    """Tables by logical name. Their data outlives the stack on every stage that keeps data."""
    return {
        "Promises": _table(
            stage,
            KeySchema=[_key("pk", "HASH"), _key("sk", "RANGE")],
            AttributeDefinitions=[_attribute("pk", "S"), _attribute("sk", "S")],
            # Keys only: no address and no text ever enters a stream.
            StreamSpecification={"StreamViewType": "KEYS_ONLY"},
        ),
        "Clocks": _table(
            stage,
            KeySchema=[_key("promise_id", "HASH")],
            AttributeDefinitions=[_attribute("promise_id", "S"), _attribute("bucket", "S"), _attribute("ring_at", "N")],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "due",
                    "KeySchema": [_key("bucket", "HASH"), _key("ring_at", "RANGE")],
                    "Projection": {"ProjectionType": "KEYS_ONLY"},
                }
            ],
            # The rescue needs to know which moment the expired clock was set for.
            StreamSpecification={"StreamViewType": "OLD_IMAGE"},
        ),
    }


def _table(stage: Stage, **properties: Any) -> dict[str, Any]:
    after_deletion = "Retain" if stage.keeps_data else "Delete"
    return {
        "Type": "AWS::DynamoDB::Table",
        "DeletionPolicy": after_deletion,
        "UpdateReplacePolicy": after_deletion,
        "Properties": {
            "BillingMode": "PAY_PER_REQUEST",
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
            "DeletionProtectionEnabled": stage.keeps_data,
            "TimeToLiveSpecification": {"AttributeName": "expires_at", "Enabled": True},
            **properties,
        },
    }


def _key(name: str, kind: str) -> dict[str, str]:
    return {"AttributeName": name, "KeyType": kind}


def _attribute(name: str, kind: str) -> dict[str, str]:
    return {"AttributeName": name, "AttributeType": kind}
