package dev.cairn.node.chain;

import dev.cairn.core.block.Block;
import dev.cairn.core.ledger.ChainStore;
import dev.cairn.core.peer.ChainView;
import dev.cairn.core.peer.PeerEffect;
import dev.cairn.core.peer.PeerInput;
import dev.cairn.core.sync.BlockMessage;
import dev.cairn.core.sync.BlockRequest;
import dev.cairn.core.sync.BlocksRequest;
import dev.cairn.core.sync.HeadersRequest;
import dev.cairn.core.sync.RangeRequest;
import dev.cairn.core.sync.RangeServer;
import dev.cairn.core.sync.Status;
import dev.cairn.libp2p.host.Host;
import dev.cairn.libp2p.host.PeerEvent;
import dev.cairn.libp2p.host.PeerEvents;
import dev.cairn.libp2p.host.RequestResponse;
import dev.cairn.libp2p.host.StreamLimits;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.tuweni.bytes.Bytes;

/// The chain's two stream protocols, `/cairn/status/1` and `/cairn/<chain>/sync/1`: this node's
/// answers, and its own requests, each on a virtual thread.
final class ChainStreams implements AutoCloseable {

  static final String STATUS = "/cairn/status/1";

  private static final StreamLimits STATUS_LIMITS = new StreamLimits(4, 256);
  private static final StreamLimits SYNC_LIMITS = new StreamLimits(4, 64);

  /// Bytes of all blocks of one answer that are kept: what a peer may send, and one block more.
  private static final long ANSWER_BYTES_MAX = RangeServer.ANSWER_BYTES_MAX;

  private static final Duration STATUS_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration RANGE_TIMEOUT = Duration.ofSeconds(20);
  private static final Logger LOG = System.getLogger(ChainStreams.class.getName());

  private final Host host;
  private final String sync;
  private final Supplier<ChainView> view;
  private final Source source;
  private final PeerEvents events;

  /// Where the blocks that others ask for come from.
  ///
  /// @param open gives a block that is not final yet, if this node has it; it may wait
  record Source(ChainStore store, RangeServer ranges, Function<Cid, Optional<Block>> open) {}

  /// @param chain the chain's short name
  ChainStreams(Host host, String chain, Supplier<ChainView> view, Source source) {
    this.host = host;
    this.sync = "/cairn/" + chain + "/sync/1";
    this.view = view;
    this.source = source;
    this.events = host.events();
  }

  /// Serves both protocols and tells `submit` who joins and who goes.
  void start(Consumer<PeerInput> submit) {
    RequestResponse.serve(
        host,
        STATUS,
        STATUS_LIMITS,
        Status.BYTES_MAX,
        STATUS_TIMEOUT,
        (peer, body) -> status(submit, peer, body));
    RequestResponse.serveMany(
        host,
        sync,
        SYNC_LIMITS,
        BlocksRequest.BYTES_MAX,
        RANGE_TIMEOUT,
        (peer, body, responses) -> {
          for (byte[] message : answer(BlocksRequest.decode(body))) {
            responses.send(message);
          }
        });
    Thread.ofVirtual().name("chain peers").start(() -> watch(submit));
  }

  private List<byte[]> answer(BlocksRequest request) {
    return switch (request) {
      case RangeRequest range -> source.ranges().answer(range);
      case HeadersRequest headers -> source.ranges().answer(headers);
      case BlockRequest one ->
          source
              .store()
              .block(one.block())
              .map(BlockMessage::encode)
              .or(
                  () ->
                      source
                          .open()
                          .apply(one.block())
                          .map(b -> new BlockMessage(b, Bytes.EMPTY).encode()))
              .stream()
              .toList();
    };
  }

  private byte[] status(Consumer<PeerInput> submit, PeerId peer, byte[] body) {
    submit.accept(new PeerInput.PeerStatus(peer.toString(), Status.decode(body)));
    return view.get().status().encode();
  }

  private void watch(Consumer<PeerInput> submit) {
    try {
      Optional<PeerEvent> event = events.take();
      while (event.isPresent()) {
        switch (event.get()) {
          case PeerEvent.Connected(PeerId peer, boolean outbound, List<String> protocols) ->
              joined(submit, peer, protocols);
          case PeerEvent.ProtocolsChanged(PeerId peer, List<String> protocols) ->
              joined(submit, peer, protocols);
          case PeerEvent.Disconnected(PeerId peer) ->
              submit.accept(new PeerInput.PeerGone(peer.toString()));
        }
        event = events.take();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void joined(Consumer<PeerInput> submit, PeerId peer, List<String> protocols) {
    if (protocols.contains(STATUS)) {
      submit.accept(new PeerInput.PeerJoined(peer.toString()));
    }
  }

  void requestStatus(String peer, Consumer<PeerInput> submit) {
    Thread.ofVirtual()
        .name("status of " + peer)
        .start(
            () -> {
              try {
                byte[] answer =
                    RequestResponse.request(
                        host,
                        PeerId.parse(peer),
                        STATUS,
                        view.get().status().encode(),
                        Status.BYTES_MAX,
                        STATUS_TIMEOUT);
                submit.accept(new PeerInput.PeerStatus(peer, Status.decode(answer)));
              } catch (IOException | MalformedException e) {
                LOG.log(Level.DEBUG, () -> "no status from " + peer + ": " + e.getMessage());
              }
            });
  }

  void requestBlocks(PeerEffect.RequestBlocks request, Consumer<PeerInput> submit) {
    Thread.ofVirtual()
        .name("blocks from " + request.peer())
        .start(() -> submit.accept(blocks(request)));
  }

  private PeerInput blocks(PeerEffect.RequestBlocks effect) {
    BlocksRequest request = effect.request();
    try (var responses =
        RequestResponse.requestMany(
            host,
            PeerId.parse(effect.peer()),
            sync,
            request.encode(),
            BlockMessage.BYTES_MAX,
            RANGE_TIMEOUT)) {
      List<byte[]> messages = new ArrayList<>();
      long bytes = 0;
      Optional<byte[]> message = responses.next();
      while (message.isPresent()
          && messages.size() < request.count()
          && bytes <= ANSWER_BYTES_MAX) {
        bytes += message.get().length;
        messages.add(message.get());
        message = responses.next();
      }
      return PeerInput.answer(effect, messages);
    } catch (MalformedException e) {
      return failed(effect, e, true);
    } catch (IOException e) {
      return failed(effect, e, false);
    }
  }

  private static PeerInput failed(PeerEffect.RequestBlocks effect, Exception e, boolean malformed) {
    return new PeerInput.SyncFailed(
        effect.requestId(), effect.peer(), String.valueOf(e.getMessage()), malformed);
  }

  @Override
  public void close() {
    host.unhandle(STATUS);
    host.unhandle(sync);
    events.close();
  }
}
