"""Every way into Kept: the HTTP blueprints, and one line for each schedule, queue and stream."""

from typing import Any

from chalice.app import Chalice, CloudWatchEvent, Cron, DynamoDBEvent, Rate, SNSEvent, SQSEvent

from chalicelib import bootstrap
from chalicelib.entrypoints import jobs
from chalicelib.entrypoints.pages import pages
from chalicelib.entrypoints.reads import reads
from chalicelib.entrypoints.receipts import receipts
from chalicelib.entrypoints.report import reporting
from chalicelib.entrypoints.webhooks import webhooks

app = Chalice(app_name="kept", configure_logs=False)
app.register_blueprint(webhooks)
app.register_blueprint(pages)
app.register_blueprint(reads)
app.register_blueprint(reporting)
app.register_blueprint(receipts)

# The queue, the topic and the streams live in the same template, so their real ARNs are set by infra/template.
STATUSES_IN_TEMPLATE = "arn:aws:sns:us-east-1:000000000000:set-by-infra-template"
REPLIES_IN_TEMPLATE = "arn:aws:sns:us-east-1:000000000000:set-by-infra-template"
IN_TEMPLATE = "arn:aws:sqs:us-east-1:000000000000:set-by-infra-template"


@app.schedule(Rate(1, unit=Rate.MINUTES))
def sweep(event: CloudWatchEvent) -> Any:
    return jobs.sweep(event, bootstrap.services())


@app.schedule(Rate(1, unit=Rate.MINUTES))
def watch(event: CloudWatchEvent) -> Any:
    return jobs.watch(event, bootstrap.services())


# One round a night; what a run leaves unfinished the next one carries on, and after that they have nothing to do.
@app.schedule(Cron("0/15", "2-5", "*", "*", "?", "*"))
def nightly(event: CloudWatchEvent) -> Any:
    return jobs.nightly(event, bootstrap.services())


@app.on_sqs_message(queue_arn=IN_TEMPLATE, batch_size=10)
def ring(event: SQSEvent) -> Any:
    return jobs.ring(event, bootstrap.services())


@app.on_sns_message(topic=REPLIES_IN_TEMPLATE)
def sms_reply(event: SNSEvent) -> Any:
    return jobs.sms_reply(event, bootstrap.services())


@app.on_sns_message(topic=STATUSES_IN_TEMPLATE)
def sms_status(event: SNSEvent) -> Any:
    return jobs.sms_status(event, bootstrap.services())


@app.on_dynamodb_record(stream_arn="arn:aws:dynamodb:us-east-1:000000000000:table/clocks/stream/x", batch_size=100)
def rescue(event: DynamoDBEvent) -> Any:
    return jobs.rescue(event, bootstrap.services())


@app.on_dynamodb_record(stream_arn="arn:aws:dynamodb:us-east-1:000000000000:table/promises/stream/x", batch_size=100)
def publish(event: DynamoDBEvent) -> Any:
    return jobs.publish(event, bootstrap.services())


@app.lambda_function()
def rebuild_ledgers(event: dict[str, Any], context: Any) -> Any:
    return jobs.rebuild_ledgers(event, context.get_remaining_time_in_millis, bootstrap.services())
