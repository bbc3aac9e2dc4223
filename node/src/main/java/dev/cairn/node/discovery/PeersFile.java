package dev.cairn.node.discovery;

import dev.cairn.crypto.Sha256;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Hex;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.Multiaddr;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.tuweni.bytes.Bytes;

/// The peers of earlier runs as lines of text that an operator can read, and the SHA-256 of all
/// that at the end, so that a flipped bit or a lost tail is noticed:
///
/// ```
/// cairn peers 2
/// key 5b...
/// anchor 12D3KooW...
/// tried 12D3KooW... exchange 198.51.0.0/16 1764000000000 /ip4/198.51.100.7/tcp/4501 7 CiQ...
/// new   ... the same
/// sha256 9f...
/// ```
///
/// After the source: the teller, when the peer last answered (0: never), its addresses separated by
/// commas, and number and envelope (base64) of its signed record, or `-` and `-`.
final class PeersFile {

  static final String HEADING = "cairn peers 2";

  /// More than the largest address book takes: 1,536 peers with records of 2 KiB.
  static final long BYTES_MAX = 8L << 20;

  /// Peers of the largest address book.
  static final int PEERS_MAX =
      (AddressBook.NEW_BUCKETS + AddressBook.TRIED_BUCKETS) * AddressBook.BUCKET_MAX;

  /// Characters of an address that is kept: none that this node can dial has more.
  static final int ADDRESS_CHARS_MAX = 256;

  private static final String SUM = "sha256 ";
  private static final String NONE = "-";
  private static final int TELLER_CHARS_MAX = 64;
  private static final int PARTS = 8;

  private PeersFile() {}

  /// Whether an address can stand in the file. A stranger may put a comma or a blank into a name
  /// within one, and both end a part of a line here.
  static boolean holds(Multiaddr address) {
    String text = address.toString();
    return text.length() <= ADDRESS_CHARS_MAX
        && text.chars().allMatch(c -> c > ' ' && c < 0x7f && c != ',');
  }

  static String text(Saved saved) {
    StringBuilder text = new StringBuilder(HEADING).append('\n');
    text.append("key ").append(Hex.encode(saved.key().toArrayUnsafe())).append('\n');
    saved.anchors().forEach(a -> text.append("anchor ").append(a).append('\n'));
    for (Saved.Peer peer : saved.peers()) {
      text.append(
          String.join(
              " ",
              peer.tried() ? "tried" : "new",
              peer.peer().toString(),
              peer.source().toString(),
              peer.teller(),
              Long.toString(peer.provenMillis()),
              peer.addresses().stream().map(Multiaddr::toString).collect(Collectors.joining(",")),
              peer.record().map(r -> Long.toString(r.sequence())).orElse(NONE),
              peer.record()
                  .map(r -> Base64.getEncoder().encodeToString(r.envelope().toArrayUnsafe()))
                  .orElse(NONE)));
      text.append('\n');
    }
    String sum = sum(text.toString());
    return text.append(SUM).append(sum).append('\n').toString();
  }

  /// Writes the file, whole or not at all.
  static void save(Path file, Saved saved) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      var bytes = StandardCharsets.UTF_8.encode(text(saved));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /// @throws MalformedException when the file is anything but what [#save] writes
  static Saved load(Path file) throws IOException {
    if (Files.size(file) > BYTES_MAX) {
      throw new MalformedException("it is too long");
    }
    return parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
  }

  static Saved parse(String text) {
    int last = text.lastIndexOf(SUM);
    if (!text.startsWith(HEADING + "\n") || last < 1 || text.charAt(last - 1) != '\n') {
      throw new MalformedException("it is not whole");
    }
    if (!text.substring(last).equals(SUM + sum(text.substring(0, last)) + "\n")) {
      throw new MalformedException("its checksum is wrong");
    }
    byte[] key = {};
    List<PeerId> anchors = new ArrayList<>();
    List<Saved.Peer> peers = new ArrayList<>();
    for (String line : text.substring(0, last).lines().skip(1).toList()) {
      String[] parts = line.split(" ", -1);
      switch (parts[0]) {
        case "key" -> key = Hex.decode(part(parts, 1));
        case "anchor" -> anchors.add(PeerId.parse(part(parts, 1)));
        case "tried", "new" -> peers.add(peer(parts));
        default -> throw new MalformedException("a line that begins with '" + parts[0] + "'");
      }
    }
    if (key.length != AddressBook.KEY_BYTES
        || anchors.size() > DiscoveryParams.ANCHORS_MAX
        || peers.size() > PEERS_MAX) {
      throw new MalformedException("more or less in it than there may be");
    }
    return new Saved(Bytes.wrap(key), anchors, peers);
  }

  private static String part(String[] parts, int index) {
    if (index >= parts.length) {
      throw new MalformedException("a line with " + parts.length + " parts");
    }
    return parts[index];
  }

  private static Saved.Peer peer(String[] parts) {
    if (parts.length != PARTS || parts[3].isEmpty() || parts[3].length() > TELLER_CHARS_MAX) {
      throw new MalformedException("a line with " + parts.length + " parts");
    }
    try {
      Source source =
          Source.named(parts[2])
              .orElseThrow(() -> new MalformedException("no source '" + parts[2] + "'"));
      List<Multiaddr> addresses =
          Arrays.stream(parts[5].split(",", -1)).map(Multiaddr::parse).toList();
      if (addresses.size() > DiscoveryParams.ADDRESSES_MAX) {
        throw new MalformedException(addresses.size() + " addresses");
      }
      return new Saved.Peer(
          parts[0].equals("tried"),
          PeerId.parse(parts[1]),
          source,
          parts[3],
          Long.parseLong(parts[4]),
          addresses,
          parts[6].equals(NONE)
              ? Optional.empty()
              : Optional.of(
                  new Told.Signed(
                      Long.parseLong(parts[6]), Bytes.wrap(Base64.getDecoder().decode(parts[7])))));
    } catch (IllegalArgumentException e) {
      throw new MalformedException("a line that cannot be read: " + e.getMessage());
    }
  }

  private static String sum(String text) {
    return Hex.encode(Sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
  }
}
