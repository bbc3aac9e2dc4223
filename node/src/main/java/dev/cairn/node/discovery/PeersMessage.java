package dev.cairn.node.discovery;

import dev.cairn.libp2p.peerstore.Peerstore;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;
import java.util.ArrayList;
import java.util.List;

/// What goes over `/cairn/<chain>/peers/1` (spec/peers.md, "Messages").
final class PeersMessage {

  /// Records of one answer.
  static final int RECORDS_MAX = 32;

  /// Bytes of one answer, all of it.
  static final int ANSWER_BYTES_MAX = 16 * 1024;

  /// Bytes of one request.
  static final int REQUEST_BYTES_MAX = 16;

  /// Bytes of one record's envelope.
  static final int RECORD_BYTES_MAX = Peerstore.RECORD_BYTES_MAX;

  /// Bytes of the heads of an answer and of each record in it, at most.
  private static final int ANSWER_HEAD_BYTES = 4;

  private static final int RECORD_HEAD_BYTES = 3;
  private static final long VERSION = 1;

  private PeersMessage() {}

  /// @param count how many records are wanted, 1 to [#RECORDS_MAX]
  static byte[] request(int count) {
    return new CborWriter(REQUEST_BYTES_MAX).array(2).uint(VERSION).uint(count).toBytes();
  }

  /// How many records are wanted; more than there may be count as that many.
  ///
  /// @throws MalformedException when it is no request
  static int readRequest(byte[] message) {
    CborReader reader = new CborReader(message);
    reader.array(2);
    version(reader);
    long count = reader.uint();
    reader.end();
    if (count < 1) {
      throw new MalformedException("a request for no peers");
    }
    return (int) Math.min(count, RECORDS_MAX);
  }

  /// The answer with as many of the envelopes as fit, the first ones first.
  static byte[] answer(List<byte[]> envelopes) {
    List<byte[]> fitting = new ArrayList<>();
    int bytes = ANSWER_HEAD_BYTES;
    for (byte[] envelope : envelopes) {
      int more = envelope.length + RECORD_HEAD_BYTES;
      if (fitting.size() < RECORDS_MAX
          && envelope.length <= RECORD_BYTES_MAX
          && bytes + more <= ANSWER_BYTES_MAX) {
        fitting.add(envelope);
        bytes += more;
      }
    }
    CborWriter writer = new CborWriter(bytes).array(2).uint(VERSION).array(fitting.size());
    fitting.forEach(writer::bytes);
    return writer.toBytes();
  }

  /// The envelopes of an answer, none of them opened yet.
  ///
  /// @throws MalformedException when it is no answer, or above a limit
  static List<byte[]> readAnswer(byte[] message) {
    if (message.length > ANSWER_BYTES_MAX) {
      throw new MalformedException("peers in " + message.length + " bytes");
    }
    CborReader reader = new CborReader(message);
    reader.array(2);
    version(reader);
    int count = reader.array();
    if (count > RECORDS_MAX) {
      throw new MalformedException(count + " records of peers");
    }
    List<byte[]> envelopes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      envelopes.add(reader.bytes(RECORD_BYTES_MAX));
    }
    reader.end();
    return envelopes;
  }

  private static void version(CborReader reader) {
    long version = reader.uint();
    if (version != VERSION) {
      throw new MalformedException("a peers message of version " + version);
    }
  }
}
