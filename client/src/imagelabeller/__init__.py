"""Client of ImageLabeller's API: what is in a picture.

```python
from imagelabeller import ApiKey, Client, Connection

with Client(Connection.at("https://d1.cloudfront.net", ApiKey("…"))) as client:
    for label in client.label_file("cat.jpg").labels:
        print(f"{label.confidence:.1%} {label.name}")
```
"""

from imagelabeller.auth import Anonymous, ApiKey, AuthMode, SigV4
from imagelabeller.client import Client, Connection
from imagelabeller.errors import (
    AnswerLostError,
    ConfigurationError,
    FileError,
    ForbiddenError,
    ImageLabellerError,
    ImageNotAvailableError,
    ImageTooLargeError,
    InvalidImageError,
    InvalidRequestError,
    InvalidUrlError,
    LabellingFailedError,
    NotLabelledInTimeError,
    ProblemError,
    ServiceError,
    ThrottledError,
    UnknownImageError,
    UnreachableError,
    UnsupportedImageError,
    UploadExpiredError,
    UploadRefusedError,
)
from imagelabeller.results import Image, Label, Model, Status, Upload

__version__ = "1.0.0"

__all__ = [
    "Anonymous",
    "AnswerLostError",
    "ApiKey",
    "AuthMode",
    "Client",
    "ConfigurationError",
    "Connection",
    "FileError",
    "ForbiddenError",
    "Image",
    "ImageLabellerError",
    "ImageNotAvailableError",
    "ImageTooLargeError",
    "InvalidImageError",
    "InvalidRequestError",
    "InvalidUrlError",
    "Label",
    "LabellingFailedError",
    "Model",
    "NotLabelledInTimeError",
    "ProblemError",
    "ServiceError",
    "SigV4",
    "Status",
    "ThrottledError",
    "UnknownImageError",
    "UnreachableError",
    "UnsupportedImageError",
    "Upload",
    "UploadExpiredError",
    "UploadRefusedError",
]
