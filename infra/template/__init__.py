"""What is merged into the template that Chalice packages: everything that Chalice itself cannot express.

Chalice merges by key: a mistyped key becomes a new one without a word, and lists are replaced. So nothing here is
trusted because it was written; tests assert the merged result.
"""

from typing import Any

from infra.stages import Stage
from infra.template import alarms, environment, functions, messaging, parameters, tables

Template = dict[str, Any]


def merge_template(stage: Stage) -> Template:
    """The document for `chalice package --merge-template`, for one stage."""
    return {
        "Description": f"Kept, stage {stage.name}: a company's word to its customers, kept.",
        "Parameters": parameters.parameters(stage),
        "Conditions": parameters.CONDITIONS,
        "Globals": {"Function": environment.every_function(stage)},
        "Resources": {
            **tables.resources(stage),
            **messaging.resources(),
            **functions.resources(stage),
            **alarms.resources(stage),
        },
        "Outputs": OUTPUTS,
    }


OUTPUTS: Template = {
    "ApiUrl": {
        "Description": "Base address of the API and, without a domain of your own, of the customer pages.",
        "Value": {"Fn::Sub": "https://${RestAPI}.execute-api.${AWS::Region}.${AWS::URLSuffix}/api"},
    },
    "PromisesTable": {"Description": "Promises, facts, notices, customers.", "Value": {"Ref": "Promises"}},
    "ClocksTable": {"Description": "When each promise rings next.", "Value": {"Ref": "Clocks"}},
    "RingQueueUrl": {"Description": "Rings on their way to their moment.", "Value": {"Ref": "RingQueue"}},
    "OperatorTopicArn": {"Description": "Where every alarm is told.", "Value": {"Ref": "OperatorTopic"}},
    "SmsRepliesTopicArn": {
        "Description": "Where the phone number's two-way SMS must deliver what customers reply.",
        "Value": {"Ref": "SmsReplies"},
    },
    "BusName": {"Description": "Where facts are published.", "Value": {"Ref": "Bus"}},
}
