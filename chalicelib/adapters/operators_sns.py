"""The operators' topic on SNS."""

from functools import cached_property
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.adapters.aws import Aws
from chalicelib.usecases.store_port import StoreUnavailable


class SnsOperators:
    """Operators, as a topic; who listens to it is the stage's business."""

    def __init__(self, topic_arn: str, aws: Aws) -> None:
        """Take the topic; the client is made with the first message."""
        self._topic_arn = topic_arn
        self._aws = aws

    def tell(self, subject: str, message: str) -> None:
        """Publish once more where that helps: being told twice is better than never."""
        try:
            self._sns.publish(TopicArn=self._topic_arn, Subject=subject, Message=message)
        except (ClientError, BotoCoreError) as error:
            raise StoreUnavailable(f"the operators' topic did not answer: {type(error).__name__}") from error

    @cached_property
    def _sns(self) -> Any:
        return self._aws.client("sns", read_seconds=3.0, tries=3)
