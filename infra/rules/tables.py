"""Rules about tables."""

from infra.rules.reading import TABLE, Template, events, of_type, target


def tables_can_be_restored(template: Template) -> list[str]:
    """Every table is on demand, can be restored to any second, and states what becomes of it with its stack."""
    wrong = []
    for name, properties in of_type(template, TABLE):
        if properties.get("PointInTimeRecoverySpecification") != {"PointInTimeRecoveryEnabled": True}:
            wrong.append(f"Table {name} cannot be restored to a point in time")
        if properties.get("BillingMode") != "PAY_PER_REQUEST":
            wrong.append(f"Table {name} has a fixed capacity, which a burst of due promises would exceed")
        resource = template["Resources"][name]
        for policy in ("DeletionPolicy", "UpdateReplacePolicy"):
            kept = resource.get(policy) == "Retain"
            if properties.get("DeletionProtectionEnabled", True) and not kept:
                wrong.append(f"Table {name} would be deleted with its data ({policy})")
    return wrong


def the_promises_stream_carries_no_personal_data(template: Template) -> list[str]:
    """A table whose stream feeds a function shows it keys only, unless nothing but ids and times is in the table."""
    read = {target(mapping.get("Stream")) for _, _, _, mapping in events(template, "DynamoDB")}
    return [
        f"The stream of table {name} would carry personal data"
        for name, properties in of_type(template, TABLE)
        if name in read
        and properties.get("StreamSpecification", {}).get("StreamViewType") != "KEYS_ONLY"
        # A table keyed by promise alone holds one clock for each: ids and times.
        and [key["AttributeName"] for key in properties["KeySchema"]] != ["promise_id"]
    ]
