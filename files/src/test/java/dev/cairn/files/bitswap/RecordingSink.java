package dev.cairn.files.bitswap;

import java.util.ArrayList;
import java.util.List;

/// Keeps what a reader found.
final class RecordingSink implements MessageSink {

  static final class Received {
    private final CidPrefix prefix;
    private final byte[] data;

    private Received(CidPrefix prefix, byte[] data) {
      this.prefix = prefix;
      this.data = data;
    }

    CidPrefix prefix() {
      return prefix;
    }

    byte[] data() {
      return data;
    }
  }

  final List<Entry> entries = new ArrayList<>();
  final List<Presence> presences = new ArrayList<>();
  final List<Received> blocks = new ArrayList<>();
  boolean full;
  boolean expects = true;
  int heard;
  int unexpected;
  int entered;
  int inside;

  @Override
  public void wants(List<Entry> some, boolean replaces) {
    entries.addAll(some);
    full |= replaces;
  }

  @Override
  public void presences(List<Presence> some) {
    presences.addAll(some);
  }

  @Override
  public boolean expectsBlocks() {
    return expects;
  }

  @Override
  public void enter() {
    inside++;
    entered++;
  }

  @Override
  public void leave() {
    inside--;
  }

  @Override
  public void heard(int bytes) {
    heard += bytes;
  }

  @Override
  public void block(CidPrefix prefix, byte[] data) {
    blocks.add(new Received(prefix, data));
  }

  @Override
  public void unexpected(int bytes) {
    unexpected += bytes;
  }
}
