"""Where the components are."""

from pathlib import Path

HOUSE = Path(__file__).parents[1]

# In the order in which they are deployed.
COMPONENTS = (
    "sagemaker_endpoint",
    "s3_infra",
    "dynamodb_infra",
    "submit_image",
    "get_image_label",
    "invoke_labeller",
    "system_tests",
    "cloudwatch_alarms",
)
