"""MiniStack works in memory: what it keeps (`KEEP=yes`) is written when it is stopped."""

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace

import psutil
import pytest

from local_aws import Cloud
from local_aws.servers.plans import ENDPOINT, MINISTACK
from tests.conftest import settings_in
from tests.gaps.conftest import World, unique

# Nothing here asks moto, which takes as long to start as both.
SERVERS = (ENDPOINT, MINISTACK)


class Held:
    """A bucket and a table with a stream: pictures and rows in small."""

    def __init__(self, cloud: Cloud) -> None:
        world = World(cloud)
        self._s3, self._dynamodb = world.client("s3"), world.client("dynamodb")
        self._streams = world.client("dynamodbstreams")

    def create(self) -> None:
        self._s3.create_bucket(
            Bucket="pictures", CreateBucketConfiguration={"LocationConstraint": "us-west-1"}
        )
        self._dynamodb.create_table(
            TableName="rows",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "Id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "Id", "KeyType": "HASH"}],
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        )

    def put(self, key: str) -> None:
        self._s3.put_object(Bucket="pictures", Key=key, Body=key.encode())
        self._dynamodb.put_item(TableName="rows", Item={"Id": {"S": key}})

    def pictures(self) -> list[str]:
        return [o["Key"] for o in self._s3.list_objects_v2(Bucket="pictures").get("Contents", [])]

    def rows(self) -> list[str]:
        return sorted(item["Id"]["S"] for item in self._dynamodb.scan(TableName="rows")["Items"])

    def everything(self) -> tuple[list[str], ...]:
        return self.pictures(), self.rows(), self.records()

    def records(self) -> list[str]:
        arn = self._dynamodb.describe_table(TableName="rows")["Table"]["LatestStreamArn"]
        shards = self._streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
        iterators = [
            self._streams.get_shard_iterator(
                StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
            )["ShardIterator"]
            for shard in shards
        ]
        pages = [self._streams.get_records(ShardIterator=each)["Records"] for each in iterators]
        return [record["dynamodb"]["Keys"]["Id"]["S"] for page in pages for record in page]


@pytest.fixture(scope="module")
def keeping(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """A cloud of its own that keeps what it holds."""
    settings = settings_in(tmp_path_factory.mktemp("keeping"))
    cloud = Cloud(replace(settings, keep=True))
    cloud.up(SERVERS)
    try:
        Held(cloud).create()
        yield cloud
    finally:
        cloud.down()


def stopped(cloud: Cloud) -> None:
    cloud.down()


def terminated(cloud: Cloud) -> None:
    """Do as a machine does that shuts down."""
    process = psutil.Process(cloud.server(MINISTACK).process.pid)
    process.terminate()
    psutil.wait_procs([process], timeout=30)


@pytest.mark.parametrize("stop", [stopped, terminated])
def test_what_is_stopped_holds_the_same_when_it_starts_again(
    keeping: Cloud, stop: Callable[[Cloud], None]
) -> None:
    before, after = unique("before"), unique("later")
    Held(keeping).put(before)

    stop(keeping)
    keeping.up(SERVERS)

    Held(keeping).put(after)
    assert [before in each for each in Held(keeping).everything()] == [True] * 3
    # The stream goes on after what it held: MiniStack alone keeps only how far it was read.
    assert Held(keeping).records()[-2:] == [before, after]


def test_a_kill_loses_what_came_since_the_last_stop_and_that_whole(keeping: Cloud) -> None:
    before, after = unique("before"), unique("later")
    Held(keeping).put(before)
    keeping.down()
    keeping.up(SERVERS)
    Held(keeping).put(after)

    os.kill(keeping.server(MINISTACK).process.pid, signal.SIGKILL)
    keeping.up(SERVERS)

    assert [before in each for each in Held(keeping).everything()] == [True] * 3
    assert [after in each for each in Held(keeping).everything()] == [False] * 3
