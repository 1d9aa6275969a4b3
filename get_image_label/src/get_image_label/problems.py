"""What can go wrong with a look-up, in addition to what can with any request.

Problem
├── InvalidImageId 400  not the text of a UUID
└── UnknownImage   404  no such image, or no longer
"""

from lambda_common.problems import Problem


class InvalidImageId(Problem):
    """What was passed as an image's id cannot be one."""

    slug, title, status = "invalid-image-id", "The image id is not valid", 400


class UnknownImage(Problem):
    """No image has this id, or its time of retention is over."""

    slug, title, status = "unknown-image", "The image is unknown", 404
