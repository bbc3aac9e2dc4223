package dev.cairn.libp2p.gossipsub;

import dev.cairn.multiformats.Hex;
import java.util.Arrays;

/// The name under which peers gossip of a message: whatever bytes the topic's [MessageIds] gives.
///
/// Comparable, so that a hash table full of ids that a peer chose to collide stays logarithmic.
public final class MessageId implements Comparable<MessageId> {

  /// The longest id that is accepted, in bytes: an author's id and a sequence number fit.
  public static final int BYTES_MAX = 128;

  private final byte[] bytes;
  private final int hash;

  private MessageId(byte[] bytes) {
    this.bytes = bytes;
    this.hash = Arrays.hashCode(bytes);
  }

  public static MessageId of(byte[] bytes) {
    return wrap(bytes.clone());
  }

  /// Like [#of] for an array that nobody else holds.
  static MessageId wrap(byte[] bytes) {
    if (bytes.length > BYTES_MAX) {
      throw new IllegalArgumentException("message id of " + bytes.length + " bytes");
    }
    return new MessageId(bytes);
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  /// The array itself, for encoders that only read it.
  byte[] shared() {
    return bytes;
  }

  int length() {
    return bytes.length;
  }

  @Override
  public int compareTo(MessageId other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MessageId that && hash == that.hash && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return Hex.encode(bytes);
  }
}
