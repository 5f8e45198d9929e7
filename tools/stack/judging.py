"""The part of the demo that judges: it checks every file, plays edits in both directions, and measures."""

from pathlib import Path
from typing import Any

from rich.console import Console

from tools.stack.checks import Checks, names_of_blobs
from tools.stack.children import StackError
from tools.stack.figures import Measure
from tools.stack.following import Following
from tools.stack.graph_editor import GraphEditor
from tools.stack.product import Product
from tools.stack.programs import Stack
from tools.stack.report import print_figures, print_problems, save_figures
from tools.stack.round_trip import RoundTrip
from tools.stack.show_case import Played
from tools.stack.sync_by_hand import SyncByHand
from tools.stack.watch import Watch


class Judge:
    """Judges one play. What is wrong is printed when it is found and gathered in `problems`."""

    def __init__(self, stack: Stack, product: Product, watch: Watch, console: Console) -> None:
        self._stack = stack
        self._product = product
        self._watch = watch
        self._console = console
        self.problems: list[str] = []

    def judge(self, played: Played, figures_file: Path) -> int:
        """0 when all is as it should be, else 1. The figures are printed, and saved for programs."""
        stack, console = self._stack, self._console
        console.print("Checking every file, in the product and in SharePoint…")
        reader = GraphEditor(stack.sharepoint_url, stack.login_url, stack.ca_bundle)
        self._found(Checks(self._product, reader, names_of_blobs(stack.storage)).problems(played.loaded, self._watch))
        figures: dict[str, Any] = {"files": len(played.loaded), "problems": self.problems, "memory": played.memory}
        console.print("Measuring the way into SharePoint…")
        measure = Measure(stack, self._product)
        figures["costs"] = measure.costs()
        figures["times"] = measure.times()
        console.print("Editing in SharePoint and in Moment, and waiting for the other side…")
        editor = GraphEditor(stack.sharepoint_url, stack.login_url, stack.ca_bundle)
        figures["round_trip"] = self._round_trip(editor)
        figures["following"] = self._following(Following(self._product, editor, measure.ledger))
        console.print("Turning a customer to SharePoint by hand, then comparing every library…")
        figures["round_trip"] += self._by_hand()
        print_figures(console, figures)
        save_figures(figures_file, figures)
        if self.problems:
            console.print(f"{len(self.problems)} problems.", style="red", highlight=False)
            return 1
        console.print(
            f"All {len(played.loaded)} files are where they belong, and edits came through in both directions. "
            f"Figures: {figures_file}",
            highlight=False,
        )
        return 0

    def _round_trip(self, editor: GraphEditor) -> list[dict[str, Any]]:
        trip = RoundTrip(self._product, editor, self._watch)
        try:
            trip.play()
        except StackError as error:
            self._found([str(error)])
        self._found([step.problem for step in trip.steps if step.problem])
        return [{"direction": each.direction, "edit": each.edit, "seconds": each.seconds} for each in trip.steps]

    def _by_hand(self) -> list[dict[str, Any]]:
        try:
            steps = SyncByHand(self._product).play()
        except StackError as error:
            self._found([str(error)])
            return []
        self._found([step.problem for step in steps if step.problem])
        return [{"direction": each.direction, "edit": each.edit, "seconds": each.seconds} for each in steps]

    def _following(self, following: Following) -> dict[str, Any] | None:
        try:
            return following.times()
        except StackError as error:
            self._found([str(error)])
            return None

    def _found(self, problems: list[str]) -> None:
        self.problems += problems
        print_problems(self._console, problems)
