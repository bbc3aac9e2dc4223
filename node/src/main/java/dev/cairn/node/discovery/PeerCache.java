package dev.cairn.node.discovery;

import dev.cairn.libp2p.peerstore.Peerstore;
import dev.cairn.machine.Clock;
import dev.cairn.multiformats.MalformedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// The file with the peers of earlier runs. What cannot be read costs only itself: it is set aside,
/// and the node begins with nobody known.
final class PeerCache {

  private static final String PEERSTORE_HEADING = "cairn peerstore 1";
  private static final Logger LOG = System.getLogger(PeerCache.class.getName());

  private final Path file;

  PeerCache(Path file) {
    this.file = file;
  }

  Saved load(Clock clock, SecureRandom random) {
    byte[] key = new byte[AddressBook.KEY_BYTES];
    random.nextBytes(key);
    if (!Files.exists(file)) {
      return Saved.nobody(Bytes.wrap(key));
    }
    try {
      return isPeerstore() ? peerstore(Bytes.wrap(key), clock) : PeersFile.load(file);
    } catch (MalformedException | IOException e) {
      Path aside = file.resolveSibling(file.getFileName() + ".damaged");
      LOG.log(
          Level.WARNING,
          "the peers met before cannot be read ("
              + e.getMessage()
              + ") and are forgotten; the file is kept as "
              + aside);
      setAside(aside);
      return Saved.nobody(Bytes.wrap(key));
    }
  }

  private void setAside(Path aside) {
    try {
      Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot move " + file + ": " + e.getMessage());
    }
  }

  private boolean isPeerstore() throws IOException {
    try (var in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(PEERSTORE_HEADING.length());
      return new String(start, StandardCharsets.US_ASCII).equals(PEERSTORE_HEADING);
    }
  }

  /// The file of an earlier version, which knew only addresses.
  private Saved peerstore(Bytes key, Clock clock) throws IOException {
    Peerstore peerstore = new Peerstore(clock);
    peerstore.load(file);
    List<Saved.Peer> peers = new ArrayList<>();
    for (var peer : peerstore.peers()) {
      var addresses =
          peerstore.addresses(peer).stream().limit(DiscoveryParams.ADDRESSES_MAX).toList();
      if (!addresses.isEmpty()) {
        peers.add(
            new Saved.Peer(
                false,
                peer,
                Source.CACHE,
                Source.CACHE.toString(),
                0,
                addresses,
                Optional.empty()));
      }
    }
    return new Saved(key, List.of(), peers);
  }

  void save(Saved saved) {
    try {
      PeersFile.save(file, saved);
    } catch (IOException | UncheckedIOException e) {
      LOG.log(Level.WARNING, "the peers met are not kept: " + e.getMessage());
    }
  }
}
