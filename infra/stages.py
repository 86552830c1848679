"""Which stages exist, and what differs between them.

Chalice packages any stage name without a word, so a mistyped one would build an application with the wrong settings.
Every tool here asks `stage` first.
"""

from dataclasses import dataclass, field


class UnknownStageError(ValueError):
    """The name is not one of ours; the message lists those that are."""


@dataclass(frozen=True)
class Stage:
    """One place where Kept can stand.

    `on_aws`: it is deployed there, not to this machine. `keeps_data`: tables survive the deletion of the stack.
    `log_days`: how long logs are kept. `defaults`: values of template parameters that are proposed for this stage;
    times are in seconds.
    """

    name: str
    on_aws: bool
    keeps_data: bool
    log_days: int
    defaults: dict[str, str] = field(default_factory=dict)


STAGES = {
    "local": Stage(
        name="local",
        on_aws=False,
        keeps_data=False,
        log_days=1,
        # Short enough to see every safety net at work while somebody watches.
        defaults={
            "ClockShards": "2",
            "TtlGraceSeconds": "180",
            "ShortestRhythmSeconds": "1",
            "SendTimeoutSeconds": "3",
            "LeaseSeconds": "40",
            "QuietWindowSeconds": "30",
            "QuietHours": "0-0",
        },
    ),
    "prod": Stage(name="prod", on_aws=True, keeps_data=True, log_days=30),
}


def stage(name: str) -> Stage:
    """The stage of that name; raises UnknownStageError for any other name."""
    if name not in STAGES:
        raise UnknownStageError(f"There is no stage {name!r}. Stages are: {', '.join(sorted(STAGES))}.")
    return STAGES[name]
