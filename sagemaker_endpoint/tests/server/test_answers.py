import json

import pytest

from sagemaker_endpoint.server.answers import (
    BUSY,
    LOADING,
    from_container,
    from_runtime,
    invoked,
    unknown_endpoint,
)
from sagemaker_endpoint.server.requests import InvocationError


class TestContainer:
    def test_an_error_says_what_is_wrong(self) -> None:
        response = from_container(InvocationError(415, "Not so."))

        assert response.status_code == 415
        assert json.loads(bytes(response.body)) == {"error": "Not so."}
        assert "retry-after" not in response.headers

    @pytest.mark.parametrize("failure", [BUSY, LOADING])
    def test_a_client_that_is_too_early_is_asked_to_retry(self, failure: InvocationError) -> None:
        response = from_container(failure)

        assert response.status_code == 503
        assert response.headers["retry-after"] == "1"


class TestRuntime:
    @pytest.mark.parametrize(
        ("status", "side", "code"),
        [
            (400, "client", "CLIENT_ERROR_FROM_MODEL"),
            (415, "client", "CLIENT_ERROR_FROM_MODEL"),
            (500, "server", "SERVER_ERROR_FROM_MODEL"),
        ],
    )
    def test_what_the_container_refuses_is_a_model_error(
        self, status: int, side: str, code: str
    ) -> None:
        response = from_runtime(InvocationError(status, "Not so."))

        assert response.status_code == 424
        assert response.headers["x-amzn-errortype"] == "ModelError"
        assert response.headers["x-amzn-requestid"]
        assert json.loads(bytes(response.body)) == {
            "Message": f'Received {side} error ({status}) from primary with message "Not so.".',
            "ErrorCode": code,
            "OriginalStatusCode": status,
            "OriginalMessage": "Not so.",
        }

    @pytest.mark.parametrize(
        ("failure", "status", "type_"),
        [(BUSY, 400, "ThrottlingException"), (LOADING, 429, "ModelNotReadyException")],
    )
    def test_what_passes_is_not_the_models_fault(
        self, failure: InvocationError, status: int, type_: str
    ) -> None:
        response = from_runtime(failure)

        assert response.status_code == status
        assert response.headers["x-amzn-errortype"] == type_

    def test_a_payload_beyond_the_limit_does_not_reach_the_model(self) -> None:
        response = from_runtime(InvocationError(413, "Too much."))

        assert response.status_code == 413
        assert json.loads(bytes(response.body)) == {"Message": "Too much."}

    def test_an_unknown_endpoint_is_a_validation_error(self) -> None:
        response = unknown_endpoint("Elsewhere")

        assert response.status_code == 400
        assert response.headers["x-amzn-errortype"] == "ValidationError"
        assert json.loads(bytes(response.body)) == {"Message": "Endpoint Elsewhere not found."}

    def test_an_answer_says_who_gave_it(self) -> None:
        response = invoked(from_container(InvocationError(400, "Not so.")))

        assert response.headers["x-amzn-invoked-production-variant"] == "AllTraffic"
        assert response.headers["x-amzn-requestid"]
