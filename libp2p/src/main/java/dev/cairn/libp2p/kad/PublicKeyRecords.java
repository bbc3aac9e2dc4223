package dev.cairn.libp2p.kad;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.libp2p.peer.PublicKey;
import dev.cairn.multiformats.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// The namespace `/pk/`: under the multihash of a peer id stands its public key (libp2p peer-ids).
public final class PublicKeyRecords implements RecordValidator {

  public static final String NAMESPACE = "pk";

  private static final byte[] PREFIX = "/pk/".getBytes(StandardCharsets.US_ASCII);

  public PublicKeyRecords() {}

  /// The key under which a peer's public key stands.
  public static byte[] key(PeerId peer) {
    byte[] id = peer.bytes();
    byte[] key = Arrays.copyOf(PREFIX, PREFIX.length + id.length);
    System.arraycopy(id, 0, key, PREFIX.length, id.length);
    return key;
  }

  @Override
  public Optional<String> fault(KadKey key, byte[] value, long wallMillis) {
    try {
      return Arrays.equals(key(PeerId.of(PublicKey.decode(value))), key.shared())
          ? Optional.empty()
          : Optional.of("the public key of another peer");
    } catch (MalformedException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /// There is one key of a peer.
  @Override
  public boolean better(KadKey key, byte[] present, byte[] other) {
    return false;
  }
}
