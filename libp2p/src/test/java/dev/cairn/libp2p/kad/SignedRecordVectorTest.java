package dev.cairn.libp2p.kad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.crypto.Ed25519Key;
import dev.cairn.libp2p.peer.Identity;
import dev.cairn.multiformats.Hex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// `spec/vectors/dht.json`.
class SignedRecordVectorTest {

  private static final Pattern OBJECT = Pattern.compile("\\{([^{}]*)\\}");
  private static final Pattern FIELD = Pattern.compile("\"(\\w+)\": \"([^\"]*)\"");

  @Test
  void records_are_those_of_the_specification() throws IOException {
    Path file = Path.of(System.getProperty("cairn.root", ".."), "spec/vectors/dht.json");
    Matcher object = OBJECT.matcher(Files.readString(file));
    int count = 0;
    while (object.find()) {
      Map<String, String> fields = new LinkedHashMap<>();
      Matcher field = FIELD.matcher(object.group(1));
      while (field.find()) {
        fields.put(field.group(1), field.group(2));
      }
      require(fields);
      count++;
    }
    assertTrue(count >= 3, "only " + count + " records");
  }

  private static void require(Map<String, String> fields) {
    Identity identity = Identity.of(Ed25519Key.fromSeed(Hex.decode(get(fields, "seed"))));
    assertEquals(get(fields, "peer"), identity.id().toString());
    String name = get(fields, "name");
    byte[] key = SignedRecord.key(identity.id(), name);
    assertEquals(get(fields, "key"), Hex.encode(key));
    assertEquals(get(fields, "place"), KadKey.of(key).toString());
    byte[] envelope =
        SignedRecord.seal(
            identity,
            name,
            Long.parseLong(get(fields, "sequence")),
            Long.parseLong(get(fields, "validUntilMillis")),
            Hex.decode(get(fields, "value")));
    assertEquals(get(fields, "envelope"), Hex.encode(envelope));
    SignedRecord opened = SignedRecord.open(envelope);
    assertEquals(name, opened.name());
    assertArrayEquals(Hex.decode(get(fields, "value")), opened.value());
  }

  private static String get(Map<String, String> fields, String name) {
    return Objects.requireNonNull(fields.get(name), name);
  }
}
