import socket

import pytest

from submit_image.deadline import Deadline, DeadlineSocket


class Clock:
    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_what_is_left_shrinks_with_the_clock() -> None:
    clock = Clock()
    deadline = Deadline.after(10, clock)

    clock.seconds += 4

    assert deadline.remaining() == 6


@pytest.mark.parametrize("elapsed", [10, 11])
def test_nothing_is_left_at_the_deadline_and_after_it(elapsed: float) -> None:
    clock = Clock()
    deadline = Deadline.after(10, clock)

    clock.seconds += elapsed

    with pytest.raises(TimeoutError):
        deadline.remaining()


def test_a_deadline_may_have_passed_when_it_is_made() -> None:
    with pytest.raises(TimeoutError):
        Deadline.after(-1).remaining()


def test_nothing_is_sent_after_the_deadline() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        guarded = DeadlineSocket(ours, Deadline.after(-1))

        with pytest.raises(TimeoutError):
            guarded.sendall(b"late")


def test_nothing_is_read_after_the_deadline_even_if_it_is_there() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"early")
        guarded = DeadlineSocket(ours, Deadline.after(-1))

        with pytest.raises(TimeoutError):
            guarded.receive()
