import pytest

from lambda_common.environment import SettingsError
from submit_image.settings import Settings

ENVIRONMENT = {
    "BUCKET_NAME": "images",
    "TABLE_NAME": "ImageLabels",
    "RETENTION_DAYS": "30",
    "MAX_IMAGE_BYTES": "10485760",
    "FETCH_SECONDS": "10",
    "TRUSTED_IMAGE_HOSTS": "",
    "CONTACT_URL": "https://example.com/bot",
}
OPTIONAL = ("TRUSTED_IMAGE_HOSTS", "CONTACT_URL")


def test_the_environment_is_read() -> None:
    assert Settings.from_environment(ENVIRONMENT) == Settings(
        bucket_name="images",
        table_name="ImageLabels",
        retention_days=30,
        max_image_bytes=10_485_760,
        fetch_seconds=10,
        trusted_hosts=frozenset(),
        contact_url="https://example.com/bot",
    )


@pytest.mark.parametrize("name", [name for name in ENVIRONMENT if name not in OPTIONAL])
def test_what_is_missing_is_named(name: str) -> None:
    environment = {key: value for key, value in ENVIRONMENT.items() if key != name}

    with pytest.raises(SettingsError, match=name):
        Settings.from_environment(environment)


@pytest.mark.parametrize("name", ["RETENTION_DAYS", "MAX_IMAGE_BYTES", "FETCH_SECONDS"])
def test_numbers_are_above_0(name: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment({**ENVIRONMENT, name: "0"})


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


@pytest.mark.parametrize("contact", ["", "http://a.example/", "mailto:bots@a.example", "https://ä"])
def test_a_contact_is_a_url_or_nothing(contact: str) -> None:
    environment = {**ENVIRONMENT, "CONTACT_URL": contact}
    if contact.isascii():
        assert Settings.from_environment(environment).contact_url == contact
        return
    with pytest.raises(SettingsError, match="CONTACT_URL"):
        Settings.from_environment(environment)


@pytest.mark.parametrize(
    "contact",
    ["a.example", "https://", "https://a.example/ b", "https://a.example/(b)", "mailto:a\r\nX: y"],
)
def test_a_contact_does_not_end_its_comment(contact: str) -> None:
    with pytest.raises(SettingsError, match="CONTACT_URL"):
        Settings.from_environment({**ENVIRONMENT, "CONTACT_URL": contact})


@pytest.mark.parametrize(
    "text",
    ["*", "a.example", "a.example:0", "a.example:65536", "http://a.example:80", ":80", "*:80"],
)
def test_trusted_hosts_are_named_in_full(text: str) -> None:
    with pytest.raises(SettingsError, match="TRUSTED_IMAGE_HOSTS"):
        Settings.from_environment({**ENVIRONMENT, "TRUSTED_IMAGE_HOSTS": text})
