"""AWS's helpers that make and start jobs of the service: they import, and fail with their names when they are made."""

from .unemulated import refusing

Command = refusing("awsglue.devutils.Command")
Connections = refusing("awsglue.devutils.Connections")
ExecutionProperty = refusing("awsglue.devutils.ExecutionProperty")
GlueJobUtils = refusing("awsglue.devutils.GlueJobUtils")
Job = refusing("awsglue.devutils.Job")
