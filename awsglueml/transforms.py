"""The transforms that stand on models of AWS's own: they import, and fail with their names when they are used.

Pages: https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-findmatches.html and its
neighbours, https://docs.aws.amazon.com/glue/latest/dg/detect-PII.html
"""

from typing import Any, NoReturn


def _refusing(name: str) -> type:
    def refused(*args: Any, **kwargs: Any) -> NoReturn:
        raise NotImplementedError(f"awsglueml.transforms.{name} is not emulated: its models are AWS's own")

    return type(name, (), {"__new__": refused, "apply": staticmethod(refused)})


EntityDetector = _refusing("EntityDetector")
FillMissingValues = _refusing("FillMissingValues")
FindIncrementalMatches = _refusing("FindIncrementalMatches")
FindMatches = _refusing("FindMatches")
