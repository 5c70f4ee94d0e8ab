"""Scripts of visual jobs: CodeGenConfigurationNodes as a Python script, like Glue Studio's.

The nodes: https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-visual-job-api.html
"""
