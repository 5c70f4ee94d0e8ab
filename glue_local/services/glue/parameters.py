"""Glue's parameters that no operation here uses, as data: harmless, or refused."""

_AUDIT = {"AuditContext": "written to CloudTrail, which is not here"}
_TRANSACTIONS = {
    "TransactionId": "tables have no transactions",
    "QueryAsOfTime": "tables have no transactions",
}
_FEWER = {"AttributesToGet": "it would leave members out of the answer"}
_SHARES = {"ResourceShareType": "accounts share nothing"}

ACCEPTED = {
    "BatchGetPartition": {**_AUDIT, "QuerySessionContext": "there is no Lake Formation"},
    "CreateJob": {
        "Role": "there is no IAM to ask",
        "LogUri": "reserved by AWS",
        "Connections": "there is no network to join",
        "SecurityConfiguration": "nothing leaves this machine",
        "NotificationProperty": "stored and shown; nothing is notified yet",
        "MaintenanceWindow": "no service restarts a streaming job here",
    },
    "GetJobRun": {"PredecessorsIncluded": "without triggers no run has predecessors"},
    "GetPartition": _AUDIT,
    "GetPartitions": _AUDIT,
    "GetTable": {**_AUDIT, "IncludeStatusDetails": "tables have no asynchronous status"},
    "GetTableVersion": _AUDIT,
    "GetTableVersions": _AUDIT,
    "GetTables": {**_AUDIT, "IncludeStatusDetails": "tables have no asynchronous status"},
    "StartJobRun": {
        "ExecutionRoleSessionPolicy": "there is no IAM to ask",
        "SecurityConfiguration": "nothing leaves this machine",
    },
    "UpdateTable": {"Force": "only views that are not here need it"},
}

NOT_EMULATED = {
    "CreateConnection": {"Tags": "connections have no tags"},
    "GetConnection": {"ApplyOverrideForComputeEnvironment": "a connection has one set of properties"},
    "CreateJob": {
        "CodeGenConfigurationNodes": "the script would be generated from it",
        "SourceControlDetails": "the script would come from a repository",
    },
    "CreateTable": {
        "PartitionIndexes": "indexes are not kept",
        "OpenTableFormatInput": "Iceberg tables are not here yet",
        "TransactionId": "tables have no transactions",
    },
    "GetDatabases": {**_FEWER, **_SHARES},
    "GetPartitions": _TRANSACTIONS,
    "GetTable": {**_TRANSACTIONS, **_FEWER},
    "GetTables": {**_TRANSACTIONS, **_FEWER, **_SHARES},
    "UpdateTable": {
        "TransactionId": "tables have no transactions",
        "ViewUpdateAction": "views are not here yet",
        "UpdateOpenTableFormatInput": "Iceberg tables are not here yet",
    },
    "DeleteTable": {"TransactionId": "tables have no transactions"},
    "BatchDeleteTable": {"TransactionId": "tables have no transactions"},
}
