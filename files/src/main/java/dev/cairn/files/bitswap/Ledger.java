package dev.cairn.files.bitswap;

import dev.cairn.multiformats.Cid;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What one peer wants of us.
///
/// Owner: the [Server].
final class Ledger {

  /// How far a want has come.
  enum Stage {
    /// Whether the block is here has still to be looked up.
    UNCHECKED,
    /// It is not here; told when it comes.
    STANDING,
    /// It is here and waits to be sent.
    READY
  }

  /// A want, under its key.
  static final class Want {
    final Cid cid;
    int priority;
    boolean block;
    boolean sendDontHave;
    Stage stage = Stage.UNCHECKED;
    int size;

    Want(Cid cid) {
      this.cid = cid;
    }
  }

  private final Map<Cid, Want> wants = new LinkedHashMap<>();
  private final Map<Cid, Want> unchecked = new LinkedHashMap<>();
  private final Map<Cid, Want> ready = new LinkedHashMap<>();
  private long readyBytes;

  int size() {
    return wants.size();
  }

  /// The bytes of the blocks that wait to be sent.
  long readyBytes() {
    return readyBytes;
  }

  void clear() {
    wants.clear();
    unchecked.clear();
    ready.clear();
    readyBytes = 0;
  }

  Optional<Want> get(Cid key) {
    return Optional.ofNullable(wants.get(key));
  }

  /// Takes a want in, or makes an old one stronger: a HAVE never takes the place of a block.
  void put(Cid key, Entry entry) {
    remove(key, entry.block());
    Want want = wants.computeIfAbsent(key, k -> new Want(entry.cid()));
    want.priority = entry.priority();
    want.block |= entry.block();
    want.sendDontHave |= entry.sendDontHave();
    if (want.stage != Stage.READY) {
      stage(key, want, Stage.UNCHECKED);
    }
  }

  private void remove(Cid key, boolean replacedByBlock) {
    Want old = wants.get(key);
    if (old != null && replacedByBlock && !old.block) {
      remove(key);
    }
  }

  void remove(Cid key) {
    Want want = wants.remove(key);
    if (want != null) {
      unstage(key, want);
    }
  }

  void stage(Cid key, Want want, Stage stage) {
    unstage(key, want);
    want.stage = stage;
    if (stage == Stage.UNCHECKED) {
      unchecked.put(key, want);
    } else if (stage == Stage.READY) {
      ready.put(key, want);
      readyBytes += want.size;
    }
  }

  private void unstage(Cid key, Want want) {
    unchecked.remove(key);
    if (ready.remove(key) != null) {
      readyBytes -= want.size;
    }
  }

  Map<Cid, Want> unchecked() {
    return unchecked;
  }

  Map<Cid, Want> ready() {
    return ready;
  }
}
