"""Rules about queues."""

from infra.rules.reading import (
    FUNCTION,
    QUEUE,
    Template,
    events,
    failure_target,
    is_queue,
    of_type,
    redrive_target,
    target,
)

# A disturbance may outlast a few deliveries; fewer would give up on good messages (AWS advises at least five).
_FEWEST_DELIVERIES = 5
_DEAD_LETTERS_STAY_SECONDS = 14 * 24 * 3600
_VISIBILITY_PER_TIMEOUT = 6


def every_queue_has_or_is_a_dead_letter_queue(template: Template) -> list[str]:
    """What a queue cannot deliver goes to another queue of this template, after five deliveries or more."""
    dead_letter_queues = _dead_letter_queues(template)
    wrong = []
    for name, properties in of_type(template, QUEUE):
        redrive = properties.get("RedrivePolicy")
        if redrive is None:
            if name not in dead_letter_queues:
                wrong.append(f"Queue {name} has no dead-letter queue and is none")
            continue
        goes_to = redrive_target(properties)
        if goes_to == name or not is_queue(template, goes_to):
            wrong.append(f"Queue {name} redrives to {goes_to}, which is no other queue of the template")
        if redrive.get("maxReceiveCount", 0) < _FEWEST_DELIVERIES:
            wrong.append(f"Queue {name} gives up after fewer than {_FEWEST_DELIVERIES} deliveries")
    return wrong


def dead_letters_stay_long_enough(template: Template) -> list[str]:
    """Dead letters stay 14 days: over a long weekend, and then some."""
    dead_letter_queues = _dead_letter_queues(template)
    return [
        f"Queue {name} forgets its dead letters before 14 days are over"
        for name, properties in of_type(template, QUEUE)
        if name in dead_letter_queues and properties.get("MessageRetentionPeriod") != _DEAD_LETTERS_STAY_SECONDS
    ]


def a_message_stays_hidden_longer_than_its_function_runs(template: Template) -> list[str]:
    """Visibility is at least six times the function's time-out, as AWS asks, or a slow batch comes twice."""
    wrong = []
    for function, properties, event, mapping in events(template, "SQS"):
        name = target(mapping.get("Queue"))
        if name is None or not is_queue(template, name):
            wrong.append(f"Event {event} of {function} reads no queue of the template")
            continue
        visibility = template["Resources"][name]["Properties"].get("VisibilityTimeout", 0)
        if visibility < _VISIBILITY_PER_TIMEOUT * properties["Timeout"]:
            wrong.append(f"Queue {name} shows a message again before {function} is surely done with it")
    return wrong


def _dead_letter_queues(template: Template) -> set[str]:
    named = {redrive_target(properties) for _, properties in of_type(template, QUEUE) if "RedrivePolicy" in properties}
    for _, properties in of_type(template, FUNCTION):
        named.add(failure_target(properties.get("EventInvokeConfig", {})))
    for _, _, _, mapping in events(template, "DynamoDB", "Kinesis", "Schedule", "SNS"):
        named |= {failure_target(mapping), redrive_target(mapping)}
        named.add(target(mapping.get("DeadLetterConfig", {}).get("Arn")))
    return {name for name in named if name is not None}
