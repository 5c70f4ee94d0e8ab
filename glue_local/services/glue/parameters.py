"""Glue's parameters that the operations do not use: accepted and ignored, or refused."""

_AUDIT = {"AuditContext": "CloudTrail is not emulated"}
_TRANSACTIONS = {
    "TransactionId": "table transactions are not emulated",
    "QueryAsOfTime": "table transactions are not emulated",
}
_FEWER = {"AttributesToGet": "it would omit members from the response"}
_SHARES = {"ResourceShareType": "cross-account sharing is not emulated"}

ACCEPTED = {
    "BatchGetPartition": {**_AUDIT, "QuerySessionContext": "Lake Formation is not emulated"},
    "CreateCrawler": {
        "Role": "IAM permissions are not checked",
        "LakeFormationConfiguration": "Lake Formation is not emulated",
        "LineageConfiguration": "data lineage is not emulated",
        "CrawlerSecurityConfiguration": "local data is not encrypted",
    },
    "CreateJob": {
        "Role": "IAM permissions are not checked",
        "LogUri": "reserved by AWS",
        "Connections": "there is no VPC to connect to",
        "SecurityConfiguration": "local data is not encrypted",
        "MaintenanceWindow": "streaming jobs are never restarted for maintenance",
    },
    "GetMapping": {"Location": "the mapping depends on the tables only"},
    "GetPartition": _AUDIT,
    "GetPartitions": _AUDIT,
    "GetTable": {**_AUDIT, "IncludeStatusDetails": "tables have no asynchronous status"},
    "GetTableVersion": _AUDIT,
    "GetTableVersions": _AUDIT,
    "GetTables": {**_AUDIT, "IncludeStatusDetails": "tables have no asynchronous status"},
    "SearchTables": {"IncludeStatusDetails": "tables have no asynchronous status"},
    "StartJobRun": {
        "ExecutionRoleSessionPolicy": "IAM permissions are not checked",
        "SecurityConfiguration": "local data is not encrypted",
    },
    "UpdateTable": {"Force": "it only applies to views, which are not emulated"},
}

NOT_EMULATED = {
    "GetConnection": {"ApplyOverrideForComputeEnvironment": "a connection has one set of properties"},
    "CreateJob": {
        "SourceControlDetails": "loading scripts from a repository is not emulated",
    },
    "CreateTable": {
        "OpenTableFormatInput": "Iceberg tables are not emulated yet",
        "TransactionId": "table transactions are not emulated",
    },
    "GetDatabases": {**_FEWER, **_SHARES},
    "GetPartitions": _TRANSACTIONS,
    "GetTable": {**_TRANSACTIONS, **_FEWER},
    "GetTables": {**_TRANSACTIONS, **_FEWER, **_SHARES},
    "SearchTables": _SHARES,
    "UpdateTable": {
        "TransactionId": "table transactions are not emulated",
        "ViewUpdateAction": "views are not emulated yet",
        "UpdateOpenTableFormatInput": "Iceberg tables are not emulated yet",
    },
    "DeleteTable": {"TransactionId": "table transactions are not emulated"},
    "BatchDeleteTable": {"TransactionId": "table transactions are not emulated"},
}
