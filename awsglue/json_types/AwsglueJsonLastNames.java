import com.fasterxml.jackson.core.*;
import com.fasterxml.jackson.core.io.JsonStringEncoder;

/** Keeps only the last of several members of a JSON object that have the same name; malformed text is unchanged. */
public class AwsglueJsonLastNames implements org.apache.spark.sql.api.java.UDF1 {
    private transient JsonFactory factory;

    public Object call(Object given) throws Exception {
        if (factory == null) factory = new JsonFactory();
        String text = (String) given;
        JsonParser parser = factory.createParser(text);
        try {
            parser.nextToken();
            return value(parser);
        } catch (JsonProcessingException malformed) {
            return text;
        } finally {
            parser.close();
        }
    }

    private static String value(JsonParser parser) throws Exception {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) return object(parser);
        if (token != JsonToken.START_ARRAY) return parser.getText();
        StringBuilder made = new StringBuilder("[");
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (made.length() > 1) made.append(',');
            made.append(value(parser));
        }
        return made.append(']').toString();
    }

    private static String object(JsonParser parser) throws Exception {
        java.util.LinkedHashMap members = new java.util.LinkedHashMap();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.getCurrentName();
            parser.nextToken();
            members.put(name, value(parser));
        }
        StringBuilder made = new StringBuilder("{");
        java.util.Iterator entries = members.entrySet().iterator();
        while (entries.hasNext()) {
            java.util.Map.Entry entry = (java.util.Map.Entry) entries.next();
            if (made.length() > 1) made.append(',');
            made.append('"').append(JsonStringEncoder.getInstance().quoteAsString((String) entry.getKey()));
            made.append("\":").append((String) entry.getValue());
        }
        return made.append('}').toString();
    }
}
