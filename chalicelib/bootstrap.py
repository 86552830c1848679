"""The only wiring: which adapter stands behind each port. Each is built on first use, once for a warm function."""

import os
from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.domain.recovery import AfterNo, Ladder, Silence
from chalicelib.domain.risks import Policy
from chalicelib.domain.standards import Standards
from chalicelib.messages.views import Brand, Register
from chalicelib.settings import Settings, read_settings
from chalicelib.usecases.ledger_port import Ledgers
from chalicelib.usecases.ports import (
    Bus,
    DeadLetters,
    EmailSender,
    Metrics,
    Operators,
    RingQueue,
    SmsSender,
    System,
)
from chalicelib.usecases.services import Rules, Secrets, Services, Texts
from chalicelib.usecases.store_port import Clocks, Store
from chalicelib.usecases.survey_port import GivenUp, Survey

if TYPE_CHECKING:
    from chalicelib.adapters.aws import Aws
    from chalicelib.adapters.secrets_manager import SecretsManagerSecrets

# Imports stand inside: a function that sends no email must not pay for the email client at its cold start.
# ruff: noqa: PLC0415


class AwsServices:
    """The services on AWS, or on whatever AWS_ENDPOINT_URL points at."""

    def __init__(self, settings: Settings) -> None:
        """Take the settings; nothing is opened yet."""
        self._settings = settings

    @cached_property
    def rules(self) -> Rules:
        """The house rules of this stage."""
        settings = self._settings
        registers = {"es": Register(settings.register_es), "pt-PT": Register(settings.register_pt_pt)}
        return Rules(
            brand=Brand(settings.brand_name, settings.brand_time_zone, settings.brand_locale, registers),
            public_url=settings.public_url,
            lease=settings.lease,
            quiet_window=settings.quiet_window,
            shortest_rhythm=settings.shortest_rhythm,
            policy=Policy(
                Ladder(settings.reminder_after, settings.other_channel_after, settings.call_after),
                Silence(settings.silence_first),
                Silence(settings.silence_later),
                quiet=settings.quiet,
                after_no=AfterNo(settings.after_no),
            ),
            check_in_before=settings.check_in_before,
            warn_before=settings.warn_before,
            retention=settings.retention,
            standards=_published,
        )

    @cached_property
    def store(self) -> Store:
        """Promises in DynamoDB."""
        from chalicelib.adapters.store import DynamoStore

        settings = self._settings
        return DynamoStore(
            settings.promises_table, settings.clocks_table, shards=settings.clock_shards, ttl_grace=settings.ttl_grace
        )

    @cached_property
    def clocks(self) -> Clocks:
        """Clocks in DynamoDB."""
        from chalicelib.adapters.clock_index import DynamoClocks

        return DynamoClocks(self._settings.clocks_table, shards=self._settings.clock_shards)

    @cached_property
    def ledgers(self) -> Ledgers:
        """Ledgers in DynamoDB, beside the promises that they count."""
        from chalicelib.adapters.ledgers import DynamoLedgers

        return DynamoLedgers(self._settings.promises_table)

    @cached_property
    def rings(self) -> RingQueue:
        """The ring queue on SQS."""
        from chalicelib.adapters.ring_queue_sqs import SqsRingQueue

        return SqsRingQueue(self._settings.ring_queue_url, self._aws)

    @cached_property
    def email(self) -> EmailSender:
        """Email by SendGrid."""
        from chalicelib.adapters.email_sendgrid import SendGridEmail

        settings = self._settings
        return SendGridEmail(
            self._secrets.sendgrid_api_key,
            host=settings.sendgrid_host,
            from_email=settings.from_email,
            from_name=settings.brand_name,
            timeout_seconds=settings.send_timeout.total_seconds(),
        )

    @cached_property
    def sms(self) -> SmsSender:
        """Text messages by SNS."""
        from chalicelib.adapters.sms_sns import SnsSms

        return SnsSms(self._aws, timeout_seconds=self._settings.send_timeout.total_seconds())

    @cached_property
    def bus(self) -> Bus:
        """The bus on EventBridge."""
        from chalicelib.adapters.bus_eventbridge import EventBridgeBus

        return EventBridgeBus(self._settings.bus_name, self._aws)

    @cached_property
    def metrics(self) -> Metrics:
        """Metrics in CloudWatch."""
        from chalicelib.adapters.metrics_cloudwatch import CloudWatchMetrics

        return CloudWatchMetrics(self._settings.metrics_namespace, self._settings.stage, self._aws)

    @cached_property
    def operators(self) -> Operators:
        """The operators' topic on SNS."""
        from chalicelib.adapters.operators_sns import SnsOperators

        return SnsOperators(self._settings.operator_topic_arn, self._aws)

    @cached_property
    def dead_letters(self) -> DeadLetters:
        """The dead-letter queues on SQS."""
        from chalicelib.adapters.dead_letters_sqs import SqsDeadLetters

        return SqsDeadLetters(self._settings.dead_letter_queue_urls, self._aws)

    @cached_property
    def survey(self) -> Survey:
        """Both tables, from end to end."""
        from chalicelib.adapters.survey_scan import DynamoSurvey

        return DynamoSurvey(self._settings.promises_table, self._settings.clocks_table)

    @cached_property
    def given_up(self) -> GivenUp:
        """What the stream to the bus left on SQS."""
        from chalicelib.adapters.given_up_sqs import SqsGivenUp

        return SqsGivenUp(self._settings.given_up_queue_url, self._aws)

    @cached_property
    def system(self) -> System:
        """The machine's own clock and chance."""
        from chalicelib.adapters.system import RealSystem

        return RealSystem()

    @cached_property
    def texts(self) -> Texts:
        """Texts from the catalogues."""
        from chalicelib.messages import texts

        return texts

    @property
    def secrets(self) -> Secrets:
        """Keys from Secrets Manager."""
        return self._secrets

    @cached_property
    def _secrets(self) -> "SecretsManagerSecrets":
        from chalicelib.adapters.secrets_manager import SecretsManagerSecrets

        return SecretsManagerSecrets(self._settings.secrets_name, self._aws)

    @cached_property
    def _aws(self) -> "Aws":
        from chalicelib.adapters.aws import Aws

        return Aws()


def _published() -> Standards:
    from chalicelib.standards.published import published

    return published()


_installed: list[Services] = []


def services() -> Services:
    """Return the services of this process, built from the environment on first use. Raises BadSettings."""
    if not _installed:
        install(AwsServices(read_settings(os.environ)))
    return _installed[0]


def install(services: Services) -> None:
    """Make these the services of this process, in place of any before: a test brings its own."""
    _installed[:] = [services]
