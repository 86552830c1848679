"""A message that can never be handled: it blocks nobody, and ends where an operator finds it."""

from collections.abc import Iterator

import pytest

from tests.e2e.outside import Outside
from tests.e2e.promises import SOON, promise
from tests.e2e.waiting import until
from tests.integration.machinery import Machinery

POISON = '{"promise_id": "nobody", "ring_at": "never"}'
POISONED = 3


@pytest.fixture
def impatient(machinery: Machinery) -> Iterator[Machinery]:
    """The machinery with a ring queue that gives a failed message back after some seconds, not after three minutes.

    Fewer than a ring takes on a busy machine, and a message in good hands would be given to others as well.
    """
    url = machinery.names["RingQueue"]
    before = machinery.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"]
    machinery.sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "10"})
    yield machinery
    machinery.sqs.set_queue_attributes(QueueUrl=url, Attributes=before)
    machinery.sqs.purge_queue(QueueUrl=machinery.names["RingDeadLetters"])


def test_a_poison_message_blocks_nobody_and_ends_in_the_dead_letter_queue(
    outside: Outside, impatient: Machinery
) -> None:
    for _ in range(POISONED):
        impatient.sqs.send_message(QueueUrl=impatient.names["RingQueue"], MessageBody=POISON)
    all_told = []
    for _ in range(5):
        # Counted from this very moment: on a busy machine five tellings take longer than the update is away.
        all_told.append(promise(updates=(SOON,)))
        outside.tell("promise.made", all_told[-1].data)
    for told in all_told:
        outside.hears(told.email, 2)
    until(lambda: impatient.bodies("RingDeadLetters").count(POISON) >= POISONED, "the poison in the dead-letter queue")
    impatient.run("Watch")
    until(lambda: impatient.alarm("AnyDeadLetters") == "ALARM", "the alarm on dead letters")
    assert [len(outside.inbox(told.email)) for told in all_told] == [2] * len(all_told)
