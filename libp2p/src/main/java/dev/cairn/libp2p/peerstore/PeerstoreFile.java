package dev.cairn.libp2p.peerstore;

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
import java.util.List;

/// A peerstore as lines of text that an operator can read: a heading, one line for each address
/// (`expiryMillis peerId multiaddr`), and the SHA-256 of all that at the end, so that a flipped bit
/// or a lost tail is noticed.
final class PeerstoreFile {

  private static final String HEADING = "cairn peerstore 1";
  private static final String SUM = "sha256 ";
  private static final long FILE_BYTES_MAX = 64 << 20;

  record Line(PeerId peer, Multiaddr address, long expiryMillis) {}

  private PeerstoreFile() {}

  static void save(Path file, List<Line> lines) throws IOException {
    StringBuilder text = new StringBuilder(HEADING).append('\n');
    for (Line line : lines) {
      text.append(line.expiryMillis()).append(' ');
      text.append(line.peer()).append(' ').append(line.address()).append('\n');
    }
    String sum = sum(text.toString());
    text.append(SUM).append(sum).append('\n');
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      var bytes = StandardCharsets.UTF_8.encode(text.toString());
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  static List<Line> load(Path file) throws IOException {
    if (Files.size(file) > FILE_BYTES_MAX) {
      throw damaged(file, "it is too long");
    }
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    int last = text.lastIndexOf(SUM);
    if (!text.startsWith(HEADING + "\n") || last < 1 || text.charAt(last - 1) != '\n') {
      throw damaged(file, "it is not whole");
    }
    String body = text.substring(0, last);
    if (!text.substring(last).equals(SUM + sum(body) + "\n")) {
      throw damaged(file, "its checksum is wrong");
    }
    try {
      List<Line> lines = new ArrayList<>();
      body.lines().skip(1).forEach(line -> lines.add(parse(line)));
      return lines;
    } catch (MalformedException | NumberFormatException e) {
      throw damaged(file, e.getMessage() + "");
    }
  }

  private static Line parse(String line) {
    String[] parts = line.split(" ", -1);
    if (parts.length != 3) {
      throw new MalformedException("a line with " + parts.length + " parts");
    }
    return new Line(PeerId.parse(parts[1]), Multiaddr.parse(parts[2]), Long.parseLong(parts[0]));
  }

  private static String sum(String text) {
    return Hex.encode(Sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static IOException damaged(Path file, String what) {
    return new IOException("the peerstore file " + file + " is damaged: " + what);
  }
}
