"""Files of JSON read as Glue reads them: a stream of documents, however they lie over lines; an array's elements are one each."""

from collections.abc import Callable, Sequence
from urllib.parse import unquote, urlsplit

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from .compiling import register

_NAME = "AwsglueDocuments"
# Glue reads what is larger in splits, which begin and end at lines.
_SPLIT = 128 * 2**20
# A text is taken apart whole or, by null, not at all: what lies behind a malformed document is anybody's guess.
_SOURCE = """
import com.fasterxml.jackson.core.*;

public class AwsglueDocuments implements org.apache.spark.sql.api.java.UDF1 {
    private transient JsonFactory factory;

    public Object call(Object given) throws Exception {
        if (factory == null) {
            factory = new JsonFactory();
            factory.enable(JsonParser.Feature.ALLOW_NON_NUMERIC_NUMBERS);
        }
        String text = (String) given;
        java.util.ArrayList found = new java.util.ArrayList();
        JsonParser parser = factory.createParser(text);
        try {
            JsonToken token = parser.nextToken();
            while (token != null) {
                if (token == JsonToken.START_ARRAY) {
                    while (parser.nextToken() != JsonToken.END_ARRAY) add(parser, text, found);
                } else {
                    add(parser, text, found);
                }
                token = parser.nextToken();
            }
            return found.toArray(new String[0]);
        } catch (JsonProcessingException malformed) {
            return null;
        } finally {
            parser.close();
        }
    }

    private static void add(JsonParser parser, String text, java.util.ArrayList found) throws Exception {
        int start = (int) parser.getTokenLocation().getCharOffset();
        parser.skipChildren();
        if (parser.currentToken() == JsonToken.VALUE_STRING) parser.getTextLength();  // reads it to its end
        found.add(text.substring(start, (int) parser.getCurrentLocation().getCharOffset()));
    }
}
"""


def in_arrays(texts: DataFrame, column: str) -> DataFrame:
    """Return ``texts`` with a row for each element where the column holds an array."""
    register(texts.sparkSession, _NAME, _SOURCE, many=True)
    array = F.trim(column).startswith("[")
    return _exploded(texts, column, F.when(array, F.call_udf(_NAME, F.col(column))))


def in_lines(texts: DataFrame, column: str) -> DataFrame:
    """Return whole files, the column's values, as a row for each document; as their lines where one is malformed."""
    register(texts.sparkSession, _NAME, _SOURCE, many=True)
    found = F.coalesce(F.call_udf(_NAME, F.col(column)), F.split(column, "\r\n|\r|\n"))
    return _exploded(texts, column, found).where(F.trim(column) != "")


def in_files(texts: DataFrame, column: str) -> DataFrame:
    """Return whole files, the column's values, as a row for each document; as they are where one is malformed."""
    register(texts.sparkSession, _NAME, _SOURCE, many=True)
    return _exploded(texts, column, F.call_udf(_NAME, F.col(column)))


def _exploded(texts: DataFrame, column: str, found: Column) -> DataFrame:
    others = [F.col(f"`{name}`") for name in texts.columns if name != column]
    one = F.explode(F.coalesce(found, F.array(F.col(column)))).alias(column)
    return texts.select(one, *others)


def apart(lines: DataFrame, paths: Sequence[str], is_document: Column) -> tuple[list[str], list[str]]:
    """Return which of the files of ``lines`` hold documents line by line, and which do not but are small enough to be read whole."""
    place = F.col("_metadata.file_path"), F.col("_metadata.file_size")
    found = lines.where(~is_document).select(*place).where(f"file_size <= {_SPLIT}").distinct().collect()
    streams = {_of_uri(row["file_path"]) for row in found}
    spelled = _spelled(lines.sparkSession)
    whole = [path for path in paths if spelled(path) in streams]
    return [path for path in paths if path not in set(whole)], whole


def _of_uri(uri: str) -> tuple[str, str]:
    parts = urlsplit(uri)
    return parts.netloc, unquote(parts.path)


def _spelled(spark: SparkSession) -> Callable[[str], tuple[str, str]]:
    """Return how a path as a script spells it is told by Hadoop: bucket and key."""
    hadoop = spark._jvm.org.apache.hadoop.fs.Path

    def spelled(path: str) -> tuple[str, str]:
        uri = hadoop(path).toUri()
        return str(uri.getAuthority() or ""), str(uri.getPath())

    return spelled
