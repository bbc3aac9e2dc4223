package dev.cairn.files.send;

import dev.cairn.libp2p.host.Host;
import dev.cairn.libp2p.host.PeerEvent;
import dev.cairn.libp2p.host.PeerEvents;
import dev.cairn.libp2p.host.Requests;
import dev.cairn.libp2p.host.StreamLimits;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.machine.Clock;
import dev.cairn.storage.files.DurableFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/// `/cairn/send/1` (spec/share.md): files that peers send each other. Both directions of one host.
public final class Sending implements AutoCloseable {

  public static final String PROTOCOL = "/cairn/send/1";

  static final Requests.Limits LIMITS =
      new Requests.Limits(
          SendMessage.BYTES_MAX,
          SendMessage.BYTES_MAX,
          Duration.ofSeconds(10),
          new StreamLimits(4, 64));

  private final Host host;
  private final Inbox inbox;
  private final Outbox outbox;
  private final PeerEvents events;

  /// Serves the protocol, and goes on with what a former run left.
  ///
  /// @param folder where both lists of offers are kept
  /// @param used counts the bytes in the inbox's folder
  /// @throws dev.cairn.storage.StoreException when a list is damaged
  public static Sending start(
      Host host,
      InboxRules rules,
      SendParams params,
      Clock clock,
      Path folder,
      Delivery delivery,
      LongSupplier used) {
    DurableFiles.makeFolder(folder);
    Inbox inbox = new Inbox(host, rules, params, clock, folder.resolve("received"), delivery, used);
    Outbox outbox = new Outbox(host, params, clock, folder.resolve("sent"));
    Sending sending = new Sending(host, inbox, outbox);
    Requests.on(host, PROTOCOL, LIMITS, sending::answer);
    inbox.start();
    outbox.start();
    Thread.ofVirtual().name("sending peers").start(sending::watch);
    return sending;
  }

  private Sending(Host host, Inbox inbox, Outbox outbox) {
    this.host = host;
    this.inbox = inbox;
    this.outbox = outbox;
    this.events = host.events();
  }

  public Inbox inbox() {
    return inbox;
  }

  public Outbox outbox() {
    return outbox;
  }

  private byte[] answer(PeerId peer, byte[] request) {
    OfferStatus status =
        switch (SendMessage.decode(request)) {
          case SendMessage.Offered(Offer offer) -> inbox.offered(peer, offer);
          case SendMessage.Reported(String id, OfferStatus told) -> outbox.reported(peer, id, told);
          case SendMessage.Withdrawn(String id) -> inbox.withdrawn(peer, id);
        };
    return status.encode();
  }

  private void watch() {
    try {
      for (Optional<PeerEvent> event = events.take(); event.isPresent(); event = events.take()) {
        if (event.get() instanceof PeerEvent.Connected connected) {
          outbox.connected(connected.peer());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    host.unhandle(PROTOCOL);
    events.close();
    outbox.close();
    inbox.close();
  }
}
