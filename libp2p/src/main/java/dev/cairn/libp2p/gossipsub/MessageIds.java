package dev.cairn.libp2p.gossipsub;

import dev.cairn.crypto.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/// How the messages of a topic are named. All peers of a topic have to agree on it: the defaults of
/// other stacks differ, so it is always said. A pure function that any thread may call.
@FunctionalInterface
public interface MessageIds {

  /// The length of a [#CONTENT] id in bytes.
  int CONTENT_BYTES = 20;

  /// SHA-256 over the topic's UTF-8 bytes and the data, cut to 20 bytes: one content, one message.
  MessageIds CONTENT =
      message -> {
        MessageDigest digest = Sha256.newDigest();
        digest.update(message.topic().getBytes(StandardCharsets.UTF_8));
        message.updateWithData(digest);
        return MessageId.wrap(Arrays.copyOf(digest.digest(), CONTENT_BYTES));
      };

  /// The author's peer id and the sequence number, one after the other: the default of other stacks
  /// for signed messages.
  MessageIds AUTHOR_AND_NUMBER =
      message -> {
        byte[] author = message.authorBytes();
        byte[] number = message.sequenceNumber();
        int length = Math.min(author.length + number.length, MessageId.BYTES_MAX);
        byte[] id = Arrays.copyOf(author, length);
        System.arraycopy(
            number, 0, id, Math.min(author.length, length), Math.max(0, length - author.length));
        return MessageId.wrap(id);
      };

  MessageId of(Message message);
}
