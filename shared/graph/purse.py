"""The units that one process has taken and not yet spent, and how large a block it asks for next."""

from dataclasses import replace

from shared.model.budget import SMALLEST_BLOCK_UNITS, Block, Refused, Wish, next_block_units


class Purse:
    """What this process may spend on one kind of work. Not safe for threads: its owner has a lock."""

    def __init__(self, is_bulk: bool) -> None:
        self.refused: Refused | None = None
        self._is_bulk = is_bulk
        self._blocks: list[Block] = []
        self._ended: list[Block] = []
        self._block_units = SMALLEST_BLOCK_UNITS
        self._spent_units = 0
        self._filled_at = 0.0

    def units_left(self, now: float) -> int:
        """What can be spent now."""
        self._ended += [each for each in self._blocks if each.until <= now]
        self._blocks = [each for each in self._blocks if each.until > now]
        return sum(each.units for each in self._blocks)

    def spend(self, units: int) -> None:
        """Take so many that are left, from the oldest block first."""
        self._spent_units += units
        for place, block in enumerate(self._blocks):
            part = min(units, block.units)
            self._blocks[place] = replace(block, units=block.units - part)
            units -= part

    def end_blocks(self) -> None:
        """Spend no more of what was taken."""
        self._ended += self._blocks
        self._blocks = []

    def wish(self, units: int, now: float) -> tuple[Wish, list[Block]]:
        """What to ask for, and what is left of blocks that have ended."""
        self._block_units = next_block_units(self._block_units, self._spent_units, now - self._filled_at)
        ended, self._ended = [each for each in self._ended if each.units], []
        return Wish(units, self._block_units, self._is_bulk), ended

    def note(self, outcome: Block | Refused) -> None:
        """What came of the wish."""
        if isinstance(outcome, Refused):
            self.refused = outcome
        else:
            self.refused = None
            self._blocks.append(outcome)
            self._spent_units, self._filled_at = 0, outcome.taken_at
