"""Rules about names and literals anywhere in the template."""

import json
import re
from collections.abc import Iterator
from typing import Any

from infra.rules.reading import Template

_IN_SUB = re.compile(r"\$\{([^!}][^}]*)\}")
# Prefixes of webhook secrets and SendGrid keys, and what precedes a private key.
_SECRETS = re.compile(r"whsec_|SG\.[\w-]{10}|PRIVATE KEY|AKIA[A-Z0-9]{12}")
_ACCOUNT_IN_ARN = re.compile(r"arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:\d{12}:")


def everything_named_exists(template: Template) -> list[str]:
    """Each Ref, Fn::GetAtt, Fn::Sub and Fn::If names something of this template; no ARN of an account is left."""
    known = {*template["Resources"], *template.get("Parameters", {})}
    conditions = set(template.get("Conditions", {}))
    wrong = [
        f"{name} is named, but there is no such resource or parameter"
        for name in sorted(set(_names(template)) - known)
        if not name.startswith("AWS::")
    ]
    wrong += [
        f"Condition {name} is named, but not declared" for name in sorted(set(_conditions(template)) - conditions)
    ]
    wrong += [f"An ARN of a fixed account is left: {found}" for found in _ACCOUNT_IN_ARN.findall(json.dumps(template))]
    return wrong


def every_resource_has_a_type(template: Template) -> list[str]:
    """A resource without a type is a mistyped name in what is merged."""
    return [
        f"{name} has no Type: no such resource is packaged, its name is mistyped"
        for name, resource in template["Resources"].items()
        if "Type" not in resource
    ]


def nothing_secret_is_written_down(template: Template) -> list[str]:
    """Secrets live in Secrets Manager; templates are read by many."""
    found = _SECRETS.findall(json.dumps(template))
    return [f"Something like a secret stands in the template (beginning with {each[:6]}...)" for each in found]


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _nodes(child)


def _names(template: Template) -> Iterator[str]:
    for node in _nodes(template):
        match node:
            case {"Ref": str(name)}:
                yield name
            case {"Fn::GetAtt": [str(name), *_]}:
                yield name
            case {"Fn::Sub": str(text)}:
                yield from (name.split(".")[0] for name in _IN_SUB.findall(text))
            case {"Fn::Sub": [str(text), dict(own)]}:
                yield from (name.split(".")[0] for name in _IN_SUB.findall(text) if name not in own)


def _conditions(template: Template) -> Iterator[str]:
    for node in _nodes(template):
        if "Fn::If" in node:
            yield node["Fn::If"][0]
    for resource in template["Resources"].values():
        if "Condition" in resource:
            yield resource["Condition"]
