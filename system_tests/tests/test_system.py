import os

import pytest

from system_tests.errors import NotReadyError
from system_tests.settings import Settings
from system_tests.system import connect
from tests.servers import Reply, serving

MISSING = b"""<ErrorResponse><Error><Code>ValidationError</Code>
<Message>Stack with id x does not exist</Message></Error></ErrorResponse>"""


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")


def settings() -> Settings:
    return Settings.from_environment({**os.environ, "AWS_REGION": "us-west-1"})


def test_says_which_stacks_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(Reply(400, MISSING)) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
        with pytest.raises(NotReadyError) as refusal:
            connect(settings())
    for component in ("S3", "DynamoDB", "SubmitImage", "GetImageLabel", "InvokeLabeller"):
        assert f"OpenDevOps{component} does not exist in us-west-1." in str(refusal.value)


def test_says_that_the_cloud_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(Reply(200)) as server:
        pass
    monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
    with pytest.raises(NotReadyError, match=f"cannot be asked.*{server.url}"):
        connect(settings())


def test_says_that_there_are_no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    with pytest.raises(NotReadyError, match="No credentials"):
        connect(settings())
