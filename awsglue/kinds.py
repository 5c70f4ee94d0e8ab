"""Which kinds of value JSON texts hold, at every depth: named for each text, and merged by Spark's own inference.

Spark's inference gives in where types differ: it calls the field text. So each text is first reduced to its kinds, every
value in an object whose only key is its kind: ``{"p": 12}`` and ``{"p": "x"}`` become ``{"o":{"p":{"i":0}}}`` and
``{"o":{"p":{"s":0}}}``. Few different ones remain of many texts; Spark merges objects field by field, so that the schema it
infers of them names all kinds that occur, and it has to give in nowhere.
"""

from collections.abc import Callable, Mapping

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as spark
from pyspark.sql.types import DataType, StructType

from . import gluetypes as glue
from .compiling import register

STRICT: Mapping[str, str] = {"allowSingleQuotes": "false"}
CORRUPT = "_corrupt_record"
_NAME = "AwsglueKinds"
_OBJECT, _ARRAY = "o", "a"
_MORE = ',"+":0}'
_PLAIN: Mapping[str, Callable[[], glue.DataType]] = {
    "s": glue.StringType,
    "i": glue.IntegerType,
    "l": glue.LongType,
    "d": glue.DoubleType,
    "b": glue.BooleanType,
    "n": lambda: glue.DecimalType(38, 0),
}
# Jackson as Spark sets it up for JSON without single quotes. Like Spark it reads a text's first value; that more follows is marked.
_SOURCE = """
import com.fasterxml.jackson.core.*;
import com.fasterxml.jackson.core.io.JsonStringEncoder;

public class AwsglueKinds implements org.apache.spark.sql.api.java.UDF1 {
    private transient JsonFactory factory;
    private transient int length;

    public Object call(Object text) throws Exception {
        if (factory == null) {
            factory = new JsonFactory();
            factory.enable(JsonParser.Feature.ALLOW_NON_NUMERIC_NUMBERS);
        }
        StringBuilder made = new StringBuilder(length);
        JsonParser parser = factory.createParser((String) text);
        try {
            parser.nextToken();
            value(parser, made);
            length = made.length() + 8;
            if (!more(parser)) return made.toString();
            if (made.charAt(0) != '{') return "{";
            made.setLength(made.length() - 1);
            return made.append(",\\"+\\":0}").toString();
        } catch (JsonProcessingException malformed) {
            return "{";
        } finally {
            parser.close();
        }
    }

    private static boolean more(JsonParser parser) throws Exception {
        try {
            return parser.nextToken() != null;
        } catch (JsonProcessingException malformed) {
            return true;
        }
    }

    private static void value(JsonParser parser, StringBuilder made) throws Exception {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            made.append("{\\"o\\":{");
            boolean first = true;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                made.append(first ? "\\"" : ",\\"");
                name(parser.getCurrentName(), made);
                made.append("\\":");
                first = false;
                parser.nextToken();
                value(parser, made);
            }
            made.append("}}");
        } else if (token == JsonToken.START_ARRAY) {
            made.append("{\\"a\\":[");
            String before = null;
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                StringBuilder one = new StringBuilder();
                value(parser, one);
                String now = one.toString();
                if (!now.equals(before)) made.append(before == null ? "" : ",").append(now);
                before = now;
            }
            made.append("]}");
        } else if (token == JsonToken.VALUE_NULL) {
            made.append("null");
        } else {
            made.append("{\\"").append(kind(parser, token)).append("\\":0}");
        }
    }

    private static void name(String name, StringBuilder made) {
        for (int at = 0; at < name.length(); at++) {
            char one = name.charAt(at);
            if (one == '"' || one == '\\\\' || one < ' ') {
                JsonStringEncoder.getInstance().quoteAsString((CharSequence) name, made);
                return;
            }
        }
        made.append(name);
    }

    private static char kind(JsonParser parser, JsonToken token) throws Exception {
        if (token == JsonToken.VALUE_STRING) {
            parser.getTextLength();  // reads it to its end
            return 's';
        }
        if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) return 'b';
        if (token == JsonToken.VALUE_NUMBER_FLOAT) return 'd';
        if (token != JsonToken.VALUE_NUMBER_INT) throw new JsonParseException(parser, "no value");
        JsonParser.NumberType size = parser.getNumberType();
        if (size == JsonParser.NumberType.INT) return 'i';
        if (size == JsonParser.NumberType.LONG) return 'l';
        return parser.getTextLength() > 38 ? 'd' : 'n';
    }
}
"""


def is_document(session: SparkSession, text: Column) -> Column:
    """Return the test whether a text is one JSON object, or one array, and nothing else."""
    register(session, _NAME, _SOURCE)
    kind = F.call_udf(_NAME, text)
    return (kind.startswith(f'{{"{_OBJECT}":') | kind.startswith(f'{{"{_ARRAY}":')) & ~kind.endswith(_MORE)


def kinds(texts: DataFrame, column: str) -> tuple[glue.StructType, bool]:
    """Return the fields of the objects in a column, on their own or in arrays, and whether all texts were such."""
    session = texts.sparkSession
    register(session, _NAME, _SOURCE)
    few = texts.where(texts[column].isNotNull()).select(F.call_udf(_NAME, texts[column]).alias("value")).distinct()
    strings = getattr(few._jdf, "as")(session._jvm.org.apache.spark.sql.Encoders.STRING())
    # Of an RDD, since a Dataset would be worked out twice: for its schema, and for the frame, which nobody wants.
    shape = DataFrame(session.read.options(**STRICT)._jreader.json(strings.toJavaRDD()), session).schema
    found: glue.DataType = glue.NullType()
    whole = True
    for one in shape.fields:
        record = _record(_kind(one.name, one.dataType)) if one.name in (_OBJECT, _ARRAY) else None
        whole = whole and record is not None
        found = glue.mergeDataTypes(found, record or glue.NullType())
    return found if isinstance(found, glue.StructType) else glue.StructType([]), whole


def _record(kind: glue.DataType) -> glue.StructType | None:
    inner = kind.elementType if isinstance(kind, glue.ArrayType) else kind
    one = inner.get("struct") if isinstance(inner, glue.ChoiceType) else inner
    return one if isinstance(one, glue.StructType) else None


def _type(kind: DataType) -> glue.DataType:
    """Return the type behind what Spark infers of a value's kinds; it says text of a value that is always null."""
    if not isinstance(kind, StructType):
        return glue.NullType()
    choices = [_kind(one.name, one.dataType) for one in kind.fields]
    return choices[0] if len(choices) == 1 else glue.ChoiceType(choices)


def _kind(name: str, kind: DataType) -> glue.DataType:
    if isinstance(kind, StructType):
        return glue.StructType([glue.Field(one.name, _type(one.dataType)) for one in kind.fields])
    return glue.ArrayType(_type(kind.elementType)) if isinstance(kind, spark.ArrayType) else _PLAIN[name]()
