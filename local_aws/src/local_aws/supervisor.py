"""Starts and stops the servers of one embedded cloud."""

import shutil
from typing import TYPE_CHECKING

from local_aws import health, kept, plans, ports, processes, state
from local_aws.plans import ENDPOINT, MINISTACK, MOTO, READY, TITLES, Plan
from local_aws.state import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from local_aws.progress import Progress
    from local_aws.settings import Settings


class Supervisor:
    """The servers of one embedded cloud.

    Args:
        settings: The cloud's settings.
        progress: Shows what is being done.
    """

    def __init__(self, settings: "Settings", progress: "Progress") -> None:
        self._settings = settings
        self._progress = progress

    def up(self, model: "Path", endpoint_name: str) -> None:
        """Start what does not run; if that fails or is interrupted, stop what was started.

        Args:
            model: Model package to serve.
            endpoint_name: Name of the endpoint.

        Raises:
            CloudError: If a server cannot be started.
        """
        self._settings.temporary.mkdir(parents=True, exist_ok=True)
        remembered = state.load(self._settings.state)
        remembered.model = str(model)
        started: list[str] = []

        def ensure(name: str, plan: "Callable[[int], Plan]", wanted: int = 0) -> Server:
            old = remembered.servers.get(name)
            if old and self._serves(old, plan(old.port)):
                return old
            if old:
                self._clear(name, old)
            port = _port(old, wanted)
            remembered.servers[name] = self._start(plan(port), port)
            started.append(name)
            state.save(self._settings.state, remembered)
            return remembered.servers[name]

        settings = self._settings
        # Before anything is started: this is the port that may be taken.
        gateway = _port(remembered.servers.get(MINISTACK), settings.port)
        try:
            endpoint = ensure(
                ENDPOINT, lambda port: plans.endpoint(settings, port, model, endpoint_name)
            )
            ensure(MOTO, lambda port: plans.moto(settings, port))
            ensure(MINISTACK, lambda port: plans.ministack(settings, port, endpoint.url), gateway)
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

    def _serves(self, server: Server, plan: Plan) -> bool:
        return (
            server.process.find() is not None
            and server.origin == plan.origin
            and health.answers(server.url + READY[plan.name])
        )

    def _clear(self, name: str, old: Server) -> None:
        if old.process.find() is None:
            self._progress.say(
                f"{TITLES[name]} (pid {old.process.pid}) was killed; it is started anew."
            )
        self._stop([old])
        if name == MINISTACK:
            self._progress.say(kept.told(self._settings.kept, again=self._settings.keep))
            processes.kill(processes.orphans(self._settings.temporary))

    def _stop(self, servers: "Iterable[Server]") -> None:
        patience = kept.patience(self._settings.kept)
        processes.stop_all((server.process for server in servers), patience)

    def _start(self, plan: Plan, port: int) -> Server:
        log = self._settings.logs / f"{plan.name}.log"
        if log.exists():
            log.replace(log.with_suffix(".previous.log"))
        if plan.name == MINISTACK and self._settings.keep:
            kept.prepare(self._settings.kept)
        process = processes.start(
            plan.command(self._settings), plan.environment(), log, self._settings.temporary
        )
        return Server(process, port, plan.origin)

    def _wait(self, servers: "dict[str, Server]") -> None:
        titles = ", ".join(TITLES[name] for name in servers)
        if not servers:
            return
        with self._progress.task(f"starting {titles}", f"{titles} started"):
            for name, server in servers.items():
                log = self._settings.logs / f"{name}.log"
                health.wait(server, TITLES[name], READY[name], log)


def _port(old: Server | None, wanted: int) -> int:
    """Return the port for a server: the one it had, since others know that, or the wanted one."""
    if old and (old.process.find() or ports.is_free(old.port)):
        return old.port
    return ports.claim(wanted, "PORT")
