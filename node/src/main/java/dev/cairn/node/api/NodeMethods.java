package dev.cairn.node.api;

import dev.cairn.core.peer.ChainView;
import dev.cairn.libp2p.host.Host;
import dev.cairn.libp2p.host.PeerInfo;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Multiaddr;
import dev.cairn.node.chain.ChainPeer;
import dev.cairn.node.rpc.RpcMethod;
import dev.cairn.node.rpc.Schema;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Map;

/// `node_*`: what this node is, and whom it is connected to.
final class NodeMethods {

  private final Host host;
  private final ChainPeer peer;
  private final String version;

  NodeMethods(Host host, ChainPeer peer, String version) {
    this.host = host;
    this.peer = peer;
    this.version = version;
  }

  List<RpcMethod> methods() {
    return List.of(
        new RpcMethod(
            "node_status",
            "What this node is and how far its chain has come.",
            List.of(),
            Schema.object(
                "the status",
                Map.ofEntries(
                    Map.entry("chain", Schema.string("chain id, hex")),
                    Map.entry("genesis", Schema.string("CID of the genesis block")),
                    Map.entry("peerId", Schema.string("libp2p peer id")),
                    Map.entry("addresses", Schema.array(Schema.string("multiaddr"), "with /p2p")),
                    Map.entry("height", Schema.integer("of the newest executed block")),
                    Map.entry("head", Schema.string("its CID")),
                    Map.entry("finalized", Schema.integer("height of the newest final block")),
                    Map.entry("finalizedHead", Schema.string("its CID")),
                    Map.entry("stateRoot", Schema.string("after the newest final block, hex")),
                    Map.entry("peers", Schema.integer("connections")),
                    Map.entry("mempool", Schema.integer("pending transactions")),
                    Map.entry("syncing", Schema.bool("whether others are ahead")),
                    Map.entry("version", Schema.string("of this program")))),
            p -> status()),
        new RpcMethod(
            "node_peers",
            "The peers this node is connected to.",
            List.of(),
            Schema.array(Schema.object("a peer", Map.of()), "by peer id"),
            p -> peers()));
  }

  JsonValue status() {
    ChainView view = peer.view();
    JsonArrayBuilder addresses = ChainJson.JSON.createArrayBuilder();
    host.addresses().forEach(a -> addresses.add(a + "/p2p/" + host.id()));
    return ChainJson.JSON
        .createObjectBuilder()
        .add("chain", view.chainId().toString())
        .add("genesis", view.genesis().toString())
        .add("peerId", host.id().toString())
        .add("addresses", addresses)
        .add("height", view.height())
        .add("finalized", view.finalizedHeight())
        .add("head", view.head().toString())
        .add("finalizedHead", view.finalized().toString())
        .add("stateRoot", view.stateRoot().toString())
        .add("finalizedTime", view.finalizedTimeMillis())
        .add("peers", host.peers().size())
        .add("mempool", view.mempool())
        .add("syncing", view.syncing())
        .add("syncTarget", view.syncTarget())
        .add("version", version)
        .build();
  }

  private JsonValue peers() {
    JsonArrayBuilder list = ChainJson.JSON.createArrayBuilder();
    host.peers().stream()
        .sorted()
        .flatMap(id -> host.info(id).stream())
        .forEach(i -> list.add(peer(i)));
    return list.build();
  }

  private static JsonObjectBuilder peer(PeerInfo info) {
    JsonArrayBuilder protocols = ChainJson.JSON.createArrayBuilder();
    info.protocols().forEach(protocols::add);
    JsonArrayBuilder addresses = ChainJson.JSON.createArrayBuilder();
    for (Multiaddr address : info.addresses()) {
      addresses.add(address.toString());
    }
    PeerId id = info.peer();
    JsonObjectBuilder json =
        ChainJson.JSON
            .createObjectBuilder()
            .add("peerId", id.toString())
            .add("direction", info.outbound() ? "outbound" : "inbound")
            .add("remote", info.remote().toString())
            .add("agent", info.agent())
            .add("addresses", addresses)
            .add("protocols", protocols);
    info.roundTrip().ifPresent(rtt -> json.add("roundTripMicros", rtt.toNanos() / 1_000));
    return json;
  }
}
