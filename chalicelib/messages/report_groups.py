"""The groups of a report: each with its name, how its words ended, what customers say beside it, and all figures."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.domain.reports import By, Group, Report
from chalicelib.messages.given import clean
from chalicelib.messages.numbers import Numbers
from chalicelib.messages.phrases import Phrases
from chalicelib.messages.report_figures import Bar, Rows, brief, outcome, rates


@dataclass(frozen=True, slots=True)
class Line:
    """One group. `beside` its name stands a team, or what a standard is called by those who build on it.

    `part` is "whole" for a standard of several versions, and "version" for each of these.
    """

    name: str
    beside: str
    bar: Bar
    rates: Rows
    sections: list[tuple[str, Rows]]
    part: str = ""


def lines(report: Report, names: Mapping[str, str], say: Phrases, numbers: Numbers) -> list[Line]:
    """Return the groups in order; the versions of a standard stand below their sum, if there are several."""

    def line(group: Group, name: str, beside: str = "", part: str = "") -> Line:
        shown = [(label, words) for label, words, _ in rates(group.figures, say, numbers)]
        bar, told = outcome(group.figures, say, numbers), brief(group.figures, say, numbers)
        return Line(name, beside, bar, shown, told, part)

    if report.by is not By.STANDARD:
        return [line(each, _name(each, report.by, say), clean(each.team)) for each in report.groups]
    found = []
    for whole, versions in report.by_standard():
        title = names.get(whole.ref or "") or clean(whole.ref) or say("report.none.standard")
        if len(versions) > 1:
            found.append(line(whole, title, say("report.versions", name=clean(whole.ref)), "whole"))
        for each in versions:
            label = clean(each.ref)
            part = "version" if len(versions) > 1 else ""
            found.append(line(each, title, "" if label == title else label, part))
    return found


def _name(group: Group, by: By, say: Phrases) -> str:
    if group.ref is None:
        return say(f"report.none.{by}")
    return say(f"report.kind.{group.ref}") if by is By.KIND else clean(group.name) or clean(group.ref)
