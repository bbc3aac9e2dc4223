package dev.cairn.libp2p.gossipsub;

import dev.cairn.libp2p.peer.PeerId;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// A message that waits for its verdict: nothing is forwarded before [#report] is called.
///
/// Any thread may use it.
public final class GossipMessage {

  private final Message message;
  private final MessageId id;
  private final PeerId from;
  private final Consumer<Verdict> verdicts;
  private final AtomicBoolean reported = new AtomicBoolean();

  GossipMessage(Message message, MessageId id, PeerId from, Consumer<Verdict> verdicts) {
    this.message = message;
    this.id = id;
    this.from = from;
    this.verdicts = verdicts;
  }

  public String topic() {
    return message.topic();
  }

  public MessageId id() {
    return id;
  }

  /// A copy of the data.
  public byte[] data() {
    return message.data();
  }

  public int dataLength() {
    return message.dataLength();
  }

  /// The peer that sent it to us first.
  public PeerId propagatedFrom() {
    return from;
  }

  /// Who wrote it, as the signature proved it; empty where the topic has no signatures.
  public Optional<PeerId> author() {
    return message.author();
  }

  /// Decides about the message, once; it is forwarded only when accepted.
  ///
  /// @throws IllegalStateException when it was decided before
  public void report(Verdict verdict) {
    if (!reported.compareAndSet(false, true)) {
      throw new IllegalStateException("message " + id + " has its verdict already");
    }
    verdicts.accept(verdict);
  }

  Message message() {
    return message;
  }
}
