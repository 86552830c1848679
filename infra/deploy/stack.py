"""Changing the stack by a change set, and saying what happens while it happens."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from infra.deploy.checks import stack_status

_CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
_POLL_SECONDS = 3.0
# CloudFormation's own words for a change set that changes nothing.
_NO_CHANGES = ("didn't contain changes", "No updates are to be performed")
_KEEPS_DATA = "AWS::DynamoDB::Table"


class DeployError(RuntimeError):
    """The stack was not changed, or not as asked; the message says why."""


@dataclass(frozen=True)
class Stack:
    """One CloudFormation stack. `sleep` waits between two looks, in seconds; `say` gets each line of progress."""

    cloudformation: Any
    name: str
    sleep: Callable[[float], None] = time.sleep
    say: Callable[[str], None] = print

    def change(self, template_url: str, parameters: Mapping[str, str]) -> dict[str, str]:
        """Create or update the stack, wait for the end, and return its outputs.

        Shows the change set first. One that would delete or replace a table is refused: raises DeployError, as for
        every failure, with the reasons that CloudFormation gave. A stack without changes is left as it is.
        """
        status = stack_status(self.cloudformation, self.name)
        kind = "CREATE" if status in {None, "REVIEW_IN_PROGRESS"} else "UPDATE"
        change_set = self.cloudformation.create_change_set(
            StackName=self.name,
            ChangeSetName=f"deploy-{datetime.now(UTC):%Y%m%d-%H%M%S}",
            ChangeSetType=kind,
            TemplateURL=template_url,
            Capabilities=_CAPABILITIES,
            Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()],
        )["Id"]
        if self._is_worth_executing(change_set):
            self._execute(change_set, kind)
        return self.outputs()

    def outputs(self) -> dict[str, str]:
        """The outputs of the stack by name."""
        (stack,) = self.cloudformation.describe_stacks(StackName=self.name)["Stacks"]
        return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}

    def _is_worth_executing(self, change_set: str) -> bool:
        description = self.cloudformation.describe_change_set(ChangeSetName=change_set, StackName=self.name)
        while description["Status"] in {"CREATE_PENDING", "CREATE_IN_PROGRESS"}:
            self.sleep(_POLL_SECONDS)
            description = self.cloudformation.describe_change_set(ChangeSetName=change_set, StackName=self.name)
        if description["Status"] == "FAILED":
            reason = description.get("StatusReason", "no reason given")
            self.cloudformation.delete_change_set(ChangeSetName=change_set, StackName=self.name)
            if any(words in reason for words in _NO_CHANGES):
                self.say("deploy: nothing changed, the stack is left as it is")
                return False
            raise DeployError(f"CloudFormation did not accept the change: {reason}")
        changes = self._changes(change_set, description)
        for change in changes:
            self.say(f"deploy: will {_sentence(change)}")
        if lost := [change["LogicalResourceId"] for change in changes if _loses_data(change)]:
            self.cloudformation.delete_change_set(ChangeSetName=change_set, StackName=self.name)
            raise DeployError(
                f"This would delete or replace {', '.join(lost)} with the promises in it, so nothing was changed."
            )
        return True

    def _changes(self, change_set: str, page: dict[str, Any]) -> list[dict[str, Any]]:
        changes = [each["ResourceChange"] for each in page.get("Changes", [])]
        while token := page.get("NextToken"):
            page = self.cloudformation.describe_change_set(
                ChangeSetName=change_set, StackName=self.name, NextToken=token
            )
            changes += [each["ResourceChange"] for each in page.get("Changes", [])]
        return changes

    def _execute(self, change_set: str, kind: str) -> None:
        seen = {event["EventId"] for event in self._events_since(set())}
        self.cloudformation.execute_change_set(ChangeSetName=change_set, StackName=self.name)
        failures: list[str] = []
        while True:
            self.sleep(_POLL_SECONDS)
            # The status is read before the events, so no event of a finished change is missed.
            status = stack_status(self.cloudformation, self.name)
            for event in reversed(self._events_since(seen)):
                seen.add(event["EventId"])
                failures += self._tell(event)
            if status is None or not status.endswith("_IN_PROGRESS"):
                break
        if status != f"{kind}_COMPLETE":
            raise DeployError(
                "\n".join([f"The stack {self.name} ended as {status}.", *(failures or ["No reason was given."])])
            )

    def _events_since(self, seen: set[str]) -> list[dict[str, Any]]:
        # Newest first, a hundred a page: read on until one is known.
        found: list[dict[str, Any]] = []
        for page in self.cloudformation.get_paginator("describe_stack_events").paginate(StackName=self.name):
            new = [event for event in page["StackEvents"] if event["EventId"] not in seen]
            found += new
            if len(new) < len(page["StackEvents"]):
                break
        return found

    def _tell(self, event: dict[str, Any]) -> list[str]:
        what = f"{event['ResourceStatus']:<24} {event['LogicalResourceId']}"
        reason = event.get("ResourceStatusReason", "")
        self.say(f"  {what} {reason}".rstrip())
        # What is cancelled failed only because something else did.
        failed = event["ResourceStatus"].endswith("_FAILED") and "cancelled" not in reason
        return [f"{event['LogicalResourceId']}: {reason or event['ResourceStatus']}"] if failed else []


def _sentence(change: dict[str, Any]) -> str:
    replaced = {"True": ", replacing it", "Conditional": ", perhaps replacing it"}.get(
        change.get("Replacement", ""), ""
    )
    return f"{change['Action'].lower()} {change['LogicalResourceId']} ({change['ResourceType']}){replaced}"


def _loses_data(change: dict[str, Any]) -> bool:
    gone = change["Action"] == "Remove" or change.get("Replacement") == "True"
    return bool(gone and change["ResourceType"] == _KEEPS_DATA)
