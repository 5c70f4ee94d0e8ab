"""Athena's parameters that the operations do not use: accepted and ignored, or refused."""

_CATALOG = {"WorkGroup": "only IAM Identity Center uses it"}

ACCEPTED = {
    "CreateDataCatalog": {"Description": "stored and returned"},
    "GetDataCatalog": _CATALOG,
    "GetDatabase": _CATALOG,
    "GetTableMetadata": _CATALOG,
    "ListDataCatalogs": _CATALOG,
    "ListDatabases": _CATALOG,
    "ListTableMetadata": _CATALOG,
}

NOT_EMULATED = {
    "DeleteDataCatalog": {"DeleteCatalogOnly": "only federated catalogs have other resources to delete"},
    "StartQueryExecution": {"EngineConfiguration": "it only applies to Spark and capacity reservations"},
    "ListDatabases": {"AttributesToGet": "it would omit members from the response"},
    "ListTableMetadata": {"AttributesToGet": "it would omit members from the response"},
}
