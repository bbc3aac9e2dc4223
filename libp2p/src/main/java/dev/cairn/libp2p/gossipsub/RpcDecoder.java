package dev.cairn.libp2p.gossipsub;

import dev.cairn.libp2p.protobuf.ProtobufReader;
import dev.cairn.multiformats.MalformedException;
import java.util.ArrayList;
import java.util.List;

/// Reads RPCs (the protobuf of libp2p pubsub with gossipsub's control part up to v1.2).
///
/// What later versions and other stacks add (peer exchange, extensions, partial messages) is passed
/// over. Of each kind of part only as many are read as its limit says; the rest is counted, so that
/// a frame full of empty parts costs no more memory than its own. One thread at a time.
final class RpcDecoder {

  private static final int NAME_BYTES_MAX = 64 * 1024;

  private final GossipLimits limits;
  private final List<TopicChange> subscriptions = new ArrayList<>();
  private final List<Message> messages = new ArrayList<>();
  private final List<Control.IHave> ihave = new ArrayList<>();
  private final List<MessageId> iwant = new ArrayList<>();
  private final List<String> graft = new ArrayList<>();
  private final List<Control.Prune> prune = new ArrayList<>();
  private final List<MessageId> idontwant = new ArrayList<>();
  private int ihaveIds;
  private int surplus;

  private RpcDecoder(GossipLimits limits) {
    this.limits = limits;
  }

  /// Reads one RPC; its messages share the array.
  ///
  /// @throws MalformedException when it is not an RPC
  static Rpc decode(byte[] frame, GossipLimits limits) {
    RpcDecoder decoder = new RpcDecoder(limits);
    decoder.rpc(frame);
    return new Rpc(decoder.subscriptions, decoder.messages, decoder.control(), decoder.surplus);
  }

  private Control control() {
    boolean gossip = ihave.isEmpty() && iwant.isEmpty() && idontwant.isEmpty();
    return gossip && graft.isEmpty() && prune.isEmpty()
        ? Control.NONE
        : new Control(ihave, iwant, graft, prune, idontwant);
  }

  private void rpc(byte[] frame) {
    ProtobufReader reader = new ProtobufReader(frame);
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> {
          ProtobufReader change = reader.message();
          if (room(subscriptions, limits.subscriptionsPerRpcMax())) {
            subscriptions.add(subscription(change));
          }
        }
        case 2 -> {
          ProtobufReader message = reader.message();
          if (room(messages, limits.messagesPerRpcMax())) {
            messages.add(Message.decode(frame, message.offset(), message.remaining()));
          }
        }
        case 3 -> control(reader.message());
        default -> reader.skip();
      }
    }
  }

  private boolean room(List<?> list, int max) {
    if (list.size() < max) {
      return true;
    }
    surplus++;
    return false;
  }

  private static TopicChange subscription(ProtobufReader reader) {
    boolean subscribe = false;
    String topic = "";
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> subscribe = reader.bool();
        case 2 -> topic = reader.text(NAME_BYTES_MAX);
        default -> reader.skip();
      }
    }
    return new TopicChange(topic, subscribe);
  }

  private void control(ProtobufReader reader) {
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> {
          ProtobufReader part = reader.message();
          if (room(ihave, limits.controlsPerRpcMax())) {
            ihave.add(ihave(part));
          }
        }
        case 2 -> ids(reader.message(), iwant);
        case 3 -> {
          ProtobufReader part = reader.message();
          if (room(graft, limits.controlsPerRpcMax())) {
            graft.add(topic(part));
          }
        }
        case 4 -> {
          ProtobufReader part = reader.message();
          if (room(prune, limits.controlsPerRpcMax())) {
            prune.add(prune(part));
          }
        }
        case 5 -> ids(reader.message(), idontwant);
        default -> reader.skip();
      }
    }
  }

  private Control.IHave ihave(ProtobufReader reader) {
    String topic = "";
    List<MessageId> ids = new ArrayList<>();
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> topic = reader.text(NAME_BYTES_MAX);
        case 2 -> {
          if (ihaveIds < limits.idsPerRpcMax()) {
            ihaveIds++;
            ids.add(id(reader));
          } else {
            surplus++;
          }
        }
        default -> reader.skip();
      }
    }
    return new Control.IHave(topic, ids);
  }

  /// Reads the ids of an IWANT or IDONTWANT, where they are field 1.
  private void ids(ProtobufReader reader, List<MessageId> target) {
    while (reader.next()) {
      if (reader.field() == 1 && room(target, limits.idsPerRpcMax())) {
        target.add(id(reader));
      }
    }
  }

  private static MessageId id(ProtobufReader reader) {
    return MessageId.wrap(reader.bytes(MessageId.BYTES_MAX));
  }

  private static String topic(ProtobufReader reader) {
    String topic = "";
    while (reader.next()) {
      if (reader.field() == 1) {
        topic = reader.text(NAME_BYTES_MAX);
      }
    }
    return topic;
  }

  private static Control.Prune prune(ProtobufReader reader) {
    String topic = "";
    long backoff = 0;
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> topic = reader.text(NAME_BYTES_MAX);
        case 3 -> {
          long seconds = reader.varint();
          // Unsigned on the wire: what does not fit is as long as can be.
          backoff = seconds < 0 ? Long.MAX_VALUE : seconds;
        }
        default -> reader.skip();
      }
    }
    return new Control.Prune(topic, backoff);
  }
}
