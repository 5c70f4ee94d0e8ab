from glue_local.core.near import nearest


def test_the_nearest_name_ignores_case() -> None:
    assert nearest("ORDER", ["orders", "roads"]) == "orders"
    assert nearest("repartiton", ["repartition", "aggregate"]) == "repartition"


def test_names_that_are_not_similar_are_not_suggested() -> None:
    assert nearest("sales", ["orders", "roads"]) is None
    assert nearest("sales", []) is None
