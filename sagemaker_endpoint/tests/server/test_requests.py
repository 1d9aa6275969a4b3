import pytest

from sagemaker_endpoint.server.requests import Accepted, InvocationError


class TestAccept:
    @pytest.mark.parametrize(
        "header",
        [
            "application/json;verbose",
            "application/json; verbose",
            "Application/JSON;Verbose",
            "application/json;q=0.5;verbose",
            "text/csv, application/json;verbose",
        ],
    )
    def test_labels_are_given_to_who_asks_for_them(self, header: str) -> None:
        assert Accepted.from_header(header).verbose

    @pytest.mark.parametrize("header", ["", "*/*", "application/json", "application/*;q=0.1"])
    def test_others_get_probabilities(self, header: str) -> None:
        assert not Accepted.from_header(header).verbose

    @pytest.mark.parametrize("header", ["text/csv", "application/jsonlines", "json", "image/*"])
    def test_nothing_else_is_given(self, header: str) -> None:
        with pytest.raises(InvocationError) as refusal:
            Accepted.from_header(header)
        assert refusal.value.status == 406
