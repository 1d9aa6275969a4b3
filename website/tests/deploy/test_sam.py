"""The SAM CLI, run in this process."""

from pathlib import Path

import pytest
import yaml

from deploy import parameters, sam

TEMPLATE = Path(__file__).parents[2] / "template.yml"


def test_it_is_the_sam_cli_and_its_exit_status(capfd: pytest.CaptureFixture[str]) -> None:
    assert sam.command(["--version"]) == 0
    assert sam.command(["deploy", "--no-such-option"]) == 2

    said = capfd.readouterr()
    assert said.out.startswith("SAM CLI, version")
    assert "--no-such-option" in said.err


@pytest.mark.skipif(not TEMPLATE.exists(), reason="this component has no template")
def test_what_libyaml_reads_is_what_the_other_parser_reads() -> None:
    text = TEMPLATE.read_text(encoding="utf-8")

    fast = yaml.load(text, parameters.LOADER)  # noqa: S506 # nosec B506 # makes texts, lists and maps alone
    slow = yaml.load(text, yaml.BaseLoader)  # noqa: S506 # nosec B506 # makes texts, lists and maps alone

    assert fast == slow
