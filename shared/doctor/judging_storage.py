"""What the looks at settings, storage, clocks, budget and poison queues mean. Pure."""

import re
from collections.abc import Sequence

from shared.doctor import advice
from shared.doctor.ground import About
from shared.doctor.seen import ByName, Clocks, GivenUpSeen, Units
from shared.doctor.verdicts import Verdict, failed, passed, unknown
from shared.errors import AccessDenied, MomentError, NotFound, WrongSchema
from shared.model.budget import BudgetState, Limits
from shared.model.schema import CURRENT, SchemaVersion, is_to_be_written
from shared.settings import Place, Settings

MOST_APART_S = 60.0
"""Dates come in whole seconds and take a moment to arrive. Of two edits the later one wins by these clocks; storage
refuses what is 15 minutes off, Entra five."""
_MOST_SHOWN = 3
_REQUEST_ID = re.compile(r" \(request [^)]*\)")


def settings_verdict(settings: Settings, about: About) -> Verdict:
    """They were read, so they are whole."""
    sites = len(settings.graph.sites)
    return passed(f"Whole. {sites} {'site' if sites == 1 else 'sites'}, storage account {about.account}.")


def settings_problems(problems: Sequence[str], place: Place) -> Verdict:
    """All that is wrong with the settings, with a command for each."""
    names = dict.fromkeys(each.partition(" ")[0] for each in problems)
    return failed(
        ". ".join(problems) + ".",
        *(advice.set_setting(place, name, "VALUE") for name in names),
        "The table of settings in README.md says what each may be; after a change the app starts anew by itself.",
    )


def container_verdict(_seen: None, about: About) -> Verdict:
    """Reading, writing and signing went well."""
    return passed(f"Read, written and signed for, in {about.account}.")


def container_refused(error: MomentError, about: About) -> Verdict:
    """What is wrong with the container."""
    return failed(str(error), *_mend([error], about, "Blob"))


def parts_verdict(seen: ByName, about: About, service: str) -> Verdict:
    """What became of each queue or each table: `service` is Queue or Table."""
    bad = {name: error for name, error in seen.items() if error is not None}
    if not bad:
        return passed(f"{len(seen)} read and written.")
    reasons = " ".join(dict.fromkeys(_reason(error) for error in bad.values()))
    return failed(
        f"{len(bad)} of {len(seen)} ({', '.join(bad)}): {reasons}", *_mend(list(bad.values()), about, service)
    )


def schema_verdict(seen: SchemaVersion | None, _about: About) -> Verdict:
    """Whether this version of the app may work with the tables."""
    try:
        is_to_be_written(seen)
    except WrongSchema as fault:
        return failed(". ".join(fault.problems) + ".", "docs/upgrades.md")
    return passed(f"{seen}, and this version of the app knows {CURRENT}." if seen else "None yet: it is written soon.")


def _reason(error: MomentError) -> str:
    """Without what was being done and without the request's id, so that equal reasons are equal."""
    return _REQUEST_ID.sub("", str(error).partition(": ")[2] or str(error))


def _mend(errors: Sequence[MomentError], about: About, service: str) -> tuple[str, ...]:
    if any(isinstance(error, AccessDenied) for error in errors):
        return advice.may_use_storage(about, service)
    if any(isinstance(error, NotFound) for error in errors):
        return advice.make_storage(about)
    return advice.reach_storage(about)


def clock_verdict(seen: Clocks, about: About) -> Verdict:
    """How far this machine's clock is from the others."""
    apart = {name: (seen.ours - time).total_seconds() for name, time in seen.theirs.items() if time is not None}
    if not apart:
        return unknown(f"Neither {' nor '.join(seen.theirs)} told the time.", *advice.reach_storage(about))
    name, seconds = max(apart.items(), key=lambda each: abs(each[1]))
    if abs(seconds) > MOST_APART_S:
        side = "ahead of" if seconds > 0 else "behind"
        return failed(
            f"This machine's clock is {abs(seconds):.0f} s {side} that of {name}. Tokens and signatures fail, and of "
            "two edits the wrong one wins.",
            *advice.set_clock(about),
        )
    return passed(f"Within {MOST_APART_S:.0f} s of {' and '.join(apart)}.")


def budget_verdict(seen: Units, about: About) -> Verdict:
    """What is left, and whether anything may go out."""
    limits, state, now = about.settings.pacing, seen.state, seen.now
    if state.hold_until > now:
        wait_s = round(state.hold_until - now)
        return failed(
            f"SharePoint asked us to wait: nothing goes out for {wait_s} s more, and then it goes on by itself.",
            f"Where it comes back: {advice.set_setting(about.place, 'SHAREPOINT_UNITS_PER_MINUTE', 'A-LOWER-NUMBER')}",
        )
    left = units_left(state, limits, now)
    if left["24 hours"] == 0:
        return failed(
            "What SharePoint lets us do in 24 hours is used up; files wait until some of it is free again.",
            f"For a tenant with more licences: "
            f"{advice.set_setting(about.place, 'SHAREPOINT_UNITS_PER_DAY', 'WHAT-THE-TENANT-HAS')}",
        )
    shown = [f"{units} units of the next {span}" for span, units in left.items() if units is not None]
    return passed(f"{' and '.join(shown)} are left." if shown else "Not counted: the settings say 0.")


def units_left(state: BudgetState, limits: Limits, now: float) -> dict[str, int | None]:
    """By span; None where nobody counts."""
    spans = {"minute": (limits.per_minute, state.minute), "24 hours": (limits.per_day, state.day)}
    return {
        span: max(0, limit - sum(each.units for each in taken if each.until > now)) if limit else None
        for span, (limit, taken) in spans.items()
    }


def given_up_verdict(seen: GivenUpSeen, about: About) -> Verdict:
    """Whether anything waits for a person."""
    stuck = {name: count for name, count in seen.poison.items() if count}
    if not seen.entries and not stuck:
        return passed("Nothing.")
    shown = "; ".join(seen.entries[:_MOST_SHOWN])
    number = f"{len(seen.entries)}{' or more' if seen.is_more else ''}"
    said = [f"{number} given up: {shown}."] if seen.entries else []
    said += [f"About {count} in queue {name}, which the app has not taken yet." for name, count in stuck.items()]
    mend = (*advice.put_back(about), *(advice.start_app(about) if stuck else ()))
    return failed(" ".join(said), *mend)


def table_refused(error: MomentError, about: About) -> Verdict:
    """A table could not be read after all."""
    return failed(str(error), *_mend([error], about, "Table"))
