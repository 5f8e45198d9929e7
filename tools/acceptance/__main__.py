"""`python -m tools.acceptance`: asks the first of SHAREPOINT_SITES what the documentation leaves open.

Settings are those of the app (GRAPH_*, SHAREPOINT_SITES), from the environment or local.settings.json. Everything is
done in a new library of its own, which is deleted at the end; nothing else in the site is touched. Takes some minutes.

Exit codes: 0 all is as the app was built, 1 something is different, 2 wrong arguments, 3 the site can't be asked.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import requests

from shared.errors import MomentError
from shared.settings.reader import Reader
from shared.settings.reading import read_graph
from tools.acceptance import following, items, libraries
from tools.acceptance.question import Answer, Outcome, Question
from tools.acceptance.site import NoSite, Site, scratch_library
from tools.doctor.sources import usual

QUESTIONS = (*libraries.QUESTIONS, *items.QUESTIONS, *following.QUESTIONS)


def answered(question: Question, site: Site) -> Answer:
    """Ask one; a refusal where none was expected is an answer too."""
    try:
        return question.look(site)
    except (requests.RequestException, LookupError, ValueError) as trouble:
        return Answer(Outcome.DIFFERENT, f"{type(trouble).__name__}: {trouble}")


def main(argv: Sequence[str] | None = None) -> int:
    """Ask all, or those that are named; gives the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.acceptance", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = [each.name for each in QUESTIONS]
    parser.add_argument("questions", nargs="*", metavar="QUESTION", help=f"only these: {', '.join(names)}")
    parser.add_argument("--json", action="store_true", help="the answers as JSON, for the record")
    arguments = parser.parse_args(argv)
    if unknown := set(arguments.questions) - set(names):
        parser.error(f"no such question: {', '.join(sorted(unknown))}")
    reader = Reader(usual(os.environ, Path("local.settings.json")))
    settings = read_graph(reader)
    if reader.problems:
        print("\n".join(reader.problems), file=sys.stderr)
        return 3
    found: list[dict[str, str]] = []
    title = f"Moment acceptance {datetime.now(UTC):%Y-%m-%d %H%M%S}"
    try:
        with scratch_library(settings, title, time.time, time.sleep) as site:
            for question in QUESTIONS:
                if not arguments.questions or question.name in arguments.questions:
                    answer = answered(question, site)
                    found.append({"question": question.name, "outcome": answer.outcome, "seen": answer.seen})
                    if not arguments.json:
                        print(f"{answer.outcome:<10} {question.asks}\n           {answer.seen}", flush=True)
    except (NoSite, MomentError) as trouble:
        print(trouble, file=sys.stderr)
        return 3
    if arguments.json:
        print(json.dumps(found, indent=2, ensure_ascii=False))
    return 1 if any(each["outcome"] == Outcome.DIFFERENT for each in found) else 0


if __name__ == "__main__":
    sys.exit(main())
