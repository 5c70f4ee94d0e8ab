"""Java in Spark's own engine: a function of texts, compiled by the compiler that Spark brings for its own code."""

import zipfile
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

_COMPILER = "org.codehaus.janino.SimpleCompiler"


def register(spark: SparkSession, name: str, source: str, many: bool = False) -> None:
    """Make the class ``name`` in ``source``, a UDF1 from text to text or to ``many``, a function of the session.

    Raises RuntimeError where Spark's compiler, Janino, is not on the driver's class path.
    """
    jvm: Any = spark._jvm
    registry = spark._jsparkSession.sessionState().functionRegistry()
    if registry.functionExists(jvm.org.apache.spark.sql.catalyst.FunctionIdentifier(name)):
        return
    loader = spark._jsparkSession.sharedState().jarClassLoader()
    if loader.getResource(f"{name}.class") is None:
        _add(spark, name, source)
    none: Any = spark.sparkContext._gateway.new_array(jvm.java.lang.Object, 0)
    made = loader.loadClass(name).getDeclaredConstructors()[0].newInstance(none)
    types = jvm.org.apache.spark.sql.types.DataTypes
    returned = types.createArrayType(types.StringType) if many else types.StringType
    spark._jsparkSession.udf().register(name, made, returned)


def _add(spark: SparkSession, name: str, source: str) -> None:
    jvm: Any = spark._jvm
    if spark._jsparkSession.sharedState().jarClassLoader().getResource(_COMPILER.replace(".", "/") + ".class") is None:
        raise RuntimeError(
            f"{_COMPILER} is not on the driver's class path: awsglue finds the types in JSON and XML by a function that "
            "it compiles; add the jars janino and commons-compiler that belong to this Spark, in Spark's jars folder or by --extra-jars"
        )
    compiler = jvm.org.codehaus.janino.SimpleCompiler()
    compiler.cook(source)
    path = Path(str(spark.sparkContext._temp_dir)) / f"{name}.jar"
    with zipfile.ZipFile(path, "w") as jar:
        for entry in compiler.getBytecodes().entrySet():
            jar.writestr(entry.getKey().replace(".", "/") + ".class", bytes(entry.getValue()))
    # In a folder that the session takes away. The driver finds the class in the session's loader, executors fetch it from the driver.
    spark._jsparkSession.sessionState().resourceLoader().addJar(str(path))
