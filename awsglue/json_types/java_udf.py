"""Compile the Java functions of this folder with Janino, the compiler that Spark brings for its generated code."""

import zipfile
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

_COMPILER = "org.codehaus.janino.SimpleCompiler"


def register(spark: SparkSession, name: str, returns_array: bool = False) -> None:
    """Make the class in ``<name>.java``, a UDF1 that takes a string, a SQL function of the session.

    It returns a string, or an array of strings with ``returns_array``. Raises RuntimeError if Janino is not on the
    driver's class path.
    """
    jvm: Any = spark._jvm
    registry = spark._jsparkSession.sessionState().functionRegistry()
    if registry.functionExists(jvm.org.apache.spark.sql.catalyst.FunctionIdentifier(name)):
        return
    loader = spark._jsparkSession.sharedState().jarClassLoader()
    if loader.getResource(f"{name}.class") is None:
        _compile(spark, name)
    no_arguments: Any = spark.sparkContext._gateway.new_array(jvm.java.lang.Object, 0)
    function = loader.loadClass(name).getDeclaredConstructors()[0].newInstance(no_arguments)
    types = jvm.org.apache.spark.sql.types.DataTypes
    returned = types.createArrayType(types.StringType) if returns_array else types.StringType
    spark._jsparkSession.udf().register(name, function, returned)


def _compile(spark: SparkSession, name: str) -> None:
    jvm: Any = spark._jvm
    if spark._jsparkSession.sharedState().jarClassLoader().getResource(_COMPILER.replace(".", "/") + ".class") is None:
        raise RuntimeError(
            f"{_COMPILER} is not on the driver's class path: awsglue compiles the function that infers the types of JSON "
            "and XML. Add this Spark's janino and commons-compiler jars to its jars folder or to --extra-jars"
        )
    compiler = jvm.org.codehaus.janino.SimpleCompiler()
    compiler.cook(Path(__file__).with_name(f"{name}.java").read_text("utf-8"))
    # The session deletes this folder when it ends.
    path = Path(str(spark.sparkContext._temp_dir)) / f"{name}.jar"
    with zipfile.ZipFile(path, "w") as jar:
        for entry in compiler.getBytecodes().entrySet():
            jar.writestr(entry.getKey().replace(".", "/") + ".class", bytes(entry.getValue()))
    # The driver loads the class from the session's class loader; executors fetch the jar from the driver.
    spark._jsparkSession.sessionState().resourceLoader().addJar(str(path))
