package dev.cairn.node;

import dev.cairn.core.Hash;
import dev.cairn.core.consensus.VoteLog;
import dev.cairn.core.consensus.VoteRecord;
import dev.cairn.core.presence.PresenceParams;
import dev.cairn.storage.StoreException;
import dev.cairn.storage.files.DurableFiles;
import dev.cairn.storage.votes.VoteFile;
import dev.cairn.storage.votes.VoteTransfer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A node's vote log, and how long the node must listen before it may be written.
///
/// The log is made with a new store only: a validator that lost its votes must not vote, unless its
/// operator says from where on. How long it has to listen then stays in a file until it has.
final class NodeVotes {

  private static final String LISTEN = "LISTEN";

  private NodeVotes() {}

  /// @param freshStore whether the chain's store is new
  /// @param votes whether the node has a validator's key
  static VoteLog open(
      NodeFolder folder,
      Hash chainId,
      boolean freshStore,
      boolean votes,
      Optional<LostVotes> lost) {
    Path path = folder.votes();
    if (!votes && VoteTransfer.moved(path)) {
      return new Followed();
    }
    if (lost.isPresent()) {
      VoteRecord floor = VoteRecord.floor(lost.get().epoch(), lost.get().slot());
      byte[] millis =
          Long.toString(lost.get().listenFor().toMillis()).getBytes(StandardCharsets.UTF_8);
      DurableFiles.makeFolder(path);
      VoteFile.refuseUnlessLost(path);
      DurableFiles.replace(path.resolve(LISTEN), millis);
      VoteFile.recreate(path, chainId, floor);
    } else if (freshStore && !VoteFile.exists(path) && !VoteTransfer.moved(path)) {
      VoteFile.create(path, chainId);
    }
    return VoteFile.open(path, chainId);
  }

  /// @param peers whether the node is told of peers
  static PresenceParams listening(NodeFolder folder, boolean peers) {
    Path file = folder.votes().resolve(LISTEN);
    if (!Files.exists(file)) {
      return PresenceParams.standard(peers);
    }
    try {
      long millis = Long.parseLong(Files.readString(file).strip());
      return PresenceParams.lostVotes(Duration.ofMillis(millis));
    } catch (IOException | NumberFormatException e) {
      throw new StoreException(
          file + " cannot be read; write into it for how many milliseconds to listen");
    }
  }

  /// The node has listened long enough.
  static void listened(NodeFolder folder) {
    try {
      Files.deleteIfExists(folder.votes().resolve(LISTEN));
    } catch (IOException e) {
      throw StoreException.of(folder.votes(), e);
    }
  }

  /// The log of a node that only follows, in a folder whose votes have gone elsewhere.
  private static final class Followed implements VoteLog, AutoCloseable {

    @Override
    public List<VoteRecord> load() {
      return List.of();
    }

    @Override
    public void append(VoteRecord entry) {
      throw new IllegalStateException("a node that follows has no votes");
    }

    @Override
    public void sync() {}

    @Override
    public void prune(long epoch, long slot) {}

    @Override
    public void close() {}
  }
}
