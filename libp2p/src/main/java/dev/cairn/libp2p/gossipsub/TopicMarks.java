package dev.cairn.libp2p.gossipsub;

import dev.cairn.crypto.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The topics that one peer takes part in, each as 64 bits of a hash of its name.
///
/// A peer may name any topics it likes; those that nobody here uses cost eight bytes whatever their
/// length, and are known all the same when someone here joins them later. Owner: the machine.
final class TopicMarks {

  private long[] marks = {};
  private int size;

  static long mark(String topic) {
    return ByteBuffer.wrap(Sha256.digest(topic.getBytes(StandardCharsets.UTF_8))).getLong();
  }

  boolean contains(long mark) {
    return indexOf(mark) >= 0;
  }

  /// False when it is not there and there are `max` already.
  boolean add(long mark, int max) {
    if (contains(mark)) {
      return true;
    }
    if (size >= max) {
      return false;
    }
    if (size == marks.length) {
      marks = Arrays.copyOf(marks, Math.min(max, Math.max(4, 2 * size)));
    }
    marks[size++] = mark;
    return true;
  }

  void remove(long mark) {
    int index = indexOf(mark);
    if (index >= 0) {
      marks[index] = marks[--size];
    }
  }

  void clear() {
    size = 0;
  }

  int size() {
    return size;
  }

  private int indexOf(long mark) {
    for (int i = 0; i < size; i++) {
      if (marks[i] == mark) {
        return i;
      }
    }
    return -1;
  }
}
