"""The content of an object."""

import gzip

from glue_local.delivery.rendering import body

NEWLINE = {
    "ProcessingConfiguration": {
        "Enabled": True,
        "Processors": [
            {
                "Type": "AppendDelimiterToRecord",
                "Parameters": [{"ParameterName": "Delimiter", "ParameterValue": "\\n"}],
            }
        ],
    }
}


def test_records_are_joined_with_or_without_a_delimiter() -> None:
    assert body([b"a", b"b"], {}) == (b"ab", "", "")
    assert body([b"a", b"b"], NEWLINE) == (b"a\nb\n", "", "")


def test_gzip_and_its_suffix() -> None:
    content, *said = body([b"a", b"b"], {"CompressionFormat": "GZIP"})
    assert (gzip.decompress(content), said) == (b"ab", [".gz", "gzip"])
    assert body([b"a"], {"CompressionFormat": "GZIP", "FileExtension": ".json.gz"})[1] == ".json.gz"
