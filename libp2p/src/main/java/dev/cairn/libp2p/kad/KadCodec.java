package dev.cairn.libp2p.kad;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.libp2p.protobuf.ProtobufReader;
import dev.cairn.libp2p.protobuf.ProtobufWriter;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.Multiaddr;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Messages as protobuf (kad-dht, "RPC messages").
///
/// What is read is bounded: a message by [#MESSAGE_BYTES_MAX], and within it every list and field.
/// A peer or an address that cannot be read (a key or a transport unknown here) is left out; what
/// breaks protobuf or a limit on a single field makes the whole message malformed.
public final class KadCodec {

  /// The longest message that is read, in bytes.
  public static final int MESSAGE_BYTES_MAX = 64 * 1024;

  /// The longest answer that is sent, in bytes: some stacks take no longer one.
  public static final int ANSWER_BYTES_MAX = 16 * 1024;

  /// The longest key of any message, in bytes.
  public static final int KEY_BYTES_MAX = 512;

  /// The longest value of a record, in bytes: it has to fit an answer beside the nearer peers.
  public static final int VALUE_BYTES_MAX = 8 * 1024;

  /// Nearer peers read from one answer (k), and providers.
  public static final int CLOSER_MAX = 20;

  public static final int PROVIDERS_MAX = 64;

  /// The longest address that is kept, in bytes: one of a relay with certificates takes 200.
  public static final int ADDRESS_BYTES_MAX = 256;

  private static final int PEER_ID_BYTES_MAX = 128;
  private static final int TIME_BYTES_MAX = 64;

  private static final int FIELD_TYPE = 1;
  private static final int FIELD_KEY = 2;
  private static final int FIELD_RECORD = 3;
  private static final int FIELD_CLOSER = 8;
  private static final int FIELD_PROVIDER = 9;
  private static final int FIELD_CLUSTER = 10;

  private static final int PEER_ID = 1;
  private static final int PEER_ADDRESS = 2;
  private static final int RECORD_KEY = 1;
  private static final int RECORD_VALUE = 2;
  private static final int RECORD_TIME = 5;

  private static final byte[] NOTHING = {};

  private KadCodec() {}

  /// Reads a message.
  ///
  /// @throws MalformedException when it is none, or above a limit
  public static KadMessage decode(byte[] encoded) {
    if (encoded.length > MESSAGE_BYTES_MAX) {
      throw new MalformedException("a kad message of " + encoded.length + " bytes");
    }
    KadMessage.Type type = KadMessage.Type.PUT_VALUE;
    byte[] key = NOTHING;
    Optional<KadRecord> record = Optional.empty();
    List<PeerAddresses> closer = new ArrayList<>();
    List<PeerAddresses> providers = new ArrayList<>();
    ProtobufReader reader = new ProtobufReader(encoded);
    while (reader.next()) {
      switch (reader.field()) {
        case FIELD_TYPE -> type = KadMessage.Type.of(reader.varint());
        case FIELD_KEY -> key = reader.bytes(KEY_BYTES_MAX);
        case FIELD_RECORD -> record = Optional.of(record(reader.message()));
        case FIELD_CLOSER -> peer(reader.message(), closer, CLOSER_MAX);
        case FIELD_PROVIDER -> peer(reader.message(), providers, PROVIDERS_MAX);
        default -> {}
      }
    }
    return new KadMessage(type, KadKey.of(key), record, closer, providers);
  }

  private static KadRecord record(ProtobufReader reader) {
    byte[] key = NOTHING;
    byte[] value = NOTHING;
    String time = "";
    while (reader.next()) {
      switch (reader.field()) {
        case RECORD_KEY -> key = reader.bytes(KEY_BYTES_MAX);
        case RECORD_VALUE -> value = reader.bytes(VALUE_BYTES_MAX);
        case RECORD_TIME -> time = reader.text(TIME_BYTES_MAX);
        default -> {}
      }
    }
    return new KadRecord(KadKey.of(key), value, time);
  }

  private static void peer(ProtobufReader reader, List<PeerAddresses> target, int max) {
    if (target.size() == max) {
      return;
    }
    Optional<PeerId> id = Optional.empty();
    List<Multiaddr> addresses = new ArrayList<>();
    while (reader.next()) {
      if (reader.field() == PEER_ID) {
        id = peerId(reader.bytes(PEER_ID_BYTES_MAX));
      } else if (reader.field() == PEER_ADDRESS && addresses.size() < PeerAddresses.ADDRESSES_MAX) {
        address(reader).ifPresent(addresses::add);
      }
    }
    id.ifPresent(peer -> target.add(PeerAddresses.of(peer, addresses)));
  }

  private static Optional<PeerId> peerId(byte[] bytes) {
    try {
      return Optional.of(PeerId.decode(bytes));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  private static Optional<Multiaddr> address(ProtobufReader reader) {
    byte[] bytes = reader.bytes(Integer.MAX_VALUE);
    if (bytes.length > ADDRESS_BYTES_MAX) {
      return Optional.empty();
    }
    try {
      return Optional.of(Multiaddr.decode(bytes));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  /// The message as protobuf. Peers that would take it over [#ANSWER_BYTES_MAX] are left out, the
  /// last ones first, and of the two lists the providers come first.
  public static byte[] encode(KadMessage message) {
    ProtobufWriter out = new ProtobufWriter(1024);
    out.varint(FIELD_TYPE, message.type().code());
    if (message.key().length() > 0) {
      out.bytes(FIELD_KEY, message.key().shared());
    }
    message.record().ifPresent(record -> out.message(FIELD_RECORD, encode(record)));
    int providersMax = ANSWER_BYTES_MAX / 2;
    for (PeerAddresses provider : message.providers()) {
      append(out, FIELD_PROVIDER, provider, providersMax);
    }
    for (PeerAddresses closer : message.closer()) {
      append(out, FIELD_CLOSER, closer, ANSWER_BYTES_MAX);
    }
    return out.varint(FIELD_CLUSTER, 0).toBytes();
  }

  private static ProtobufWriter encode(KadRecord record) {
    ProtobufWriter out = new ProtobufWriter(record.shared().length + 128);
    out.bytes(RECORD_KEY, record.key().shared()).bytes(RECORD_VALUE, record.shared());
    if (!record.timeReceived().isEmpty()) {
      out.text(RECORD_TIME, record.timeReceived());
    }
    return out;
  }

  private static void append(ProtobufWriter out, int field, PeerAddresses peer, int max) {
    ProtobufWriter nested = new ProtobufWriter(128).bytes(PEER_ID, peer.peer().bytes());
    for (Multiaddr address : peer.addresses()) {
      byte[] bytes = address.encode();
      if (bytes.length <= ADDRESS_BYTES_MAX) {
        nested.bytes(PEER_ADDRESS, bytes);
      }
    }
    if (out.size() + ProtobufWriter.sizeOfBytes(field, nested.size()) <= max - 8) {
      out.message(field, nested);
    }
  }
}
