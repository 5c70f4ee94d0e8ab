"""Result objects as Athena writes them: https://docs.aws.amazon.com/athena/latest/ug/querying.html"""
