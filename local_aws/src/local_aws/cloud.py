"""One embedded cloud, whole."""

from pathlib import Path
from typing import TYPE_CHECKING, Self

from local_aws import (
    clients,
    components,
    environments,
    make,
    model,
    parameters,
    running,
    schedule,
    state,
    target,
)
from local_aws.commands import CommandError, Runner
from local_aws.deployment import Deployment
from local_aws.errors import CloudError
from local_aws.plans import ENDPOINT, MINISTACK, MOTO, requirements
from local_aws.progress import Progress
from local_aws.settings import Settings
from local_aws.supervisor import Supervisor

if TYPE_CHECKING:
    from types import TracebackType

    from boto3 import Session

ENDPOINT_NAME = "open-devops-image-labeller"


class Cloud:
    """An embedded cloud; as a context manager, one that is there for the block alone.

    ```python
    with Cloud(Settings(house=HOUSE, state=tmp_path, environments=shared, port=0)) as cloud:
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
        built = self.settings.house / "sagemaker_endpoint/build/model.tar.gz"
        return self.settings.model or built

    def up(self) -> None:
        """Build what is missing and start what does not run.

        Raises:
            CloudError: If that fails; nothing is left half-started.
        """
        with state.locked(self.settings.state / "lock", wait=False):
            with self.progress.phase("environments"):
                self._build()
            with self.progress.phase("model"):
                self._package_model()
            model.describe(self.model)
            with self.progress.phase("servers"):
                self._supervisor.up(self.model, self._endpoint_name())

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
        with state.locked(self.settings.state / "lock", wait=False):
            house = components.discover(self.settings.house)
            values = parameters.local(
                self.server(MINISTACK).port,
                model.describe(Path(state.load(self.settings.state).model)),
                target.of_host().architecture,
            ) | parameters.chosen(self.settings.parameters, house.values())
            chosen = components.choose(house, names, self.settings.environment, values)
            deployment = Deployment(self.settings, self.progress, Runner(), house, values)
            return deployment.run(chosen, again=again)

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

    def session(self) -> "Session":
        """Return a boto3 session; its clients need `endpoint_url=cloud.url`."""
        return clients.session(self.settings.region)

    def environment(self) -> dict[str, str]:
        """Return the environment variables that send an AWS SDK or CLI here."""
        return make.credentials(self.settings, self.url) | {
            "AWS_ENDPOINT_URL_SAGEMAKER": self.server(MOTO).url,
            "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": self.server(ENDPOINT).url,
        }

    def outputs(self) -> dict[str, dict[str, str]]:
        """Return the outputs of MiniStack's stacks, by stack."""
        client = clients.cloudformation(self.url, self.settings.region)
        return {stack["StackName"]: clients.outputs(stack) for stack in clients.stacks(client)}

    def _build(self) -> None:
        """Build the servers' environments and the model package, all that is missing."""
        settings, runner, locks = self.settings, Runner(), requirements(self.settings)
        pieces = [
            name
            for name, lock in locks.items()
            if not environments.is_current(settings.environments / name, lock)
        ]

        def build(name: str) -> None:
            with self.progress.task(f"installing {name}", f"{name} installed"):
                log = settings.logs / f"install-{name}.log"
                environment = settings.environments / name
                try:
                    environments.build(runner, settings.uv, environment, locks[name], log)
                except CommandError as error:
                    raise CloudError(f"{name} cannot be installed: {error}") from error

        schedule.run(dict.fromkeys(pieces, ()), build, runner.cancel)

    def _package_model(self) -> None:
        if self.settings.model is None:
            endpoint = self.settings.house / "sagemaker_endpoint"
            runner = Runner()

            def package(_: str) -> None:
                with self.progress.task("packaging the model", "model packaged"):
                    make.Make(runner, self.settings).package(endpoint)

            try:
                schedule.run({"model": ()}, package, runner.cancel)
            except CommandError as error:
                raise CloudError(f"The model cannot be packaged: {error}") from error

    def _endpoint_name(self) -> str:
        house = components.discover(self.settings.house)
        values = parameters.chosen(self.settings.parameters, house.values())
        if "sagemaker_endpoint" in house:
            values = house["sagemaker_endpoint"].parameters(self.settings.environment) | values
        return values.get("EndpointName") or ENDPOINT_NAME
