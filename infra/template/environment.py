"""The environment that all functions share."""

from typing import Any

from infra.stages import Stage
from infra.template.functions import DEAD_LETTER_QUEUES


def every_function(stage: Stage) -> dict[str, Any]:
    """What SAM gives to all functions alike."""
    return {"Environment": {"Variables": _environment(stage)}}


def _environment(stage: Stage) -> dict[str, Any]:
    # Secrets are named here, never held.
    return {
        "KEPT_STAGE": stage.name,
        "KEPT_PUBLIC_URL": {"Ref": "PublicUrl"},
        "KEPT_PROMISES_TABLE": {"Ref": "Promises"},
        "KEPT_CLOCKS_TABLE": {"Ref": "Clocks"},
        "KEPT_RING_QUEUE_URL": {"Ref": "RingQueue"},
        "KEPT_DEAD_LETTER_QUEUE_URLS": {"Fn::Join": [" ", [{"Ref": queue} for queue in DEAD_LETTER_QUEUES]]},
        "KEPT_GIVEN_UP_QUEUE_URL": {"Ref": "PublishDeadLetters"},
        "KEPT_BUS_NAME": {"Ref": "Bus"},
        "KEPT_OPERATOR_TOPIC_ARN": {"Ref": "OperatorTopic"},
        "KEPT_SECRETS_NAME": {"Ref": "SecretsName"},
        "KEPT_BRAND_NAME": {"Ref": "BrandName"},
        "KEPT_BRAND_LOCALE": {"Ref": "BrandLocale"},
        "KEPT_BRAND_TIME_ZONE": {"Ref": "BrandTimeZone"},
        "KEPT_REGISTER_ES": {"Ref": "RegisterEs"},
        "KEPT_REGISTER_PT_PT": {"Ref": "RegisterPtPt"},
        "KEPT_FROM_EMAIL": {"Ref": "FromEmail"},
        "KEPT_SENDGRID_HOST": {"Ref": "SendgridHost"},
        "KEPT_CLOCK_SHARDS": {"Ref": "ClockShards"},
        "KEPT_TTL_GRACE_SECONDS": {"Ref": "TtlGraceSeconds"},
        "KEPT_SHORTEST_RHYTHM_SECONDS": {"Ref": "ShortestRhythmSeconds"},
        "KEPT_SEND_TIMEOUT_SECONDS": {"Ref": "SendTimeoutSeconds"},
        "KEPT_LEASE_SECONDS": {"Ref": "LeaseSeconds"},
        "KEPT_QUIET_WINDOW_SECONDS": {"Ref": "QuietWindowSeconds"},
        "KEPT_CHECK_IN_BEFORE_SECONDS": {"Ref": "CheckInBeforeSeconds"},
        "KEPT_WARN_BEFORE_SECONDS": {"Ref": "WarnBeforeSeconds"},
        "KEPT_REMINDER_AFTER_SECONDS": {"Ref": "ReminderAfterSeconds"},
        "KEPT_OTHER_CHANNEL_AFTER_SECONDS": {"Ref": "OtherChannelAfterSeconds"},
        "KEPT_CALL_AFTER_SECONDS": {"Ref": "CallAfterSeconds"},
        "KEPT_QUIET_HOURS": {"Ref": "QuietHours"},
        "KEPT_SILENCE_FIRST": {"Ref": "SilenceFirst"},
        "KEPT_SILENCE_LATER": {"Ref": "SilenceLater"},
        "KEPT_AFTER_NO": {"Ref": "AfterNo"},
        "KEPT_METRICS_NAMESPACE": "Kept",
        "AWS_ENDPOINT_URL": {"Fn::If": ["HasAwsEndpoint", {"Ref": "AwsEndpointUrl"}, {"Ref": "AWS::NoValue"}]},
    }
