"""AWS's helper classes for creating and starting jobs: importable, but using one raises NotImplementedError."""

from .unemulated import refusing

Command = refusing("awsglue.devutils.Command")
Connections = refusing("awsglue.devutils.Connections")
ExecutionProperty = refusing("awsglue.devutils.ExecutionProperty")
GlueJobUtils = refusing("awsglue.devutils.GlueJobUtils")
Job = refusing("awsglue.devutils.Job")
