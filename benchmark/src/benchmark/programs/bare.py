"""Classifies pictures without a server: a loop of decoding and ONNX Runtime, in one process.

It runs in the inference server's environment and imports nothing of this project, so that it stays
the same reference whatever the server does. Lines of JSON tell it what to do, and get answers:

    {"pictures": [file, …]}                 reads them
    {"seconds": 2.0}                        classifies for so long: how many, and processor time
    {"count": 40}                           classifies so many: the time of each
    {"decode": 10}                          decodes so many, and no more: processor time of all
"""

import io
import json
import sys
import tarfile
import time
from typing import Any

import numpy as np
import onnxruntime as ort
from PIL import Image

# Pixels of the shorter side that are enough, as the labeller has them.
ENOUGH = 352


class Bare:
    """A model, and how its pictures are prepared."""

    def __init__(self, package: str) -> None:
        """Load the model package: a directory is what SageMaker unpacks, an archive what it gets.

        Args:
            package: Path of a model.tar.gz.
        """
        with tarfile.open(package) as archive:
            files = {
                member.name.removeprefix("./"): file.read()
                for member in archive
                if (file := archive.extractfile(member))
            }
        description = json.loads(files["model.json"])
        self.how = description["preprocessing"]
        self.size = description["input"]["size"]
        self.first_channels = description["input"]["layout"] == "NCHW"
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self.session = ort.InferenceSession(
            files["model.onnx"], options, providers=["CPUExecutionProvider"]
        )
        self.input = self.session.get_inputs()[0].name
        # Subtraction and division as one multiplication and one addition.
        deviation = np.array(self.how.get("std", [1, 1, 1]), np.float32)
        self.scale = 1 / deviation
        self.shift = -np.array(self.how.get("mean", [0, 0, 0]), np.float32) / deviation

    def classify(self, data: bytes) -> Any:
        """Return the most probable class of a picture."""
        file = Image.open(io.BytesIO(data))
        file.draft("RGB", (self.size, self.size))
        picture: Image.Image = file
        if self.how["crop"] == "center":
            picture = picture.crop(self.box(*picture.size))
        resampling = Image.Resampling[self.how["resampling"].upper()]
        small = picture.convert("RGB").resize((self.size, self.size), resampling)
        pixels = np.asarray(small) * self.scale + self.shift
        if self.first_channels:
            pixels = np.ascontiguousarray(pixels.transpose(2, 0, 1))
        (scores,) = self.session.run(None, {self.input: pixels[np.newaxis]})[:1]
        return scores.argmax()

    def box(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Return the centred square that is scaled to the model's input."""
        side = int(self.how.get("crop_fraction", 1.0) * min(width, height))
        left, upper = (width - side) // 2, (height - side) // 2
        return left, upper, left + side, upper + side


def main() -> None:
    """Do what each line says, until there is none."""
    bare = Bare(sys.argv[1])
    pictures: list[bytes] = []
    for line in sys.stdin:
        request = json.loads(line)
        answer: dict[str, Any] = {}
        if "pictures" in request:
            for name in request["pictures"]:
                with open(name, "rb") as file:  # one import fewer
                    pictures.append(file.read())
            bare.classify(pictures[0])
        elif "seconds" in request:
            answer = during(bare, pictures, request["seconds"])
        elif "decode" in request:
            answer = decoding(pictures, request["decode"])
        else:
            answer = times(bare, pictures, request["count"])
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def during(bare: Bare, pictures: list[bytes], seconds: float) -> dict[str, float]:
    """Classify for some seconds."""
    began, processor, count = time.perf_counter(), time.process_time(), 0
    while time.perf_counter() - began < seconds:
        bare.classify(pictures[count % len(pictures)])
        count += 1
    return {
        "count": count,
        "seconds": time.perf_counter() - began,
        "processor": time.process_time() - processor,
    }


def times(bare: Bare, pictures: list[bytes], count: int) -> dict[str, list[float]]:
    """Classify some pictures and take the time of each."""
    found = []
    for number in range(count):
        began = time.perf_counter()
        bare.classify(pictures[number % len(pictures)])
        found.append(time.perf_counter() - began)
    return {"times": found}


def decoding(pictures: list[bytes], count: int) -> dict[str, float]:
    """Decode some pictures, at a fraction of their size where that is enough."""
    processor = time.process_time()
    for number in range(count):
        picture = Image.open(io.BytesIO(pictures[number % len(pictures)]))
        picture.draft("RGB", (ENOUGH, ENOUGH))
        picture.load()
    return {"processor": time.process_time() - processor}


if __name__ == "__main__":
    main()
