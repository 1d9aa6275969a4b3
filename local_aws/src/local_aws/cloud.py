"""One embedded cloud, whole."""

from pathlib import Path
from typing import TYPE_CHECKING, Self

from local_aws import clients
from local_aws.deploying import deployment, make, moving, stacks
from local_aws.deploying.emulated import Emulated
from local_aws.errors import CloudError
from local_aws.project import components, model, parameters
from local_aws.servers import kept, running, state, virtualenvs
from local_aws.servers.plans import (
    BUILDER,
    ENDPOINT,
    KEEPING,
    MINISTACK,
    MOTO,
    TITLES,
    TOOLS,
    requirements,
    tools,
)
from local_aws.servers.supervisor import Supervisor
from local_aws.settings import Settings
from local_aws.tools import environ, schedule
from local_aws.tools.commands import CommandError, Runner
from local_aws.tools.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from contextlib import AbstractContextManager
    from types import TracebackType

    from boto3 import Session

    from local_aws.project.components import Component

MODEL = "model"
ENDPOINT_NAME = "open-devops-image-labeller"


class Cloud:
    """An embedded cloud; as a context manager, one that is there for the block alone.

    ```python
    with Cloud(Settings(root=ROOT, state=tmp_path, environments=shared, port=0)) as cloud:
        cloud.deploy()
        table = cloud.session().resource("dynamodb", endpoint_url=cloud.url)
    ```

    Args:
        settings: Where it lives and what it serves.
        progress: Shows what is being done; nothing by default.
    """

    def __init__(self, settings: Settings, progress: Progress | None = None) -> None:
        self.settings = settings
        self.progress = progress or Progress.silent()
        self._supervisor = Supervisor(settings, self.progress)

    def __enter__(self) -> Self:
        self.up()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: "TracebackType | None",
    ) -> None:
        self.down()

    @property
    def model(self) -> Path:
        """The model package that is served."""
        served = state.load(self.settings.state).model
        return self.settings.model or (Path(served) if served else self._built_model)

    @property
    def _built_model(self) -> Path:
        return self.settings.root / "sagemaker_endpoint/build/model.tar.gz"

    def up(
        self, servers: "Collection[str]" = tuple(TITLES), packages: "Collection[Component]" = ()
    ) -> None:
        """Build what is missing and start what does not run.

        Args:
            servers: Which servers; without moto nothing of SageMaker can be deployed.
            packages: Components to package meanwhile, since they will be deployed.

        Raises:
            CloudError: If that fails; nothing is left half-started.
        """
        runner = Runner()
        if self.model != self._built_model:
            model.describe(self.model)
        with (
            state.locked(self.settings.state / "lock", wait=False),
            self._building(runner, servers, packages) as wait_for,
        ):
            with self.progress.phase("environments"):
                wait_for(servers)

            def package() -> Path:
                wait_for([MODEL])
                model.describe(self.model)
                return self.model

            # A server's start keeps no more than one core busy.
            with self.progress.phase("servers"):
                self._supervisor.up(package, self._endpoint_name(), servers)
                self._follow()
            with self.progress.phase("packages"):
                wait_for([each.name for each in packages])

    def down(self) -> list[str]:
        """Stop all servers and all that they have started.

        Returns:
            The names of those that ran.
        """
        with state.locked(self.settings.state / "lock", wait=False):
            return self._supervisor.down()

    def deploy(self, *names: str, again: bool = True) -> list[str]:
        """Deploy components and wait for them.

        Args:
            *names: The components; all of them if none is named.
            again: Whether also what has not changed is deployed.

        Returns:
            The names of those that were deployed.

        Raises:
            DeploymentError: If one cannot be deployed; the message is the cause.
        """
        target = Emulated(self.settings, self.progress)
        with target.lock():
            return deployment.deploy(target, Runner(), target.choose(names), again=again)

    def server(self, name: str) -> state.Server:
        """Return a server that runs.

        Raises:
            NotRunningError: If it does not, or was killed.
        """
        return running.find(self.settings.state, name)

    @property
    def url(self) -> str:
        """Where the AWS APIs answer, but for SageMaker's."""
        return self.server(MINISTACK).url

    @property
    def website(self) -> str | None:
        """Where the website answers, or None where none is deployed."""
        deployed = any("WebsiteURL" in each for each in self.outputs().values())
        return f"{self.server(MINISTACK).website_url}/" if deployed else None

    def session(self) -> "Session":
        """Return a boto3 session; its clients need `endpoint_url=cloud.url`."""
        return clients.session(self.settings.region)

    def environment(self) -> dict[str, str]:
        """Return the environment variables that send an AWS SDK or CLI here."""
        return environ.emulator(self.url, self.settings.region) | {
            "AWS_ENDPOINT_URL_SAGEMAKER": self.server(MOTO).url,
            "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": self.server(ENDPOINT).url,
        }

    def outputs(self) -> dict[str, dict[str, str]]:
        """Return the outputs of MiniStack's stacks, by stack."""
        client = clients.cloudformation(self.url, self.settings.region)
        return {each["StackName"]: stacks.outputs(each) for each in stacks.everything(client)}

    def _follow(self) -> None:
        """Let what was kept for another port follow to this one."""
        kept_in, server = self.settings.kept, self.server(MINISTACK)
        if not server.origin.endswith(KEEPING):
            return
        before = kept.deployed_port(kept_in)
        if before not in {None, server.port}:
            with self.progress.task("moving to another port", "moved to another port"):
                moving.follow(server.url, self.settings.region, before, server.port, server.website)
        kept.deployed_on(kept_in, server.port)

    def _building(
        self, runner: Runner, servers: "Collection[str]", packages: "Collection[Component]"
    ) -> "AbstractContextManager[Callable[[Collection[str]], None]]":
        """Build the environments and packages while the block runs, all that is missing."""
        settings = self.settings
        locks = tools(settings) | requirements(settings)
        graph: dict[str, tuple[str, ...]] = {
            name: ()
            for name, lock in locks.items()
            if (name in servers or name not in TITLES)
            and not virtualenvs.is_current(settings.environments / name, lock)
        }
        if ENDPOINT in servers and self.model == self._built_model:
            graph[MODEL] = ()
        by_name = {each.name: each for each in packages}
        graph |= dict.fromkeys(by_name, ())
        # Before the shared environments are there, a component would install its own.
        needed = tuple(name for name in (TOOLS, BUILDER) if name in graph)
        graph |= {name: needed for name in (MODEL, *by_name) if name in graph}
        target = Emulated(settings, self.progress)

        def build(name: str) -> None:
            if name == MODEL:
                self._package_model(runner)
            elif name in by_name:
                make.rebuild(runner, target, by_name[name])
            else:
                self._install(runner, name, locks[name])

        return schedule.alongside(graph, build, runner.cancel)

    def _install(self, runner: Runner, name: str, lock: Path) -> None:
        settings = self.settings
        with self.progress.task(f"installing {name}", f"{name} installed"):
            log = settings.logs / f"install-{name}.log"
            try:
                virtualenvs.build(runner, settings.uv, settings.environments / name, lock, log)
            except CommandError as error:
                raise CloudError(f"{name} cannot be installed: {error}") from error

    def _package_model(self, runner: Runner) -> None:
        endpoint = self.settings.root / "sagemaker_endpoint"
        with self.progress.task("packaging the model", "model packaged"):
            try:
                make.package(runner, self.settings, endpoint)
            except CommandError as error:
                raise CloudError(f"The model cannot be packaged: {error}") from error

    def _endpoint_name(self) -> str:
        found = components.discover(self.settings.root)
        values = parameters.chosen(self.settings.parameters, found.values())
        if "sagemaker_endpoint" in found:
            values = found["sagemaker_endpoint"].parameters(self.settings.environment) | values
        return values.get("EndpointName") or ENDPOINT_NAME
