package dev.cairn.libp2p.gossipsub;

import dev.cairn.crypto.Ed25519Key;
import dev.cairn.libp2p.peer.Identity;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.libp2p.peer.PublicKey;
import dev.cairn.libp2p.protobuf.ProtobufReader;
import dev.cairn.libp2p.protobuf.ProtobufWriter;
import dev.cairn.multiformats.MalformedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;

/// One pubsub message in its encoded form, with the places of its fields (libp2p pubsub, "The
/// Message"). Immutable; it shares the array that it was read from.
///
/// The bytes are always the canonical encoding (fields in order, once each, nothing unknown), so
/// that they can be forwarded as they are and a peer cannot smuggle anything along with a valid
/// message. In canonical order signature and key come last: what is signed is a prefix.
public final class Message {

  private static final int FROM = 1;
  private static final int DATA = 2;
  private static final int SEQUENCE_NUMBER = 3;
  private static final int TOPIC = 4;
  private static final int SIGNATURE = 5;
  private static final int KEY = 6;

  private static final byte[] SIGNATURE_PREFIX =
      "libp2p-pubsub:".getBytes(StandardCharsets.US_ASCII);
  private static final int AUTHOR_BYTES_MAX = 64;
  private static final int SEQUENCE_NUMBER_BYTES = 8;

  private final byte[] source;
  private final int start;
  private final int length;
  private final String topic;

  /// Where each field begins, by its number; -1 where it is absent.
  private final int[] starts;

  private final int[] lengths;

  private Message(byte[] source, int start, int length, String topic, int[] starts, int[] lengths) {
    this.source = source;
    this.start = start;
    this.length = length;
    this.topic = topic;
    this.starts = starts;
    this.lengths = lengths;
  }

  /// Reads a message. It may keep the array.
  ///
  /// @throws MalformedException when it is not a message
  static Message decode(byte[] source, int start, int length) {
    int[] starts = new int[KEY + 1];
    int[] lengths = new int[KEY + 1];
    Arrays.fill(starts, -1);
    ProtobufReader reader = new ProtobufReader(source, start, length);
    int canonical = 0;
    int last = 0;
    boolean ordered = true;
    while (reader.next()) {
      int field = reader.field();
      if (field > KEY) {
        ordered = false;
        continue;
      }
      ProtobufReader value = reader.message();
      ordered &= field > last;
      last = field;
      starts[field] = value.offset();
      lengths[field] = value.remaining();
      canonical += ProtobufWriter.sizeOfBytes(field, value.remaining());
    }
    if (!ordered || canonical != length) {
      byte[] again = encode(source, starts, lengths);
      return decode(again, 0, again.length);
    }
    String topic =
        starts[TOPIC] < 0
            ? ""
            : new String(source, starts[TOPIC], lengths[TOPIC], StandardCharsets.UTF_8);
    return new Message(source, start, length, topic, starts, lengths);
  }

  private static byte[] encode(byte[] source, int[] starts, int[] lengths) {
    ProtobufWriter writer = new ProtobufWriter();
    for (int field = FROM; field <= KEY; field++) {
      if (starts[field] >= 0) {
        writer.bytes(field, source, starts[field], lengths[field]);
      }
    }
    return writer.toBytes();
  }

  /// A message for a topic with [SignaturePolicy#STRICT_NO_SIGN].
  public static Message unsigned(String topic, byte[] data) {
    byte[] encoded =
        new ProtobufWriter(data.length + topic.length() + 16)
            .bytes(DATA, data)
            .text(TOPIC, topic)
            .toBytes();
    return decode(encoded, 0, encoded.length);
  }

  /// A message for a topic with [SignaturePolicy#STRICT_SIGN].
  ///
  /// @param sequenceNumber no two messages of one author may have the same; it should grow
  public static Message signed(Identity author, long sequenceNumber, String topic, byte[] data) {
    Ed25519Key key = author.key();
    ProtobufWriter writer =
        new ProtobufWriter(data.length + topic.length() + 160)
            .bytes(FROM, author.id().bytes())
            .bytes(DATA, data)
            .bytes(
                SEQUENCE_NUMBER,
                ByteBuffer.allocate(SEQUENCE_NUMBER_BYTES).putLong(sequenceNumber).array())
            .text(TOPIC, topic);
    byte[] unsigned = writer.toBytes();
    byte[] encoded =
        writer.bytes(SIGNATURE, key.sign(signedBytes(unsigned, 0, unsigned.length))).toBytes();
    return decode(encoded, 0, encoded.length);
  }

  private static byte[] signedBytes(byte[] source, int start, int length) {
    byte[] signed = Arrays.copyOf(SIGNATURE_PREFIX, SIGNATURE_PREFIX.length + length);
    System.arraycopy(source, start, signed, SIGNATURE_PREFIX.length, length);
    return signed;
  }

  public String topic() {
    return topic;
  }

  /// A copy of the data; empty when there is none.
  public byte[] data() {
    return field(DATA);
  }

  public int dataLength() {
    return lengths[DATA];
  }

  /// Feeds the data to a digest without a copy.
  public void updateWithData(MessageDigest digest) {
    if (starts[DATA] >= 0) {
      digest.update(source, starts[DATA], lengths[DATA]);
    }
  }

  /// Who the message says wrote it: a multihash, unless the message is malformed; empty when it
  /// does not say.
  public byte[] authorBytes() {
    return field(FROM);
  }

  /// The author, where the message says who it is and that can be read.
  public Optional<PeerId> author() {
    if (starts[FROM] < 0 || lengths[FROM] > AUTHOR_BYTES_MAX) {
      return Optional.empty();
    }
    try {
      return Optional.of(PeerId.decode(field(FROM)));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  /// Whether the message says that this peer wrote it.
  boolean isAuthor(PeerId peer) {
    if (starts[FROM] < 0) {
      return false;
    }
    byte[] id = peer.bytes();
    return Arrays.equals(source, starts[FROM], starts[FROM] + lengths[FROM], id, 0, id.length);
  }

  /// The sequence number's bytes, eight in a valid message; empty when there is none.
  public byte[] sequenceNumber() {
    return field(SEQUENCE_NUMBER);
  }

  /// What is wrong with the message's form under a policy, without looking at the signature.
  Optional<String> fault(SignaturePolicy policy) {
    return switch (policy) {
      case STRICT_NO_SIGN -> {
        for (int field : new int[] {FROM, SEQUENCE_NUMBER, SIGNATURE, KEY}) {
          if (starts[field] >= 0) {
            yield Optional.of("field " + field + " in a message without signature");
          }
        }
        yield Optional.empty();
      }
      case STRICT_SIGN -> {
        if (starts[FROM] < 0 || lengths[FROM] > AUTHOR_BYTES_MAX) {
          yield Optional.of("no author");
        } else if (lengths[SEQUENCE_NUMBER] != SEQUENCE_NUMBER_BYTES) {
          yield Optional.of("sequence number of " + lengths[SEQUENCE_NUMBER] + " bytes");
        } else if (starts[SIGNATURE] < 0) {
          yield Optional.of("no signature");
        }
        yield Optional.empty();
      }
    };
  }

  /// Whether the signature is that of the author. The key comes from the author's id, or from the
  /// message where the id is only a hash of it; one that is there has to fit the id.
  boolean signatureFits(AuthorKeys keys) {
    try {
      byte[] author = field(FROM);
      Optional<PublicKey> key;
      if (starts[KEY] < 0) {
        key = keys.inline(author);
      } else {
        key =
            Optional.of(PublicKey.decode(field(KEY)))
                .filter(k -> PeerId.of(k).equals(PeerId.decode(author)));
      }
      int signedEnd = starts[TOPIC] + lengths[TOPIC];
      return key.isPresent()
          && key.get().verify(signedBytes(source, start, signedEnd - start), field(SIGNATURE));
    } catch (MalformedException e) {
      return false;
    }
  }

  /// The encoded message's bytes.
  int length() {
    return length;
  }

  byte[] source() {
    return source;
  }

  int start() {
    return start;
  }

  /// The same message without the rest of a frame that is much larger, so that keeping a message
  /// never keeps more than twice its bytes.
  Message compact() {
    if (source.length <= 2L * length + 64) {
      return this;
    }
    return decode(Arrays.copyOfRange(source, start, start + length), 0, length);
  }

  private byte[] field(int field) {
    return starts[field] < 0
        ? new byte[0]
        : Arrays.copyOfRange(source, starts[field], starts[field] + lengths[field]);
  }

  @Override
  public String toString() {
    return "Message[" + topic + ", " + lengths[DATA] + " bytes]";
  }
}
