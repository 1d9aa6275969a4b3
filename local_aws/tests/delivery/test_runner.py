"""A pipeline is run as it is written, and passed and failed steps are distinguished."""

import signal
import threading
import time
from pathlib import Path

import psutil
import pytest

from local_aws.delivery.runner import Run, run

PIPELINE = """\
image: python:3.13
pipelines:
  branches:
    main:
      - step:
          name: Package
          script:
            - mkdir build && date +%N > build/package.txt
          artifacts: [build/*.*]
      - step:
          name: Test us-west-1
          script:
            - export REGION=us-west-1
            - cat build/package.txt > first
            - 'echo "System tests: passed in $REGION."'
      - step:
          name: Approve
          trigger: manual
          script: [echo approved]
      - parallel:
          - step:
              name: Production us-west-2
              script:
                - cat build/package.txt > second
                - "printf 'half a line '; echo 'System tests: switched off in us-west-2 (…)'"
          - step:
              name: Production us-east-1
              script: [LAST]
  custom:
    first-deploy:
      - step:
          name: Package
          script: [echo "$GREETING", "exit $STATUS"]
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository whose pipeline deploys nothing."""
    repository = tmp_path / "repos" / "store"
    repository.mkdir(parents=True)
    (repository / "bitbucket-pipelines.yml").write_text(PIPELINE.replace("LAST", "echo fine"))
    return repository


def running(repository: Path, target: str = "branches.main", **environment: str) -> Run:
    """Run the repository's pipeline."""
    log = repository.parent / "log" / "store.log"
    return run(repository, target, "c0ffee", {"PATH": "/usr/bin:/bin"} | environment, log)


def test_steps_pass_their_artifacts_on_and_manual_gates_are_open(repository: Path) -> None:
    ran = running(repository)

    assert ran.passed
    assert ran.failed == ()
    assert (repository / "first").read_text() == (repository / "second").read_text()


def test_what_the_system_tests_said_is_read_by_region(repository: Path) -> None:
    assert running(repository).system_tests == {"us-west-1": "passed", "us-west-2": "switched off"}


def test_the_step_that_failed_in_a_parallel_group_is_named(repository: Path) -> None:
    (repository / "bitbucket-pipelines.yml").write_text(PIPELINE.replace("LAST", "echo no; exit 3"))

    ran = running(repository)

    assert not ran.passed
    assert ran.failed == ("Production us-east-1",)


def test_the_step_that_failed_by_itself_is_named_and_its_words_end_the_log(
    repository: Path,
) -> None:
    ran = running(repository, "custom.first-deploy", STATUS="4", GREETING="good day")

    assert not ran.passed
    assert ran.failed == ("Package",)
    assert "good day" in ran.tail


def test_a_pipeline_that_does_not_exist_fails(repository: Path) -> None:
    ran = running(repository, "custom.second-deploy")

    assert not ran.passed
    assert "No steps found" in ran.tail


def test_steps_see_the_given_environment_alone(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GREETING", "not meant for you")

    ran = running(repository, "custom.first-deploy", STATUS="0")

    assert ran.passed
    assert "not meant for you" not in ran.log


def test_an_interruption_stops_the_steps_too(repository: Path) -> None:
    # given a step that would go on for long
    endless = "echo $$ > started && exec sleep 98765"
    (repository / "bitbucket-pipelines.yml").write_text(PIPELINE.replace("LAST", endless))
    started = repository / "started"

    def interrupt_once_it_runs() -> None:
        deadline = time.monotonic() + 40
        while time.monotonic() < deadline and not (started.exists() and started.read_text()):
            time.sleep(0.05)
        # A signal interrupts the wait of the thread that it is sent to.
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    # when the delivery is interrupted meanwhile
    threading.Thread(target=interrupt_once_it_runs).start()
    with pytest.raises(KeyboardInterrupt):
        running(repository)

    # then nothing of it is left
    assert not psutil.pid_exists(int(started.read_text()))
