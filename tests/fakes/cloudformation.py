"""CloudFormation, as far as a deployment asks it: one stack, changed by change sets, with its events."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError


@dataclass
class FakeCloudFormation:
    """A CloudFormation that holds one stack.

    `status` is the stack's (None: there is none). A change set holds `changes`, or fails with `refusal`; executing it
    ends as `ends_as` (by default: complete), after `failure` of one resource where one is given.
    """

    status: str | None = None
    changes: list[dict[str, Any]] = field(default_factory=list)
    refusal: str | None = None
    ends_as: str | None = None
    failure: str | None = None
    api: str = "https://api.example/api"
    asked: list[dict[str, Any]] = field(default_factory=list)
    executed: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)

    def describe_stacks(self, **asked: Any) -> dict[str, Any]:
        if self.status is None:
            message = f"Stack with id {asked['StackName']} does not exist"
            raise ClientError({"Error": {"Code": "ValidationError", "Message": message}}, "DescribeStacks")
        outputs = [{"OutputKey": "ApiUrl", "OutputValue": self.api}] if self.status.endswith("_COMPLETE") else []
        return {"Stacks": [{"StackStatus": self.status, "Outputs": outputs}]}

    def create_change_set(self, **asked: Any) -> dict[str, str]:
        self.asked.append(asked)
        if asked["ChangeSetType"] == "CREATE":
            self.status = "REVIEW_IN_PROGRESS"
        return {"Id": asked["ChangeSetName"]}

    def describe_change_set(self, **asked: Any) -> dict[str, Any]:
        if self.refusal:
            return {"Status": "FAILED", "StatusReason": self.refusal}
        # One change a page, to be read to the end.
        page = int(asked.get("NextToken", 0))
        answer = {
            "Status": "CREATE_COMPLETE",
            "Changes": [{"ResourceChange": each} for each in self.changes[page:][:1]],
        }
        return answer | ({"NextToken": str(page + 1)} if page + 1 < len(self.changes) else {})

    def delete_change_set(self, **asked: Any) -> None:
        self.deleted.append(asked["ChangeSetName"])

    def execute_change_set(self, **asked: Any) -> None:
        self.executed.append(asked["ChangeSetName"])
        kind = self.asked[-1]["ChangeSetType"]
        if self.failure:
            self._happens("Promises", "CREATE_FAILED", "Resource creation cancelled")
            self._happens("Ring", f"{kind}_FAILED", self.failure)
        self.status = self.ends_as or f"{kind}_COMPLETE"
        self._happens(asked["StackName"], self.status)

    def _happens(self, name: str, status: str, reason: str = "") -> None:
        event = {"EventId": str(len(self.events)), "LogicalResourceId": name, "ResourceStatus": status}
        self.events.insert(0, event | ({"ResourceStatusReason": reason} if reason else {}))

    def get_paginator(self, operation: str) -> "FakeCloudFormation":
        assert operation == "describe_stack_events"
        return self

    def paginate(self, **_asked: Any) -> Iterator[dict[str, Any]]:
        return ({"StackEvents": [event]} for event in list(self.events))
