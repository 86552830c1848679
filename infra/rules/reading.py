"""Finding one's way in a packaged SAM template."""

from collections.abc import Iterator
from typing import Any

Template = dict[str, Any]
Properties = dict[str, Any]

FUNCTION = "AWS::Serverless::Function"
QUEUE = "AWS::SQS::Queue"
QUEUE_POLICY = "AWS::SQS::QueuePolicy"
ROLE = "AWS::IAM::Role"
ALARM = "AWS::CloudWatch::Alarm"
LOG_GROUP = "AWS::Logs::LogGroup"
TABLE = "AWS::DynamoDB::Table"


def of_type(template: Template, kind: str) -> Iterator[tuple[str, Properties]]:
    """Logical name and properties of each resource of a type."""
    for name, resource in template["Resources"].items():
        if resource.get("Type") == kind:
            yield name, resource.get("Properties", {})


def events(template: Template, *kinds: str) -> Iterator[tuple[str, Properties, str, Properties]]:
    """Function, its properties, event and the event's properties, of each event of the given SAM kinds."""
    for function, properties in of_type(template, FUNCTION):
        for event, declared in properties.get("Events", {}).items():
            if declared.get("Type") in kinds:
                yield function, properties, event, declared.get("Properties", {})


def target(value: Any) -> str | None:
    """The logical name that a Ref or Fn::GetAtt names; None for anything else, a literal ARN too."""
    match value:
        case {"Ref": str(name)}:
            return name
        case {"Fn::GetAtt": [str(name), *_]}:
            return name
        case {"Fn::GetAtt": str(dotted)}:
            return dotted.split(".")[0]
        case _:
            return None


def failure_target(properties: Properties) -> str | None:
    """The logical name behind DestinationConfig.OnFailure."""
    return target(properties.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination"))


def redrive_target(properties: Properties) -> str | None:
    """The logical name behind RedrivePolicy."""
    return target(properties.get("RedrivePolicy", {}).get("deadLetterTargetArn"))


def is_queue(template: Template, name: str | None) -> bool:
    """Whether the name is that of a queue of this template."""
    return name is not None and template["Resources"].get(name, {}).get("Type") == QUEUE


def statements(template: Template) -> Iterator[tuple[str, dict[str, Any]]]:
    """Role and statement, of each inline policy of each role."""
    for role, properties in of_type(template, ROLE):
        for policy in properties.get("Policies", []):
            for statement in policy["PolicyDocument"]["Statement"]:
                yield role, statement


def as_list(value: Any) -> list[Any]:
    """IAM takes one thing or a list of them; this always gives the list."""
    return value if isinstance(value, list) else [value]
