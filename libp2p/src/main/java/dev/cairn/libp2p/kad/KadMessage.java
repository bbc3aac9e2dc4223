package dev.cairn.libp2p.kad;

import dev.cairn.multiformats.MalformedException;
import java.util.List;
import java.util.Optional;

/// A request or an answer (kad-dht, "RPC messages").
///
/// @param key what it is about; an answer repeats that of its request, or leaves it empty
/// @param record in `PUT_VALUE`, and in answers to `GET_VALUE`
/// @param closer peers nearer to the key, in answers
/// @param providers who has the content, in `ADD_PROVIDER` and answers to `GET_PROVIDERS`
public record KadMessage(
    Type type,
    KadKey key,
    Optional<KadRecord> record,
    List<PeerAddresses> closer,
    List<PeerAddresses> providers) {

  /// The kinds, each with its number on the wire.
  public enum Type {
    PUT_VALUE(0),
    GET_VALUE(1),
    ADD_PROVIDER(2),
    GET_PROVIDERS(3),
    FIND_NODE(4),
    PING(5);

    private static final List<Type> BY_CODE = List.of(values());

    private final int code;

    Type(int code) {
      this.code = code;
    }

    public int code() {
      return code;
    }

    /// @throws MalformedException for a number that stands for nothing
    static Type of(long code) {
      if (code < 0 || code >= BY_CODE.size()) {
        throw new MalformedException("no kad message of type " + code);
      }
      return BY_CODE.get((int) code);
    }
  }

  public KadMessage {
    closer = List.copyOf(closer);
    providers = List.copyOf(providers);
  }

  /// A question, or a `PING`.
  public static KadMessage ask(Type type, KadKey key) {
    return new KadMessage(type, key, Optional.empty(), List.of(), List.of());
  }

  public static KadMessage put(KadRecord record) {
    return new KadMessage(Type.PUT_VALUE, record.key(), Optional.of(record), List.of(), List.of());
  }

  public static KadMessage addProvider(KadKey key, PeerAddresses provider) {
    return new KadMessage(Type.ADD_PROVIDER, key, Optional.empty(), List.of(), List.of(provider));
  }

  /// The answer to this question with nearer peers only.
  public KadMessage closer(List<PeerAddresses> peers) {
    return new KadMessage(type, key, Optional.empty(), peers, List.of());
  }
}
