package dev.cairn.node.api;

import dev.cairn.libp2p.host.Host;
import dev.cairn.node.discovery.DiscoveryView;
import dev.cairn.node.discovery.PeerDiscovery;
import dev.cairn.node.rpc.RpcMethod;
import dev.cairn.node.rpc.Schema;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Map;

/// `net_*`: how this node found its peers, and whom else it knows.
final class NetMethods {

  private final Host host;
  private final PeerDiscovery discovery;

  NetMethods(Host host, PeerDiscovery discovery) {
    this.host = host;
    this.discovery = discovery;
  }

  List<RpcMethod> methods() {
    Schema peer =
        Schema.object(
            "a peer",
            Map.of(
                "peerId", Schema.string("libp2p peer id"),
                "direction", Schema.string("inbound or outbound"),
                "remote", Schema.string("multiaddr of its end"),
                "agent", Schema.string("its software, as it says"),
                "source", Schema.string("how it became known"),
                "group", Schema.string("its /24 or /56; its address where it is local"),
                "chosen", Schema.bool("whether it holds a place for outbound peers"),
                "sameChain", Schema.bool("whether it serves this chain"),
                "anchor", Schema.bool("whether it is dialled first after a restart"),
                "connectedMillis", Schema.integer("how long it has been connected")));
    Schema candidates =
        Schema.object(
            "the peers known",
            Map.of(
                "tried", Schema.integer("that have answered"),
                "new", Schema.integer("that have not"),
                "bySource", Schema.object("all of them", Map.of())));
    return List.of(
        new RpcMethod(
            "net_info",
            "How this node found its peers, and whom else it knows.",
            List.of(),
            Schema.object(
                "the network as this node sees it",
                Map.of(
                    "peerId", Schema.string("of this node"),
                    "addresses", Schema.array(Schema.string("multiaddr"), "with /p2p"),
                    "outbound", Schema.integer("places for outbound peers, taken"),
                    "outboundWanted", Schema.integer("of how many"),
                    "dialling", Schema.integer("dials under way"),
                    "peers", Schema.array(peer, "connected, the oldest first"),
                    "candidates", candidates,
                    "anchors", Schema.array(Schema.string("peer id"), "dialled first"))),
            p -> info()));
  }

  private JsonValue info() {
    DiscoveryView view = discovery.view();
    JsonArrayBuilder addresses = ChainJson.JSON.createArrayBuilder();
    host.addresses().forEach(a -> addresses.add(a + "/p2p/" + host.id()));
    JsonArrayBuilder peers = ChainJson.JSON.createArrayBuilder();
    long now = System.nanoTime();
    view.peers().forEach(peer -> add(peers, peer, now));
    JsonArrayBuilder anchors = ChainJson.JSON.createArrayBuilder();
    view.anchors().forEach(a -> anchors.add(a.toString()));
    JsonObjectBuilder sources = ChainJson.JSON.createObjectBuilder();
    view.bySource().forEach((source, count) -> sources.add(source.toString(), count));
    return ChainJson.JSON
        .createObjectBuilder()
        .add("peerId", host.id().toString())
        .add("addresses", addresses)
        .add("outbound", view.outbound())
        .add("outboundWanted", view.outboundWanted())
        .add("dialling", view.dialling())
        .add("peers", peers)
        .add(
            "candidates",
            ChainJson.JSON
                .createObjectBuilder()
                .add("tried", view.tried())
                .add("new", view.heard())
                .add("bySource", sources))
        .add("anchors", anchors)
        .build();
  }

  private void add(JsonArrayBuilder list, DiscoveryView.Peer peer, long nowNanos) {
    host.info(peer.peer())
        .ifPresent(
            info -> {
              JsonObjectBuilder json =
                  ChainJson.JSON
                      .createObjectBuilder()
                      .add("peerId", peer.peer().toString())
                      .add("direction", info.outbound() ? "outbound" : "inbound")
                      .add("remote", info.remote().toString())
                      .add("agent", info.agent())
                      .add("source", peer.source().map(Object::toString).orElse("none"))
                      .add("group", peer.group())
                      .add("chosen", peer.chosen())
                      .add("sameChain", peer.ours())
                      .add("anchor", peer.anchor())
                      .add("connectedMillis", (nowNanos - peer.sinceNanos()) / 1_000_000);
              info.roundTrip().ifPresent(t -> json.add("roundTripMicros", t.toNanos() / 1_000));
              list.add(json);
            });
  }
}
