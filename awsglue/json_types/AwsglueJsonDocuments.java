import com.fasterxml.jackson.core.*;

/** Splits a text into its JSON documents, and arrays into their elements; null if the text is malformed. */
public class AwsglueJsonDocuments implements org.apache.spark.sql.api.java.UDF1 {
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
