"""What operators are told: metrics, and how much lies in the dead-letter queues."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import boto3
import pytest
from moto.cloudwatch.models import cloudwatch_backends
from moto.core import DEFAULT_ACCOUNT_ID

from chalicelib.adapters.aws import Aws
from chalicelib.adapters.dead_letters_sqs import SqsDeadLetters
from chalicelib.adapters.metrics_cloudwatch import CloudWatchMetrics
from chalicelib.usecases.ports import DeadLetters, Metric, Metrics
from chalicelib.usecases.store_port import StoreUnavailable
from tests.contract.conftest import REGION
from tests.contract.endpoint import closed_port
from tests.fakes import FakeDeadLetters, FakeMetrics


@dataclass(frozen=True, slots=True)
class Gauge:
    """Metrics, and what was reported through them by name."""

    metrics: Metrics
    read: Callable[[], Mapping[str, float]]


@pytest.fixture(params=["fake", "cloudwatch"])
def gauge(request: pytest.FixtureRequest) -> Gauge:
    if request.param == "fake":
        fake = FakeMetrics()
        return Gauge(fake, lambda: {each.name: each.value for each in fake.reported})
    request.getfixturevalue("aws")
    backend = cloudwatch_backends[DEFAULT_ACCOUNT_ID][REGION]
    return Gauge(
        CloudWatchMetrics("Kept", "test", Aws(REGION)),
        lambda: {each.name: each.value for each in backend.metric_data},
    )


def test_values_are_reported_under_their_names(gauge: Gauge) -> None:
    gauge.metrics.put([])
    gauge.metrics.put([Metric("SweepHeartbeat", 1.0), Metric("OldestOverdueSeconds", 12.5, "Seconds")])
    assert gauge.read() == {"SweepHeartbeat": 1.0, "OldestOverdueSeconds": 12.5}


def test_cloudwatch_gets_the_namespace_and_the_stage(aws: None) -> None:
    CloudWatchMetrics("Kept", "prod", Aws(REGION)).put([Metric("RescuedByTtl", 2.0)])
    (listed,) = boto3.client("cloudwatch", region_name=REGION).list_metrics()["Metrics"]
    assert listed["Namespace"] == "Kept"
    assert listed["MetricName"] == "RescuedByTtl"
    assert listed["Dimensions"] == [{"Name": "Stage", "Value": "prod"}]


def test_metrics_that_cannot_be_reported_are_logged_and_stop_nothing(
    credentials: None, caplog: pytest.LogCaptureFixture
) -> None:
    CloudWatchMetrics("Kept", "test", Aws(REGION, closed_port(), tries_at_most=1)).put([Metric("WatchHeartbeat", 1.0)])
    assert "WatchHeartbeat" in caplog.text


@pytest.fixture(params=["fake", "sqs"])
def letters(request: pytest.FixtureRequest) -> Callable[[int], DeadLetters]:
    """Return dead-letter queues with so many messages in them."""

    def fake(lying: int) -> DeadLetters:
        queues = FakeDeadLetters()
        queues.lying = lying
        return queues

    def sqs(lying: int) -> DeadLetters:
        client = boto3.client("sqs", region_name=REGION)
        urls = [client.create_queue(QueueName=name)["QueueUrl"] for name in ("one-dead", "other-dead")]
        for n in range(lying):
            client.send_message(QueueUrl=urls[n % 2], MessageBody="{}")
        if lying:
            client.receive_message(QueueUrl=urls[0])
        return SqsDeadLetters(urls, Aws(REGION))

    if request.param == "fake":
        return fake
    request.getfixturevalue("aws")
    return sqs


@pytest.mark.parametrize("lying", [0, 3])
def test_dead_letters_are_counted_over_all_queues_looked_at_or_not(
    letters: Callable[[int], DeadLetters], lying: int
) -> None:
    assert letters(lying).count() == lying


def test_queues_that_do_not_answer_are_not_taken_for_empty(credentials: None) -> None:
    down = FakeDeadLetters()
    down.lying = None
    for queues in (down, SqsDeadLetters(["http://127.0.0.1/dead"], Aws(REGION, closed_port(), tries_at_most=1))):
        with pytest.raises(StoreUnavailable):
            queues.count()
