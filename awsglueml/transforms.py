"""The transforms that need AWS's own models: importable, but using one raises NotImplementedError.

Pages: https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-findmatches.html and the
pages next to it, https://docs.aws.amazon.com/glue/latest/dg/detect-PII.html
"""

from typing import Any, NoReturn


def _refusing(name: str) -> type:
    def refused(*args: Any, **kwargs: Any) -> NoReturn:
        raise NotImplementedError(f"awsglueml.transforms.{name} is not emulated: it needs AWS's own models")

    return type(name, (), {"__new__": refused, "apply": staticmethod(refused)})


EntityDetector = _refusing("EntityDetector")
FillMissingValues = _refusing("FillMissingValues")
FindIncrementalMatches = _refusing("FindIncrementalMatches")
FindMatches = _refusing("FindMatches")
