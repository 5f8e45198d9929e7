"""The play that `run` and `demo` share: companies, everyday files, many small ones, a large one, in this order."""

from dataclasses import dataclass, field

from tools.samples.files import Sample, everyday_files, large_file, small_files
from tools.stack.display import Display
from tools.stack.loading import Loaded, load_companies, load_files, load_unplaceable, wait_until_settled
from tools.stack.memory import peak_memory
from tools.stack.product import Product
from tools.stack.programs import Stack
from tools.stack.watch import Watch

_TIMEOUT_S = 180.0
_SLOWEST_MIB_PER_S = 4


@dataclass(slots=True)
class Played:
    """What was handed over, and the host's memory meanwhile, in bytes."""

    loaded: list[Loaded] = field(default_factory=list)
    memory: dict[str, int] = field(default_factory=dict)


def play(stack: Stack, product: Product, watch: Watch, display: Display, large_mib: int) -> Played:
    """Load everything and wait until each file has come to rest."""
    load_companies(product)
    played = Played(memory={"idle": stack.host_memory_bytes()})
    load_unplaceable(stack)
    _act(stack, watch, display, played, "everyday files", everyday_files(), _TIMEOUT_S)
    _act(stack, watch, display, played, "50 small files", small_files(), _TIMEOUT_S)
    large_s = _TIMEOUT_S + large_mib / _SLOWEST_MIB_PER_S
    _act(stack, watch, display, played, f"one file of {large_mib} MiB", [large_file(large_mib)], large_s)
    return played


def _act(
    stack: Stack, watch: Watch, display: Display, played: Played, title: str, samples: list[Sample], timeout_s: float
) -> None:
    def look() -> None:
        stack.check()
        watch.refresh()
        display.update(watch.rows)

    with peak_memory(stack.host_memory_bytes) as peak:
        loaded = load_files(stack, watch, samples, look)
        wait_until_settled(stack, watch, display, loaded, timeout_s)
    played.loaded += loaded
    played.memory[title] = peak.bytes
