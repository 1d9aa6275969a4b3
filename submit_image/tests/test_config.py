import pytest

from submit_image.config import ConfigurationError, Settings

ENVIRONMENT = {
    "BUCKET_NAME": "images",
    "TABLE_NAME": "ImageLabels",
    "RETENTION_DAYS": "30",
    "MAX_IMAGE_BYTES": "10485760",
    "FETCH_SECONDS": "10",
    "TRUSTED_IMAGE_HOSTS": "",
}


def test_the_environment_is_read() -> None:
    assert Settings.from_environment(ENVIRONMENT) == Settings(
        bucket_name="images",
        table_name="ImageLabels",
        retention_days=30,
        max_image_bytes=10_485_760,
        fetch_seconds=10,
        trusted_hosts=frozenset(),
    )


@pytest.mark.parametrize("name", [name for name in ENVIRONMENT if name != "TRUSTED_IMAGE_HOSTS"])
def test_what_is_missing_is_named(name: str) -> None:
    environment = {key: value for key, value in ENVIRONMENT.items() if key != name}

    with pytest.raises(ConfigurationError, match=name):
        Settings.from_environment(environment)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(ConfigurationError) as error:
        Settings.from_environment({"BUCKET_NAME": " ", "RETENTION_DAYS": "soon"})

    assert str(error.value).splitlines() == [
        "BUCKET_NAME is empty",
        "TABLE_NAME is not set",
        "RETENTION_DAYS must be a whole number above 0",
        "MAX_IMAGE_BYTES is not set",
        "FETCH_SECONDS is not set",
    ]


@pytest.mark.parametrize("number", ["0", "-1", "1.5", "", "ten", "1e3", "²", "٣"])
def test_numbers_are_whole_and_above_0(number: str) -> None:
    with pytest.raises(ConfigurationError, match="MAX_IMAGE_BYTES"):
        Settings.from_environment({**ENVIRONMENT, "MAX_IMAGE_BYTES": number})


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("127.0.0.1:4566", {("127.0.0.1", 4566)}),
        ("A.example:80, b.example:8080,", {("a.example", 80), ("b.example", 8080)}),
        ("[::1]:4566", {("::1", 4566)}),
    ],
)
def test_trusted_hosts_are_pairs(text: str, hosts: set[tuple[str, int]]) -> None:
    settings = Settings.from_environment({**ENVIRONMENT, "TRUSTED_IMAGE_HOSTS": text})

    assert settings.trusted_hosts == hosts


def test_nobody_is_trusted_unless_named() -> None:
    environment = {
        name: value for name, value in ENVIRONMENT.items() if name != "TRUSTED_IMAGE_HOSTS"
    }

    assert Settings.from_environment(environment).trusted_hosts == frozenset()


@pytest.mark.parametrize(
    "text",
    ["*", "a.example", "a.example:0", "a.example:65536", "http://a.example:80", ":80", "*:80"],
)
def test_trusted_hosts_are_named_in_full(text: str) -> None:
    with pytest.raises(ConfigurationError, match="TRUSTED_IMAGE_HOSTS"):
        Settings.from_environment({**ENVIRONMENT, "TRUSTED_IMAGE_HOSTS": text})
