"""Starts and stops the servers of one embedded cloud."""

import contextlib
import functools
import shutil
from typing import TYPE_CHECKING

from local_aws.errors import PortTakenError
from local_aws.servers import health, kept, plans, ports, processes, running, state
from local_aws.servers.plans import ENDPOINT, MINISTACK, MOTO, READY, TITLES, Plan
from local_aws.servers.state import Server
from local_aws.settings import DEFAULT_PORT, HIGHEST_PORT

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from pathlib import Path

    from local_aws.settings import Settings
    from local_aws.tools.progress import Progress


# Between the choice of a free port and the server's start, another process may take it.
STARTS = 3


class Supervisor:
    """The servers of one embedded cloud.

    Args:
        settings: The cloud's settings.
        progress: Shows what is being done.
    """

    def __init__(self, settings: "Settings", progress: "Progress") -> None:
        self._wanted = self._settings = settings
        self._progress = progress

    def up(
        self,
        model: "Callable[[], Path]",
        endpoint_name: str,
        wanted: "Collection[str]" = tuple(TITLES),
    ) -> None:
        """Start what does not run; if that fails or is interrupted, stop what was started.

        Args:
            model: Returns the model package to serve, once it is there.
            endpoint_name: Name of the endpoint.
            wanted: The names of the servers. MiniStack is given where the endpoint answers, or will
                answer.

        Raises:
            UsageError: If what runs was asked to be otherwise than it can become while it runs.
            CloudError: If a server cannot be started.
        """
        for _ in range(STARTS - 1):
            with contextlib.suppress(PortTakenError):
                return self._up(model, endpoint_name, wanted)
        return self._up(model, endpoint_name, wanted)

    def _up(
        self, model: "Callable[[], Path]", endpoint_name: str, wanted: "Collection[str]"
    ) -> None:
        self._settings.temporary.mkdir(parents=True, exist_ok=True)
        remembered = state.load(self._settings.state)
        self._settings = settings = running.agreed(self._wanted, remembered.servers.get(MINISTACK))
        started: list[str] = []

        def ensure(name: str, plan: "Callable[[int], Plan]", chosen: int | None = None) -> None:
            old = remembered.servers.get(name)
            if old and self._serves(old, plan(old.port)):
                return
            if old:
                self._clear(name, old)
            port = _port(old) if chosen is None else chosen
            remembered.servers[name] = self._start(plan(port), port)
            started.append(name)
            state.save(self._settings.state, remembered)

        def serve_model(port: int | None = None) -> None:
            package = model()
            remembered.model = str(package)
            plan = functools.partial(
                plans.endpoint, settings, model=package, endpoint_name=endpoint_name
            )
            ensure(ENDPOINT, plan, port)

        # Before anything is started: this is the port that may be taken.
        gateway = self._gateway(remembered.servers.get(MINISTACK))
        known = remembered.servers.get(ENDPOINT)
        try:
            # First, if it was there: MiniStack would be started again for an endpoint elsewhere.
            if ENDPOINT in wanted and known:
                serve_model()
            runtime = remembered.servers[ENDPOINT].port if known else ports.free()
            if MINISTACK in wanted:
                url = f"http://{ports.LOOPBACK}:{runtime}"
                old = remembered.servers.get(MINISTACK)
                ensure(
                    MINISTACK,
                    lambda port: plans.ministack(settings, port, url, _website(port, old)),
                    gateway,
                )
            if MOTO in wanted:
                ensure(MOTO, lambda port: plans.moto(settings, port))
            # Last, if it is new, since its model may be packaged meanwhile.
            if ENDPOINT in wanted and not known:
                serve_model(runtime)
            self._wait({name: remembered.servers[name] for name in started})
            state.save(self._settings.state, remembered)
        except BaseException:
            self._stop(remembered.servers.pop(name) for name in started)
            state.save(self._settings.state, remembered)
            raise

    def down(self) -> list[str]:
        """Stop everything.

        Returns:
            The names of the servers that ran.
        """
        remembered = state.load(self._settings.state)
        ran = [name for name, server in remembered.servers.items() if server.process.find()]
        self._stop(remembered.servers.values())
        processes.kill(processes.orphans(self._settings.temporary))
        shutil.rmtree(self._settings.temporary, ignore_errors=True)
        state.save(self._settings.state, state.State())
        return ran

    def _gateway(self, old: Server | None) -> int:
        """Return MiniStack's port: what the user wants, what it had, what is kept for it, 4566."""
        if old and old.process.find():
            return old.port
        wanted = self._settings.port
        if wanted is None and old and ports.is_free(old.port):
            return old.port
        if wanted is None and self._settings.keep:
            wanted = kept.port(self._settings.kept)
        return ports.claim(DEFAULT_PORT if wanted is None else wanted)

    def _serves(self, server: Server, plan: Plan) -> bool:
        return (
            server.process.find() is not None
            and server.origin == plan.origin
            and health.answers(server.url + READY[plan.name])
        )

    def _clear(self, name: str, old: Server) -> None:
        if old.process.find() is None:
            self._progress.say(
                f"{TITLES[name]} (pid {old.process.pid}) was killed; it is started again."
            )
        self._stop([old])
        if name == MINISTACK:
            self._progress.say(kept.outcome(self._settings.kept, again=bool(self._settings.keep)))
            processes.kill(processes.orphans(self._settings.temporary))

    def _stop(self, servers: "Iterable[Server]") -> None:
        timeout = kept.timeout(self._settings.kept)
        processes.stop_all((server.process for server in servers), timeout)

    def _start(self, plan: Plan, port: int) -> Server:
        log = self._settings.logs / f"{plan.name}.log"
        if log.exists():
            log.replace(log.with_suffix(".previous.log"))
        if plan.name == MINISTACK and self._settings.keep:
            kept.prepare(self._settings.kept)
        process = processes.start(
            plan.command(self._settings), plan.environment(), log, self._settings.temporary
        )
        return Server(process, port, plan.origin, plan.website)

    def _wait(self, servers: "dict[str, Server]") -> None:
        titles = ", ".join(TITLES[name] for name in servers)
        if not servers:
            return
        with self._progress.task(f"starting {titles}", f"{titles} started"):
            for name, server in servers.items():
                log = self._settings.logs / f"{name}.log"
                health.wait(server, TITLES[name], READY[name], log)


def _website(gateway: int, old: Server | None) -> int:
    """Return the website's port: the one it had, the next after MiniStack's, or a free one.

    A browser keeps what it knows of a page by its port, so that this changes seldom.
    """
    for port in (old.website if old else 0, gateway + 1):
        if 0 < port <= HIGHEST_PORT and ports.is_free(port):
            return port
    return ports.free()


def _port(old: Server | None) -> int:
    """Return the port for a server: the one it had, since others know that, or a free one."""
    if old and (old.process.find() or ports.is_free(old.port)):
        return old.port
    return ports.free()
