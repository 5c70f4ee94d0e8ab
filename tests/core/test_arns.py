"""ARNs."""

from glue_local.core import arns


def test_glue_and_firehose_resources() -> None:
    where = ("eu-west-1", "111122223333")
    assert arns.database(*where, "traffic") == "arn:aws:glue:eu-west-1:111122223333:database/traffic"
    assert arns.table(*where, "traffic", "events") == "arn:aws:glue:eu-west-1:111122223333:table/traffic/events"
    assert arns.job(*where, "repartition") == "arn:aws:glue:eu-west-1:111122223333:job/repartition"
    assert arns.delivery_stream(*where, "raw") == "arn:aws:firehose:eu-west-1:111122223333:deliverystream/raw"
