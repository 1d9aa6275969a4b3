import asyncio
import threading

import numpy as np
import pytest
from numpy.typing import NDArray

from sagemaker_endpoint.server.model import Model, NotReadyError, OverloadedError
from tests.server.fakes import FakeClassifier


def test_nothing_is_admitted_before_the_model_is_loaded() -> None:
    model = Model(FakeClassifier, workers=1, queue=0)

    with pytest.raises(NotReadyError), model.admission():
        pass


def test_a_loaded_model_is_admitted_to() -> None:
    async def scenario() -> NDArray[np.float32]:
        model = Model(FakeClassifier, workers=1, queue=0)
        await model.start()
        with model.admission() as classifier:
            return await model.run(lambda: classifier.classify(b"image"))

    assert asyncio.run(scenario()).tolist() == [0.25, 0.75]


def test_no_more_are_admitted_than_work_and_wait() -> None:
    async def scenario() -> None:
        model = Model(FakeClassifier, workers=1, queue=1)
        await model.start()
        with (
            model.admission(),
            model.admission(),
            pytest.raises(OverloadedError),
            model.admission(),
        ):
            pass

        # then, once they are done, others are
        with model.admission(), model.admission():
            pass

    asyncio.run(scenario())


def test_a_request_that_fails_gives_its_place_back() -> None:
    async def scenario() -> None:
        model = Model(FakeClassifier, workers=1, queue=0)
        await model.start()
        for _ in range(3):
            with pytest.raises(ZeroDivisionError), model.admission():
                await model.run(lambda: 1 // 0)

    asyncio.run(scenario())


def test_as_many_images_are_classified_at_once_as_there_are_workers() -> None:
    together = threading.Barrier(2, timeout=60)

    async def scenario() -> None:
        model = Model(FakeClassifier, workers=2, queue=0)
        await model.start()
        await asyncio.gather(*(model.run(together.wait) for _ in range(2)))
        model.close()

    asyncio.run(scenario())


def test_the_event_loop_goes_on_while_the_model_is_loaded() -> None:
    permission = threading.Event()

    def load() -> FakeClassifier:
        assert permission.wait(60)
        return FakeClassifier()

    async def scenario() -> None:
        model = Model(load, workers=1, queue=0)
        loading = asyncio.create_task(model.start())
        await asyncio.sleep(0)
        assert model.classifier is None
        permission.set()
        await loading
        assert model.classifier is not None

    asyncio.run(scenario())
