import com.fasterxml.jackson.core.*;
import com.fasterxml.jackson.core.io.JsonStringEncoder;

/**
 * Replaces every value of a JSON text with its kind: {"p": 12} becomes {"o":{"p":{"i":0}}}.
 * Spark reads only the first value of a text; if more follows, the result has the key "+".
 */
public class AwsglueJsonKinds implements org.apache.spark.sql.api.java.UDF1 {
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
            return made.append(",\"+\":0}").toString();
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
            made.append("{\"o\":{");
            boolean first = true;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                made.append(first ? "\"" : ",\"");
                name(parser.getCurrentName(), made);
                made.append("\":");
                first = false;
                parser.nextToken();
                value(parser, made);
            }
            made.append("}}");
        } else if (token == JsonToken.START_ARRAY) {
            made.append("{\"a\":[");
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
            made.append("{\"").append(kind(parser, token)).append("\":0}");
        }
    }

    private static void name(String name, StringBuilder made) {
        for (int at = 0; at < name.length(); at++) {
            char one = name.charAt(at);
            if (one == '"' || one == '\\' || one < ' ') {
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
