"""XML of the built-in classifier: https://docs.aws.amazon.com/glue/latest/dg/add-classifier.html#classifier-built-in."""

from tests.crawl.conftest import Lake, columns


def test_the_root_is_the_row(lake: Lake) -> None:
    lake.put({"data/a.xml": '<?xml version="1.0"?><trips day="1"><trip n="1">a</trip><trip n="2">b</trip></trips>'})
    lake.crawl()
    table = lake.table()
    assert columns(table) == {"trip": "array<struct<_n:bigint,_VALUE:string>>", "_day": "bigint"}
    assert table["Parameters"]["classification"] == "xml"
    assert table["StorageDescriptor"]["SerdeInfo"] == {"Parameters": {"rowTag": "trips"}}


def test_elements_that_repeat_in_some_rows_are_arrays(lake: Lake) -> None:
    lake.glue.create_classifier(XMLClassifier={"Name": f"rows-{lake.bucket}", "Classification": "xml", "RowTag": "r"})
    rows = "<r><a>1</a><b/></r><r><a>2</a><a>3.5</a><b><c>x</c></b></r><r><b><c>true</c><c>y</c></b></r>"
    lake.put({"data/a.xml": f"<rows>{rows}</rows>"})
    lake.crawl(Classifiers=[f"rows-{lake.bucket}"])
    assert columns(lake.table()) == {"a": "array<double>", "b": "struct<c:array<string>>"}


def test_a_file_that_is_not_well_formed_is_unknown(lake: Lake) -> None:
    lake.put({"data/a.xml": '<?xml version="1.0"?><a><b></a>'})
    lake.crawl()
    assert lake.table()["Parameters"]["classification"] == "UNKNOWN"


def test_the_beginning_of_a_large_file_decides(lake: Lake) -> None:
    rows = "".join(f"<row><id>{at}</id><text>{'x' * 100}</text></row>" for at in range(20_000))
    lake.put({"data/a.xml": f'<?xml version="1.0"?><rows>{rows}</rows>'})
    lake.crawl()
    assert columns(lake.table()) == {"row": "array<struct<id:bigint,text:string>>"}
