package dev.cairn.libp2p.gossipsub;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Plays the scripts of `transcripts/` and compares every effect. Run with
/// `-Dcairn.transcripts=DIR` to have the transcripts that come out written to a folder.
class TranscriptTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "join-and-leave",
        "mesh-upkeep",
        "backoff",
        "relay",
        "served",
        "verdicts",
        "lazy-gossip",
        "publish-mesh",
        "republish",
        "fanout",
        "idontwant",
        "reopened"
      })
  void the_machine_does_what_the_transcript_says(String name) throws IOException {
    List<String> expected;
    try (InputStream in = getClass().getResourceAsStream("transcripts/" + name + ".txt")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      expected = text.lines().toList();
    }
    List<String> actual = Script.play(expected, params(expected.getFirst()));
    String target = System.getProperty("cairn.transcripts", "");
    if (!target.isEmpty()) {
      Files.write(Path.of(target, name + ".txt"), actual);
    }
    assertEquals(String.join("\n", expected), String.join("\n", actual));
  }

  /// The first line of a script may ask for a smaller mesh or for no flood publishing.
  private static GossipParams params(String line) {
    GossipParams standard = GossipParams.STANDARD;
    MeshParams m = standard.mesh();
    MeshParams mesh =
        line.contains("small mesh")
            ? new MeshParams(
                2,
                2,
                3,
                1,
                m.pruneBackoff(),
                m.unsubscribeBackoff(),
                m.backoffMax(),
                m.backoffSlack(),
                m.backoffsMax())
            : m;
    return new GossipParams(
        mesh,
        standard.history(),
        standard.limits(),
        !line.contains("no flood"),
        standard.floodBytesMax(),
        standard.lazyDegree(),
        standard.gossipFactor(),
        standard.idontwantBytesMin());
  }
}
