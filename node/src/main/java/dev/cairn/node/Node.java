package dev.cairn.node;

import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.consensus.Engine;
import dev.cairn.core.consensus.VoteLog;
import dev.cairn.core.consensus.simplex.Signer;
import dev.cairn.core.ledger.ChainStore;
import dev.cairn.core.ledger.Ledger;
import dev.cairn.core.ledger.LedgerException;
import dev.cairn.core.ledger.LedgerParams;
import dev.cairn.core.peer.PeerIntake;
import dev.cairn.core.peer.PeerMachine;
import dev.cairn.core.peer.PeerParams;
import dev.cairn.core.transaction.VerifiedSignatures;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.crypto.Providers;
import dev.cairn.libp2p.gossipsub.GossipParams;
import dev.cairn.libp2p.gossipsub.Gossipsub;
import dev.cairn.libp2p.host.Host;
import dev.cairn.libp2p.peer.Identity;
import dev.cairn.machine.Clock;
import dev.cairn.node.api.Api;
import dev.cairn.node.chain.ChainPeer;
import dev.cairn.node.chain.Heartbeats;
import dev.cairn.node.chain.Verifier;
import dev.cairn.node.config.NodeConfig;
import dev.cairn.node.dht.NodeDht;
import dev.cairn.node.files.NodeFiles;
import dev.cairn.node.gateway.Gateway;
import dev.cairn.node.gateway.GatewayParams;
import dev.cairn.node.gateway.ImportSite;
import dev.cairn.node.keys.LocalKey;
import dev.cairn.node.rpc.HttpApi;
import dev.cairn.node.rpc.HttpGuard;
import dev.cairn.node.rpc.JsonRpc;
import dev.cairn.node.rpc.RpcParams;
import dev.cairn.storage.Store;
import dev.cairn.storage.StoreException;
import dev.cairn.storage.StoreParams;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// A running node: the only place where its parts are put together.
///
/// Parts are closed in the reverse order of their start, so that nothing is used after it is gone:
/// first nobody new comes in, then the chain finishes what it has, last the store.
public final class Node implements AutoCloseable {

  private static final Logger LOG = System.getLogger(Node.class.getName());

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final NodeFolder folder;
  private final NodeConfig config;
  private final ChainSpec spec;
  private final Host host;
  private final HttpApi http;

  /// Starts a node.
  ///
  /// @param validatorKey the key to vote with; empty for a node that follows
  /// @param lost how to go on without the votes that a lost log held
  /// @param onFailure told once when the node cannot go on, from a thread of the node: it must not
  ///   close the node itself
  /// @throws NodeException when it cannot start, with what its operator can do
  public static Node start(
      NodeFolder folder,
      NodeConfig config,
      Optional<Ed25519Key> validatorKey,
      Optional<LostVotes> lost,
      Consumer<Throwable> onFailure) {
    return new Node(folder, config, validatorKey, lost, onFailure);
  }

  private Node(
      NodeFolder folder,
      NodeConfig config,
      Optional<Ed25519Key> validatorKey,
      Optional<LostVotes> lost,
      Consumer<Throwable> onFailure) {
    this.folder = folder;
    this.config = config;
    this.spec = folder.readSpec();
    boolean started = false;
    try {
      LOG.log(Level.INFO, "cryptography: " + Providers.describe());
      Clock clock = Clock.system();
      SecureRandom random = new SecureRandom();
      ChainPeer.Parts chain = chain(validatorKey, lost, clock);
      Identity identity = Identity.loadOrCreate(folder.identity(), random);
      this.host = own(new NodeHost(config, identity, clock, random)).host();
      Gossipsub gossipsub =
          own(Gossipsub.start(host, identity, GossipParams.STANDARD, clock, random.nextLong()));
      ChainPeer peer =
          own(
              ChainPeer.start(
                  chain,
                  host,
                  gossipsub,
                  config.miner().map(NodeConfig.Mining::params),
                  once(onFailure)));
      NodeDiscovery discovery = own(discover(identity, clock, random, onFailure));
      Heartbeats heartbeats = own(heartbeats(peer, gossipsub, validatorKey, clock, onFailure));
      NodeFiles files = own(files(chain.store(), peer, discovery, clock));
      JsonRpc rpc =
          Api.of(
              spec,
              chain.store(),
              peer,
              chain.intake(),
              host,
              heartbeats,
              discovery.peers(),
              discovery.dht(),
              files,
              Version.CURRENT);
      this.http = own(serve(rpc, peer, gossipsub, discovery, files));
      started = true;
    } catch (StoreException | LedgerException e) {
      throw new NodeException(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new NodeException(NodeFolder.reason(e));
    } finally {
      if (!started) {
        close();
      }
    }
  }

  /// What the chain needs: its store and votes, and the machine over them.
  private ChainPeer.Parts chain(
      Optional<Ed25519Key> validatorKey, Optional<LostVotes> lost, Clock clock) {
    boolean fresh = !Store.exists(folder.store());
    Store store = own(Store.open(folder.store(), spec.chainId(), StoreParams.defaults()));
    VoteLog votes = NodeVotes.open(folder, spec.chainId(), fresh, validatorKey.isPresent(), lost);
    if (votes instanceof AutoCloseable part) {
      parts.push(part);
    }
    VerifiedSignatures signatures = new VerifiedSignatures();
    Ledger ledger = new Ledger(spec, store, LedgerParams.of(spec), signatures);
    Consensus consensus = Consensus.of(spec, store, config, validatorKey);
    Engine engine = consensus.engine();
    PeerParams params = PeerParams.standard();
    PeerMachine machine =
        validatorKey
            .map(key -> new PeerMachine(ledger, engine, consensus.seals(), params, key))
            .orElseGet(() -> new PeerMachine(ledger, engine, consensus.seals(), params));
    PeerIntake intake = new PeerIntake(signatures, spec, () -> machine.view().height() + 1);
    Verifier verifier = own(new Verifier(Runtime.getRuntime().availableProcessors()));
    return new ChainPeer.Parts(spec, store, machine, votes, intake, verifier, clock);
  }

  private <T extends AutoCloseable> T own(T part) {
    parts.push(part);
    return part;
  }

  private Heartbeats heartbeats(
      ChainPeer peer,
      Gossipsub gossipsub,
      Optional<Ed25519Key> validatorKey,
      Clock clock,
      Consumer<Throwable> onFailure) {
    return Heartbeats.start(
        spec,
        peer,
        gossipsub,
        new Heartbeats.Speaker(
            validatorKey.map(Signer::of),
            peerId(),
            NodeVotes.listening(folder, !config.bootstrap().isEmpty())),
        clock,
        new Heartbeats.Outcomes(
            () -> NodeVotes.listened(folder),
            why -> onFailure.accept(new NodeException(why)),
            once(onFailure)));
  }

  private NodeDiscovery discover(
      Identity identity, Clock clock, SecureRandom random, Consumer<Throwable> onFailure) {
    String chain = spec.shortName();
    return NodeDiscovery.start(
        folder, config, chain, host, identity, clock, random, once(onFailure));
  }

  private NodeFiles files(ChainStore store, ChainPeer peer, NodeDiscovery discovery, Clock clock) {
    return NodeFiles.open(
        folder.path(),
        config.files(),
        host,
        discovery.dht().map(NodeDht::all).orElse(List.of()),
        store,
        () -> Api.status(host, peer, Version.CURRENT),
        clock);
  }

  private HttpApi serve(
      JsonRpc rpc, ChainPeer peer, Gossipsub gossipsub, NodeDiscovery discovery, NodeFiles files)
      throws IOException {
    return HttpApi.start(
        RpcParams.at(config.rpcHost(), config.rpcPort()),
        HttpGuard.loopback().allowing(config.rpcHosts(), config.rpcOrigins()),
        rpc,
        new HttpApi.Pages(
            () -> peer.view().syncing() ? Optional.of("syncing") : Optional.empty(),
            () -> NodeMetrics.text(peer, host.metrics(), discovery, gossipsub.metrics(), rpc)),
        List.of(
            new Gateway(files.content(), files.names(), GatewayParams.STANDARD),
            new ImportSite(
                files.store(), files::added, LocalKey.make(folder.path(), new SecureRandom()))));
  }

  private static Consumer<Throwable> once(Consumer<Throwable> onFailure) {
    AtomicBoolean told = new AtomicBoolean();
    return e -> {
      LOG.log(Level.ERROR, "the node cannot go on", e);
      if (!told.getAndSet(true)) {
        onFailure.accept(e);
      }
    };
  }

  public String peerId() {
    return host.id().toString();
  }

  /// Where peers can reach this node, each with `/p2p`.
  public List<String> addresses() {
    return host.addresses().stream().map(a -> a + "/p2p/" + host.id()).toList();
  }

  public String rpcUrl() {
    return "http://" + config.rpcHost() + ":" + http.port();
  }

  public String chainId() {
    return spec.chainId().toString();
  }

  /// Stops everything; harmless when called again.
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception e) {
        LOG.log(Level.WARNING, "closing " + part.getClass().getSimpleName() + " failed", e);
      }
    }
  }
}
