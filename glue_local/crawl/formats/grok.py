"""Text files whose lines match a grok pattern.

https://docs.aws.amazon.com/glue/latest/dg/custom-classifier.html#custom-classifier-grok
"""

from dataclasses import dataclass

import regex

from glue_local.crawl.formats.found import Found
from glue_local.crawl.formats.text import decoded
from glue_local.crawl.sample import Sample
from glue_local.crawl.types import Columns
from glue_local.crawler_runs.grok import parse_grok

_MOST_LINES = 1000
_SECONDS = 0.2
"""The time that a pattern may take for a line before the line counts as one that does not match."""
_MOST_TIMEOUTS = 3


@dataclass
class Lines:
    """A grok pattern that is matched with whole lines."""

    classification: str
    pattern: str
    custom: str = ""

    def __post_init__(self) -> None:
        """Compile the pattern, which CreateClassifier has checked."""
        parsed = parse_grok(self.pattern, self.custom)
        self._regex = regex.compile(parsed.regex)
        self._columns: Columns = dict(parsed.columns)

    def recognise(self, sample: Sample) -> Found | None:
        """Return the fields of the pattern, with the share of the matching lines as the certainty; None if none matches."""
        lines = sampled_lines(sample)
        share = self.share(lines)
        if not share:
            return None
        size = sum(len(line.encode()) + 1 for line in lines) / len(lines)
        is_whole = sample.is_complete and len(lines) < _MOST_LINES
        records = len(lines) if is_whole else len(sample.head) / size * sample.size / sample.read
        serde = {"input.format": self.pattern, **({"input.grokCustomPatterns": self.custom} if self.custom else {})}
        return Found(
            self.classification,
            sample.compression,
            dict(self._columns),
            records,
            size,
            serde,
            {"grokPattern": self.pattern},
            (self.pattern, self.custom),
            "grok",
            share,
        )

    def share(self, lines: list[str]) -> float:
        """Return which part of the lines matches."""
        matching = timeouts = 0
        for line in lines:
            try:
                matching += self._regex.fullmatch(line, timeout=_SECONDS) is not None
            except TimeoutError:
                timeouts += 1
                if timeouts == _MOST_TIMEOUTS:
                    return 0.0
        return matching / len(lines) if lines else 0.0


def sampled_lines(sample: Sample) -> list[str]:
    """Return the first lines of a text that are not empty, without one that is cut; none if it is not text."""
    text = decoded(sample)
    if not text:
        return []
    # Not splitlines, which splits at control characters too.
    lines = text.replace("\r\n", "\n").split("\n")
    if not sample.is_complete and len(lines) > 1:
        lines = lines[:-1]
    return [line for line in lines if line.strip()][:_MOST_LINES]
