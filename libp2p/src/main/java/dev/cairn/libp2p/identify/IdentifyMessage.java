package dev.cairn.libp2p.identify;

import dev.cairn.libp2p.peer.PublicKey;
import dev.cairn.libp2p.protobuf.ProtobufReader;
import dev.cairn.libp2p.protobuf.ProtobufWriter;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.Multiaddr;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a peer says of itself (libp2p identify). In a push, whatever is absent or empty stays as it
/// was.
///
/// @param publicKey the protobuf form, not yet checked against the connection
/// @param addresses where it listens; those in protocols unknown here are left out
/// @param protocols what it serves
/// @param observed how it sees this side's end of the connection
/// @param record its [SignedPeerRecord] envelope, not yet opened
public record IdentifyMessage(
    Optional<byte[]> publicKey,
    List<Multiaddr> addresses,
    List<String> protocols,
    Optional<Multiaddr> observed,
    Optional<String> protocolVersion,
    Optional<String> agent,
    Optional<byte[]> record) {

  public static final int MESSAGES_MAX = 10;
  public static final int MESSAGE_BYTES_MAX = 8 * 1024;
  public static final int ADDRESSES_MAX = 500;
  public static final int PROTOCOLS_MAX = 1_000;

  /// Longer addresses are left out: a relayed WebRTC address with its certificates takes 200 bytes.
  public static final int ADDRESS_BYTES_MAX = 256;

  public static final int PROTOCOL_BYTES_MAX = 256;
  public static final int AGENT_BYTES_MAX = 256;

  /// What is sent in one message; longer lists go on in the next. Some stacks read no more.
  public static final int SENT_BYTES_MAX = 4 * 1024;

  private static final int FIELD_KEY = 1;
  private static final int FIELD_ADDRESS = 2;
  private static final int FIELD_PROTOCOL = 3;
  private static final int FIELD_OBSERVED = 4;
  private static final int FIELD_VERSION = 5;
  private static final int FIELD_AGENT = 6;
  private static final int FIELD_RECORD = 8;

  public IdentifyMessage {
    addresses = List.copyOf(addresses);
    protocols = List.copyOf(protocols);
  }

  /// Reads and merges the messages of one stream: lists add up, of single fields the last counts.
  ///
  /// @throws MalformedException when there are too many, or one breaks a limit
  public static IdentifyMessage decode(List<byte[]> messages) {
    if (messages.size() > MESSAGES_MAX) {
      throw new MalformedException("identify in " + messages.size() + " messages");
    }
    Merge merge = new Merge();
    messages.forEach(merge::add);
    return merge.done();
  }

  /// The message in as many parts as [#SENT_BYTES_MAX] asks for, in the order to send them.
  public List<byte[]> encode() {
    Parts parts = new Parts();
    publicKey.ifPresent(key -> parts.add(FIELD_KEY, key));
    protocolVersion.ifPresent(version -> parts.add(FIELD_VERSION, utf8(version)));
    agent.ifPresent(name -> parts.add(FIELD_AGENT, utf8(name)));
    observed.ifPresent(address -> parts.add(FIELD_OBSERVED, address.encode()));
    protocols.forEach(protocol -> parts.add(FIELD_PROTOCOL, utf8(protocol)));
    addresses.forEach(address -> parts.add(FIELD_ADDRESS, address.encode()));
    record.ifPresent(envelope -> parts.add(FIELD_RECORD, envelope));
    return parts.done();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// Adds an address unless it is in a protocol that is unknown here: other stacks listen on
  /// transports that this one has never heard of, and that is no offence.
  static void addAddress(byte[] encoded, List<Multiaddr> addresses) {
    if (addresses.size() >= ADDRESSES_MAX) {
      throw new MalformedException("identify with over " + ADDRESSES_MAX + " addresses");
    }
    if (encoded.length > ADDRESS_BYTES_MAX) {
      return;
    }
    try {
      addresses.add(Multiaddr.decode(encoded));
    } catch (MalformedException e) {
      // Left out.
    }
  }

  /// Fields that are packed into messages one after the other.
  private static final class Parts {
    private final List<byte[]> done = new ArrayList<>();
    private ProtobufWriter part = new ProtobufWriter(512);

    void add(int field, byte[] value) {
      if (part.size() > 0
          && part.size() + ProtobufWriter.sizeOfBytes(field, value.length) > SENT_BYTES_MAX) {
        done.add(part.toBytes());
        part = new ProtobufWriter(512);
      }
      part.bytes(field, value);
    }

    List<byte[]> done() {
      done.add(part.toBytes());
      return done;
    }
  }

  /// The fields read so far.
  private static final class Merge {
    private final List<Multiaddr> addresses = new ArrayList<>();
    private final List<String> protocols = new ArrayList<>();
    private Optional<byte[]> publicKey = Optional.empty();
    private Optional<Multiaddr> observed = Optional.empty();
    private Optional<String> protocolVersion = Optional.empty();
    private Optional<String> agent = Optional.empty();
    private Optional<byte[]> record = Optional.empty();

    void add(byte[] message) {
      if (message.length > MESSAGE_BYTES_MAX) {
        throw new MalformedException("identify message of " + message.length + " bytes");
      }
      ProtobufReader reader = new ProtobufReader(message);
      while (reader.next()) {
        switch (reader.field()) {
          case FIELD_KEY -> publicKey = Optional.of(reader.bytes(PublicKey.ENCODED_BYTES_MAX));
          case FIELD_ADDRESS -> addAddress(reader.bytes(MESSAGE_BYTES_MAX), addresses);
          case FIELD_PROTOCOL -> protocol(reader.text(PROTOCOL_BYTES_MAX));
          case FIELD_OBSERVED -> observed(reader.bytes(MESSAGE_BYTES_MAX));
          case FIELD_VERSION -> protocolVersion = Optional.of(reader.text(AGENT_BYTES_MAX));
          case FIELD_AGENT -> agent = Optional.of(reader.text(AGENT_BYTES_MAX));
          case FIELD_RECORD -> record = Optional.of(reader.bytes(MESSAGE_BYTES_MAX));
          default -> {}
        }
      }
    }

    private void protocol(String protocol) {
      if (protocols.size() >= PROTOCOLS_MAX) {
        throw new MalformedException("identify with over " + PROTOCOLS_MAX + " protocols");
      }
      protocols.add(protocol);
    }

    private void observed(byte[] encoded) {
      List<Multiaddr> one = new ArrayList<>();
      addAddress(encoded, one);
      observed = one.stream().findFirst();
    }

    IdentifyMessage done() {
      return new IdentifyMessage(
          publicKey, addresses, protocols, observed, protocolVersion, agent, record);
    }
  }
}
