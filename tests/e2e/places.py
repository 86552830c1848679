"""Every place of a running stack that keeps something, read from outside as its owner would read it.

Left out are the customers' own mailboxes and phones, for which the inbox stands; what the emulated phone network says
of what it carries; and the emulator's files, which are the disk under the tables. What only grows (logs, streams) is
read from where the story began.
"""

import json
import re
import time
from collections.abc import Collection, Iterable, Iterator
from urllib.parse import quote

from infra.local.aws import Aws
from tests.e2e.bus import Bus
from tests.e2e.outside import Outside, call

CUSTOMER_PROFILE, PROMISER_PROFILE = "the profile of a customer", "the profile of a promiser"
# Where a piece stands, and the piece.
Kept = tuple[str, str]
_PHONE_NETWORK = re.compile(r"\[sns\] SNS (?:SMS to |publish to \S*:\S*SmsReplies)")
_PROFILES = {"C": CUSTOMER_PROFILE, "B": PROMISER_PROFILE}


class Places:
    """One stack's stores, queues, streams, logs, events, metrics and settings, and what its operators were told."""

    def __init__(self, outside: Outside, bus: Bus) -> None:
        self._outside = outside
        self._bus = bus
        aws = Aws(outside.stack.aws)
        self._tables, self._streams = aws.client("dynamodb"), aws.client("dynamodbstreams")
        self._logs, self._metrics = aws.client("logs"), aws.client("cloudwatch")
        self._secrets, self._functions = aws.client("secretsmanager"), aws.client("lambda")
        self._files, self._parameters = aws.client("s3"), aws.client("ssm")
        self._iterators: dict[str, str] = {}
        self.begin()

    def begin(self) -> None:
        """Take this for the moment at which a story begins."""
        self._since_ms = int(time.time() * 1000)
        self._records: list[str] = []
        self._log_files = [self._outside.stack.state / name for name in ("emulator.log", "stack.log")]
        self._read_to = [each.stat().st_size if each.exists() else 0 for each in self._log_files]

    def ended(self, function: str) -> int:
        """How many runs of a function have ended since the story began, as its log says."""
        return sum(line.startswith("END RequestId") for line in self._logged(f"/kept/local/{function}"))

    def kept(self) -> Iterator[Kept]:
        """Everything that is kept, each piece with where it stands."""
        yield from self._items()
        yield from self._messages()
        yield from (("a stream", record) for record in self._streamed())
        yield from self._lines()
        yield "the bus", _text(list(self._bus.heard_all().values()))
        yield "what operators were told", _text(self._outside.operators_hear())
        for page in self._metrics.get_paginator("list_metrics").paginate():
            yield "metrics", _text(page["Metrics"])
        yield "alarms", _text(self._metrics.describe_alarms())
        yield "functions' settings", _text(self._functions.list_functions())
        for secret in self._secrets.list_secrets()["SecretList"]:
            yield "secrets", _text(self._secrets.get_secret_value(SecretId=secret["ARN"])["SecretString"])
        for parameter in self._parameters.describe_parameters()["Parameters"]:
            yield "parameters", _text(self._parameters.get_parameter(Name=parameter["Name"])["Parameter"]["Value"])
        yield from self._stored_files()

    def _items(self) -> Iterator[Kept]:
        for table in self._tables.list_tables()["TableNames"]:
            for page in self._tables.get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
                for item in page["Items"]:
                    pk, sk = (item.get(name, {}).get("S", "") for name in ("pk", "sk"))
                    where = _PROFILES.get(pk.partition("#")[0]) if sk == "PROFILE" else None
                    yield where or f"{table} {pk} {sk}", _text(item)

    def _messages(self) -> Iterator[Kept]:
        """Every message of every queue, also of those that wait or are in somebody's hands; looking takes none."""
        for regions in call(f"{self._outside.stack.aws}/_ministack/sqs/messages").json["messages"].values():
            for queues in regions.values():
                yield from ((f"queue {url}", _text(messages)) for url, messages in queues.items() if "ear-" not in url)

    def _streamed(self) -> list[str]:
        for stream in self._streams.list_streams()["Streams"]:
            arn = stream["StreamArn"]
            for shard in self._streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
                self._read_on(arn, shard["ShardId"])
        return self._records

    def _read_on(self, arn: str, shard: str) -> None:
        at = self._iterators.get(arn + shard)
        if at is None:
            begin = {"StreamArn": arn, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"}
            at = self._streams.get_shard_iterator(**begin)["ShardIterator"]
        while at:
            page = self._streams.get_records(ShardIterator=at)
            self._records += map(_text, page["Records"])
            self._iterators[arn + shard] = at
            at = page.get("NextShardIterator") if page["Records"] else None

    def _lines(self) -> Iterator[Kept]:
        for group in self._logs.describe_log_groups()["logGroups"]:
            name = group["logGroupName"]
            yield from ((f"log {name}", line) for line in self._logged(name))
        for file, start in zip(self._log_files, self._read_to, strict=True):
            written = file.read_bytes()[start:].decode(errors="replace") if file.exists() else ""
            yield from ((f"log {file.name}", line) for line in written.splitlines() if not _PHONE_NETWORK.search(line))

    def _logged(self, group: str) -> Iterator[str]:
        pages = self._logs.get_paginator("filter_log_events").paginate(logGroupName=group, startTime=self._since_ms)
        yield from (event["message"] for page in pages for event in page["events"])

    def _stored_files(self) -> Iterator[Kept]:
        """Files but for the package, which is ours."""
        for bucket in self._files.list_buckets()["Buckets"]:
            for each in self._files.list_objects_v2(Bucket=bucket["Name"]).get("Contents", ()):
                if not each["Key"].endswith(".zip"):
                    body = self._files.get_object(Bucket=bucket["Name"], Key=each["Key"])["Body"].read()
                    yield f"file {each['Key']}", body.decode()


def holding(words: Collection[str], kept: Iterable[Kept]) -> dict[str, set[str]]:
    """Return where any of these words stands, as it is or as an address writes it, and which of them."""
    if not words:
        return {}
    every = {form for word in words for form in (word, quote(word), quote(word, safe=""))}
    pattern = re.compile("|".join(map(re.escape, sorted(every, key=len, reverse=True))), re.IGNORECASE)
    found: dict[str, set[str]] = {}
    for where, text in kept:
        if some := set(pattern.findall(text)):
            found.setdefault(where, set()).update(some)
    return found


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
