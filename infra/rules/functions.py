"""Rules about functions."""

from collections import Counter

from infra.rules.reading import FUNCTION, LOG_GROUP, Template, events, of_type, target

# API Gateway hangs up after 29 seconds; a function that runs on would answer nobody.
_API_GATEWAY_PATIENCE_SECONDS = 29
_A_MINUTE_SECONDS = 60
_LONGEST_SECONDS = 900


def every_function_has_a_log_that_forgets(template: Template) -> list[str]:
    """Logs without a retention are kept, and paid for, for ever."""
    groups = dict(of_type(template, LOG_GROUP))
    wrong = [
        f"Function {name} writes to no log group of the template"
        for name, properties in of_type(template, FUNCTION)
        if target(properties.get("LoggingConfig", {}).get("LogGroup")) not in groups
    ]
    wrong += [f"Log group {name} keeps for ever" for name, group in groups.items() if "RetentionInDays" not in group]
    return wrong


def every_function_has_a_role_of_its_own(template: Template) -> list[str]:
    """A shared role gives each function the rights of all."""
    roles = {name: target(properties.get("Role")) for name, properties in of_type(template, FUNCTION)}
    shared = {role for role, count in Counter(roles.values()).items() if count > 1}
    wrong = [f"Function {name} has no role of the template" for name, role in roles.items() if role is None]
    wrong += [f"Function {name} shares its role" for name, role in roles.items() if role is not None and role in shared]
    return wrong


def time_outs_are_in_proportion(template: Template) -> list[str]:
    """The API answers before its gateway hangs up; what runs each minute ends before the next run begins."""
    each_minute = {
        function
        for function, _, _, schedule in events(template, "Schedule")
        if schedule.get("Schedule") == "rate(1 minute)"
    }
    wrong = []
    for name, properties in of_type(template, FUNCTION):
        limit = _LONGEST_SECONDS
        if name == "APIHandler":
            limit = _API_GATEWAY_PATIENCE_SECONDS - 1
        elif name in each_minute:
            limit = _A_MINUTE_SECONDS - 1
        if not 1 <= properties.get("Timeout", 0) <= limit:
            wrong.append(
                f"Function {name} may run {properties.get('Timeout')} s; {limit} s is the most that makes sense"
            )
    return wrong
