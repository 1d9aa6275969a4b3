"""Does work in the order of its dependencies, several pieces at a time."""

import graphlib
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

# Each piece is a tool that keeps most of a core busy, and waits for the disk or an emulator else.
WORKERS = 3


def run(
    graph: "Mapping[str, Collection[str]]",
    work: "Callable[[str], object]",
    cancel: "Callable[[], None]",
    workers: int = WORKERS,
) -> None:
    """Do a piece of work for each node, after those that it depends on.

    After a failure nothing new is begun, what is under way is completed, and the failure is raised.

    Args:
        graph: By node, the nodes that come before it.
        work: What to do with a node.
        cancel: Stops what is under way; called when this is interrupted.
        workers: How many pieces are under way at once.
    """
    sorter = graphlib.TopologicalSorter(graph)
    sorter.prepare()
    pool = ThreadPoolExecutor(workers)
    under_way: dict[Future[object], str] = {}
    try:
        while sorter.is_active():
            under_way |= {pool.submit(work, node): node for node in sorter.get_ready()}
            finished, _ = wait(under_way, return_when=FIRST_COMPLETED)
            for future in finished:
                future.result()
                sorter.done(under_way.pop(future))
    except Exception:
        pool.shutdown(cancel_futures=True)
        raise
    except BaseException:
        cancel()
        pool.shutdown(cancel_futures=True)
        raise
    pool.shutdown()
