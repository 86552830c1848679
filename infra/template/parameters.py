"""Parameters of the template: what whoever deploys decides."""

from typing import Any

from infra.stages import Stage

_CLOCK_TIME = {"Type": "Number", "MinValue": 1}

CONDITIONS = {
    "HasOperatorEmail": {"Fn::Not": [{"Fn::Equals": [{"Ref": "OperatorEmail"}, ""]}]},
    "HasAwsEndpoint": {"Fn::Not": [{"Fn::Equals": [{"Ref": "AwsEndpointUrl"}, ""]}]},
}


def parameters(stage: Stage) -> dict[str, dict[str, Any]]:
    """Every parameter by name, with this stage's defaults; one without a default must be given."""
    declared = {**_code(), **_brand(), **_services(), **_times(), **_recovery()}
    for name, value in stage.defaults.items():
        declared[name] = {**declared[name], "Default": value}
    return declared


def _text(description: str, pattern: str, constraint: str, default: str | None = None) -> dict[str, Any]:
    parameter = {
        "Type": "String",
        "Description": description,
        "AllowedPattern": pattern,
        "ConstraintDescription": constraint,
    }
    return parameter if default is None else {**parameter, "Default": default}


def _code() -> dict[str, dict[str, Any]]:
    return {
        "CodeBucket": _text(
            "Bucket that holds the packaged code.", r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", "must be a bucket name"
        ),
        "CodeKey": _text("Key of the packaged code in the bucket.", r"[!-~]{1,1024}", "must be an object key"),
    }


def _brand() -> dict[str, dict[str, Any]]:
    register = {"Type": "String", "AllowedValues": ["informal", "formal"]}
    return {
        "BrandName": _text("Whom the messages come from.", r"\S(.{0,58}\S)?", "must be 1 to 60 characters"),
        "BrandLocale": _text(
            "Language for a customer who stated none.",
            r"(en(-GB|-US)?|es(-[A-Z]{2}|-[0-9]{3})?|pt-BR|pt-PT)",
            "must be a language that we speak: en, en-GB, en-US, es (or es-MX, ...), pt-BR or pt-PT",
            "en",
        ),
        # The longest name of a zone has 32 letters; a function's variables have 4 kB for all of them.
        "BrandTimeZone": _text(
            "Zone for a customer who stated none.",
            r"[A-Za-z_]+(/[A-Za-z0-9_+-]+)*",
            "must be an IANA zone such as Europe/Madrid",
            "UTC",
        )
        | {"MaxLength": 64},
        "RegisterEs": {
            **register,
            "Default": "informal",
            "Description": "How messages address a customer in Spanish.",
        },
        "RegisterPtPt": {
            **register,
            "Default": "formal",
            "Description": "How messages address a customer in European Portuguese.",
        },
        "PublicUrl": _text(
            "Base of the links in messages; pages are at this address followed by /p.",
            r"https?://[^\s/?#]+(/[^\s?#]*[^\s/?#])?",
            "must be an http or https address without a slash at its end",
        ),
        "FromEmail": _text(
            "Sender of the emails, verified with SendGrid.", r"[^@\s]+@[^@\s]+\.[^@\s.]+", "must be an email address"
        ),
    }


def _services() -> dict[str, dict[str, Any]]:
    return {
        "SecretsName": _text(
            "Name of the secret with keys and webhook secrets.", r"[A-Za-z0-9/_+=.@-]{1,512}", "must be a secret name"
        ),
        "SendgridHost": _text(
            "Where email is handed over.", r"https?://[^\s/]+", "must be an address", "https://api.sendgrid.com"
        ),
        "OperatorEmail": _text(
            "Gets every alarm; empty for no email.",
            r"([^@\s]+@[^@\s]+\.[^@\s.]+)?",
            "must be an email address or empty",
            "",
        ),
        "AwsEndpointUrl": _text(
            "Only where an emulator stands in for AWS.", r"(https?://\S+)?", "must be an address or empty", ""
        ),
    }


def _times() -> dict[str, dict[str, Any]]:
    return {
        "ClockShards": {
            "Type": "Number",
            "MinValue": 1,
            "MaxValue": 100,
            "Default": "16",
            "Description": "Over how many partitions the clocks are spread. Never lower it while promises are open.",
        },
        "TtlGraceSeconds": {
            **_CLOCK_TIME,
            "Default": "600",
            "Description": "How long after its moment a clock that nothing rang expires, and is rescued.",
        },
        "ShortestRhythmSeconds": {
            **_CLOCK_TIME,
            "Default": "60",
            "Description": "The shortest time between two updates that a webhook may ask for.",
        },
        "SendTimeoutSeconds": {
            **_CLOCK_TIME,
            "MaxValue": 10,
            "Default": "5",
            "Description": "How long to wait for a provider before its answer counts as unknown.",
        },
        "LeaseSeconds": {
            **_CLOCK_TIME,
            "Default": "60",
            "Description": "How long a claimed notice is left alone; longer than the function that sends it can run.",
        },
        "QuietWindowSeconds": {
            **_CLOCK_TIME,
            "Default": "600",
            "Description": "How long an email with an unknown outcome waits for its receipt before it is sent again.",
        },
        "QuietHours": {
            "Type": "String",
            "Default": "21-8",
            "MaxLength": 5,
            "AllowedPattern": r"(1?\d|2[0-3])-(1?\d|2[0-3])",
            "ConstraintDescription": "two hours of the day, such as 21-8; the same hour twice for none",
            "Description": "Between which hours of the customer's day nobody is reminded or called about a choice.",
        },
        "RetentionDays": {
            "Type": "String",
            "Default": "commitment=730 expectation=730 personal=365 attempt=365",
            "MaxLength": 70,
            "AllowedPattern": r"((commitment|expectation|personal|attempt)=[1-9]\d{0,4}( |$))*",
            "ConstraintDescription": "kind=days pairs, such as personal=365 attempt=180",
            "Description": "For how many days after its end a promise is kept, by kind.",
        },
    }


def _recovery() -> dict[str, dict[str, Any]]:
    silence = {"Type": "String", "AllowedValues": ["stay", "cancel", "call"]}
    return {
        "CheckInBeforeSeconds": {
            **_CLOCK_TIME,
            "Default": "86400",
            "Description": "How long before the due time the promiser is asked whether all is on track.",
        },
        "WarnBeforeSeconds": {
            **_CLOCK_TIME,
            "Default": "43200",
            "Description": "How long before the due time a promiser who has not answered counts as a risk.",
        },
        "ReminderAfterSeconds": {
            **_CLOCK_TIME,
            "Default": "86400",
            "Description": "How long after a recovery the customer who has not chosen is reminded.",
        },
        "OtherChannelAfterSeconds": {
            **_CLOCK_TIME,
            "Default": "144000",
            "Description": "How long after a recovery the reminder goes out on the other channel.",
        },
        "CallAfterSeconds": {
            **_CLOCK_TIME,
            "Default": "201600",
            "Description": "How long after a recovery a person must call.",
        },
        "SilenceFirst": {
            **silence,
            "Default": "stay",
            "Description": "What no answer means at the deadline of a promise's first delay, of 30 days or less.",
        },
        "SilenceLater": {
            **silence,
            "Default": "call",
            "Description": "What no answer means at the deadline of any other recovery.",
        },
        "AfterNo": {
            "Type": "String",
            "AllowedValues": ["call", "recovery"],
            "Default": "call",
            "Description": "What follows when a customer answers at the end that the word was not kept.",
        },
    }
