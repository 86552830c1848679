"""What every packaged template must satisfy, whatever is added to it later.

Chalice adds mistyped keys without a word, replaces lists, and packages placeholder ARNs; a queue without a
dead-letter queue deploys as happily as one with. So each build reads the merged template again and refuses one that
breaks a rule. The rules speak of all resources of a type, never of a name.
"""

from collections.abc import Callable

from infra.rules import alarms, events, functions, policies, queues, references, tables
from infra.rules.reading import Template

Rule = Callable[[Template], list[str]]

RULES: tuple[Rule, ...] = (
    references.everything_named_exists,
    references.every_resource_has_a_type,
    references.nothing_secret_is_written_down,
    queues.every_queue_has_or_is_a_dead_letter_queue,
    queues.dead_letters_stay_long_enough,
    queues.a_message_stays_hidden_longer_than_its_function_runs,
    events.every_event_has_a_type,
    events.queues_report_which_messages_failed,
    events.streams_get_past_a_poison_record,
    events.schedules_leave_their_failures_somewhere,
    events.topics_leave_what_they_cannot_deliver,
    functions.every_function_has_a_log_that_forgets,
    functions.every_function_has_a_role_of_its_own,
    functions.time_outs_are_in_proportion,
    policies.no_policy_is_wider_than_needed,
    policies.functions_may_do_what_their_events_need,
    policies.services_may_fill_the_queues_that_they_are_given,
    alarms.every_alarm_can_be_acted_on,
    alarms.only_heartbeats_count_silence_as_trouble,
    alarms.what_can_fail_is_watched,
    tables.tables_can_be_restored,
    tables.the_promises_stream_carries_no_personal_data,
)


def broken(template: Template) -> list[str]:
    """One sentence for each place where the template breaks a rule; empty when it breaks none."""
    return [sentence for rule in RULES for sentence in rule(template)]
