"""Rules about alarms."""

from infra.rules.reading import ALARM, FUNCTION, QUEUE, Template, events, of_type, target

_LONGEST_DESCRIPTION = 1024


def every_alarm_can_be_acted_on(template: Template) -> list[str]:
    """An alarm tells a topic of this template, both ways, and says what it means and what to do first."""
    wrong = []
    for name, properties in of_type(template, ALARM):
        description = properties.get("AlarmDescription", "")
        if "First: " not in description or len(description) > _LONGEST_DESCRIPTION:
            wrong.append(f"Alarm {name} does not say what it means and what to do first, within its limit")
        wrong += [
            f"Alarm {name} has no {actions}"
            for actions in ("AlarmActions", "OKActions")
            if not any(target(each) in template["Resources"] for each in properties.get(actions, []))
        ]
    return wrong


def only_heartbeats_count_silence_as_trouble(template: Template) -> list[str]:
    """Missing data is trouble for a heartbeat, and fine for everything else; never left to chance."""
    wrong = []
    for name, properties in of_type(template, ALARM):
        expected = "breaching" if "Heartbeat" in str(properties.get("MetricName")) else "notBreaching"
        if properties.get("TreatMissingData") != expected:
            wrong.append(f"Alarm {name} must treat missing data as {expected}")
    return wrong


def what_can_fail_is_watched(template: Template) -> list[str]:
    """Each function's errors, each stream's age and each queue have an alarm of their own."""
    watched = {
        (properties.get("MetricName"), target(dimension["Value"]))
        for _, properties in of_type(template, ALARM)
        for dimension in properties.get("Dimensions", [])
    }
    wrong = [
        f"Nobody watches the errors of function {name}"
        for name, _ in of_type(template, FUNCTION)
        if ("Errors", name) not in watched
    ]
    wrong += [
        f"Nobody watches how old the stream of {name} grows"
        for name, _, _, _ in events(template, "DynamoDB", "Kinesis")
        if ("IteratorAge", name) not in watched
    ]
    for name, properties in of_type(template, QUEUE):
        metric = (
            "ApproximateAgeOfOldestMessage" if "RedrivePolicy" in properties else "ApproximateNumberOfMessagesVisible"
        )
        if (metric, name) not in watched:
            wrong.append(f"Nobody watches queue {name}")
    return wrong
