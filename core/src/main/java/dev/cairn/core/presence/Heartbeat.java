package dev.cairn.core.presence;

import dev.cairn.core.consensus.simplex.SignatureCheck;
import dev.cairn.core.consensus.simplex.Signer;
import dev.cairn.core.state.ValidatorEntry;
import dev.cairn.core.transaction.SigningDomain;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;
import dev.cairn.multiformats.cbor.Slice;
import java.util.Arrays;
import org.apache.tuweni.bytes.Bytes;

/// What a node with a validator's key says from time to time (spec/consensus.md, "Heartbeats"):
/// `[[key, peer, instance, since, voting, echo, time], signature]`.
///
/// @param key the validator's public key, 32 bytes
/// @param peer the node's libp2p peer id as text, at most [#PEER_BYTES_MAX] bytes
/// @param instance drawn at random when the node started, 16 bytes
/// @param since when the node started, milliseconds since 1970
/// @param voting whether the node votes with the key, or still listens for others
/// @param echo the instance of another node with the same key that this one hears; empty for none
/// @param time when this was said, milliseconds since 1970; each is later than the one before
/// @param signature by `key`, 64 bytes
public record Heartbeat(
    Bytes key,
    String peer,
    Bytes instance,
    long since,
    boolean voting,
    Bytes echo,
    long time,
    Bytes signature) {

  /// The kind of its signature; the fork version is 0.
  public static final String KIND = "heartbeat";

  public static final int INSTANCE_BYTES = 16;
  public static final int PEER_BYTES_MAX = 128;

  /// One encoded heartbeat, in bytes.
  public static final int BYTES_MAX = 512;

  private static final int SIGNATURE_BYTES = 64;

  /// Makes a signed one.
  static Heartbeat sign(
      SigningDomain domain,
      Signer key,
      String peer,
      Bytes instance,
      long since,
      boolean voting,
      Bytes echo,
      long time) {
    Bytes publicKey = Bytes.wrap(key.publicKey());
    byte[] content = content(publicKey, peer, instance, since, voting, echo, time);
    byte[] signature = key.sign(domain.message(KIND, Slice.of(content)));
    return new Heartbeat(
        publicKey, peer, instance, since, voting, echo, time, Bytes.wrap(signature));
  }

  boolean verify(SigningDomain domain, SignatureCheck check) {
    byte[] content = content(key, peer, instance, since, voting, echo, time);
    return check.verify(
        key.toArrayUnsafe(), domain.message(KIND, Slice.of(content)), signature.toArrayUnsafe());
  }

  public byte[] encode() {
    byte[] content = content(key, peer, instance, since, voting, echo, time);
    return new CborWriter().array(2).raw(content).bytes(signature.toArrayUnsafe()).toBytes();
  }

  private static byte[] content(
      Bytes key, String peer, Bytes instance, long since, boolean voting, Bytes echo, long time) {
    CborWriter writer = new CborWriter().array(7).bytes(key.toArrayUnsafe()).text(peer);
    writer.bytes(instance.toArrayUnsafe()).uint(since).bool(voting);
    return writer.bytes(echo.toArrayUnsafe()).uint(time).toBytes();
  }

  /// @throws MalformedException when the bytes are not exactly one heartbeat
  public static Heartbeat decode(byte[] encoded) {
    CborReader reader = new CborReader(encoded);
    reader.array(2);
    reader.array(7);
    Bytes key = Bytes.wrap(reader.bytesOf(ValidatorEntry.KEY_BYTES));
    String peer = reader.text(PEER_BYTES_MAX);
    Bytes instance = Bytes.wrap(reader.bytesOf(INSTANCE_BYTES));
    long since = reader.uint();
    boolean voting = reader.bool();
    byte[] echo = reader.bytes(INSTANCE_BYTES);
    long time = reader.uint();
    Bytes signature = Bytes.wrap(reader.bytesOf(SIGNATURE_BYTES));
    reader.end();
    if (echo.length != 0 && echo.length != INSTANCE_BYTES) {
      throw new MalformedException("an echo of " + echo.length + " bytes");
    }
    return new Heartbeat(key, peer, instance, since, voting, Bytes.wrap(echo), time, signature);
  }

  /// Whether this node, of two with one key, is the one that goes on: the one that votes already,
  /// else the one that started first, else the one with the lower instance.
  boolean goesBefore(boolean otherVoting, long otherSince, Bytes otherInstance) {
    if (voting != otherVoting) {
      return voting;
    }
    int order = Long.compare(since, otherSince);
    return order != 0
        ? order < 0
        : Arrays.compareUnsigned(instance.toArrayUnsafe(), otherInstance.toArrayUnsafe()) < 0;
  }
}
