"""Metrics on CloudWatch."""

import logging
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from chalicelib.adapters.aws import Aws, CallFailed
from chalicelib.usecases.ports import Metric

_log = logging.getLogger(__name__)

# CloudWatch's limit on one call.
MOST_AT_ONCE = 1000


class CloudWatchMetrics:
    """The Metrics, in one namespace, under one dimension: the stage."""

    def __init__(self, namespace: str, stage: str, aws: Aws) -> None:
        """Take where the values belong; the client is made with the first of them."""
        self._namespace = namespace
        self._dimensions = [{"Name": "Stage", "Value": stage}]
        self._aws = aws

    def put(self, metrics: Sequence[Metric]) -> None:
        """Report the values; what cannot be reported is logged, as measuring must not stop the work."""
        for start in range(0, len(metrics), MOST_AT_ONCE):
            self._put(metrics[start : start + MOST_AT_ONCE])

    def _put(self, metrics: Sequence[Metric]) -> None:
        data = [
            {"MetricName": each.name, "Value": each.value, "Unit": each.unit, "Dimensions": self._dimensions}
            for each in metrics
        ]
        try:
            self._cloudwatch.put_metric_data(Namespace=self._namespace, MetricData=data)
        except CallFailed as error:
            names = ", ".join(sorted({each.name for each in metrics}))
            _log.warning("metrics not reported (%s): %s", names, type(error).__name__)

    @cached_property
    def _cloudwatch(self) -> Any:
        return self._aws.client("cloudwatch", read_seconds=2.0, tries=2)
