"""The sweep can be run on command."""

from system_tests.system import System


def test_says_what_it_swept_up(system: System) -> None:
    answer = system.sweep_function.invoke({})
    assert answer.problem is None, answer
    assert set(answer.body) == {"Swept", "Failed"}
    assert all(isinstance(number, int) and number >= 0 for number in answer.body.values())
