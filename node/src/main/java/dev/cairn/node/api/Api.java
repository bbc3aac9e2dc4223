package dev.cairn.node.api;

import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.ledger.ChainStore;
import dev.cairn.core.peer.PeerIntake;
import dev.cairn.libp2p.host.Host;
import dev.cairn.node.chain.ChainPeer;
import dev.cairn.node.chain.Heartbeats;
import dev.cairn.node.dht.NodeDht;
import dev.cairn.node.discovery.PeerDiscovery;
import dev.cairn.node.files.NodeFiles;
import dev.cairn.node.rpc.JsonRpc;
import dev.cairn.node.rpc.OpenRpc;
import dev.cairn.node.rpc.RpcMethod;
import dev.cairn.node.rpc.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All methods of a node's JSON-RPC (spec/rpc.md).
public final class Api {

  private Api() {}

  /// What `node_status` returns, as text.
  public static String status(Host host, ChainPeer peer, String version) {
    return new NodeMethods(host, peer, version).status().toString();
  }

  public static JsonRpc of(
      ChainSpec spec,
      ChainStore store,
      ChainPeer peer,
      PeerIntake intake,
      Host host,
      Heartbeats heartbeats,
      PeerDiscovery discovery,
      Optional<NodeDht> dht,
      NodeFiles files,
      String version) {
    List<RpcMethod> list = new ArrayList<>();
    list.addAll(new NodeMethods(host, peer, version).methods());
    list.addAll(new NetMethods(host, discovery).methods());
    list.addAll(new DhtMethods(dht).methods());
    list.addAll(new ChainMethods(spec, store, peer).methods());
    list.addAll(new ValidatorMethods(spec, store).methods());
    list.addAll(new ProofMethods(spec, store, peer).methods());
    list.addAll(new TransactionMethods(store, peer, intake).methods());
    list.addAll(new ConsensusMethods(spec, peer, heartbeats).methods());
    FileMethods kept = new FileMethods(files, host);
    list.addAll(kept.methods());
    list.addAll(kept.contentMethods());
    TransferMethods transfers = new TransferMethods(files);
    list.addAll(transfers.methods());
    list.addAll(transfers.answerMethods());
    Map<String, RpcMethod> methods = new LinkedHashMap<>();
    list.forEach(m -> methods.put(m.name(), m));
    var document = OpenRpc.document(list, version);
    methods.put(
        "rpc.discover",
        new RpcMethod(
            "rpc.discover",
            "This description.",
            List.of(),
            Schema.object("an OpenRPC document", Map.of()),
            p -> document));
    return new JsonRpc(methods);
  }
}
