"""Does work in the order of its dependencies, several pieces at a time."""

import contextlib
import graphlib
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

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


@contextlib.contextmanager
def alongside(
    graph: "Mapping[str, Collection[str]]",
    work: "Callable[[str], object]",
    cancel: "Callable[[], None]",
) -> "Iterator[Callable[[Collection[str]], None]]":
    """Do what `run` does while the block runs; the block's end waits for all of it.

    Args:
        graph: By node, the nodes that come before it.
        work: What to do with a node.
        cancel: Stops what is under way; called when the block fails or is interrupted.

    Yields:
        A function that waits for nodes; those that the graph does not have are there already. It
        raises the failure of whatever has failed by then.
    """
    done: dict[str, Future[None]] = {node: Future() for node in graph}

    def do(node: str) -> None:
        work(node)
        done[node].set_result(None)

    with ThreadPoolExecutor(1) as pool:
        whole = pool.submit(run, graph, do, cancel)

        def wait_for(nodes: "Collection[str]") -> None:
            for node in done.keys() & nodes:
                wait((whole, done[node]), return_when=FIRST_COMPLETED)
            if whole.done():
                whole.result()

        try:
            yield wait_for
            whole.result()
        except BaseException:
            cancel()
            raise
