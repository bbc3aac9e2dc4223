package dev.cairn.node.api;

import dev.cairn.libp2p.kad.Kad;
import dev.cairn.libp2p.kad.KadMetrics;
import dev.cairn.libp2p.kad.PeerAddresses;
import dev.cairn.libp2p.kad.SignedRecord;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.node.dht.NodeDht;
import dev.cairn.node.rpc.Params;
import dev.cairn.node.rpc.RpcException;
import dev.cairn.node.rpc.RpcMethod;
import dev.cairn.node.rpc.RpcMethod.Param;
import dev.cairn.node.rpc.Schema;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// `dht_*`: what this node finds in the DHT, and puts there.
final class DhtMethods {

  private static final int PROVIDERS_MAX = 100;
  private static final int PROVIDERS_STANDARD = 20;

  private final Optional<NodeDht> dht;

  DhtMethods(Optional<NodeDht> dht) {
    this.dht = dht;
  }

  List<RpcMethod> methods() {
    Schema peer =
        Schema.object(
            "a peer",
            Map.of(
                "peerId", Schema.string("libp2p peer id"),
                "addresses", Schema.array(Schema.string("multiaddr"), "without /p2p")));
    return List.of(
        new RpcMethod(
            "dht_status",
            "This node's part in the DHT.",
            List.of(),
            Schema.object(
                "the part",
                Map.of(
                    "mode", Schema.string("server, client or off"),
                    "peers", Schema.integer("in the routing table"),
                    "provided", Schema.integer("keys that this node provides"),
                    "providerRecords", Schema.integer("kept for others"),
                    "valueRecords", Schema.integer("kept"),
                    "ipfsPeers", Schema.integer("in the table of the public DHT, if it is asked"))),
            p -> status()),
        new RpcMethod(
            "dht_findPeer",
            "Where a peer listens.",
            List.of(Param.required("peer", Schema.string("peer id"), "whom to find")),
            peer,
            this::findPeer),
        new RpcMethod(
            "dht_providers",
            "Who has what a CID names.",
            List.of(
                Param.required("cid", Schema.string("CID"), "what is looked for"),
                Param.optional("max", Schema.integer("1 to 100; 20"), "providers at most")),
            Schema.array(peer, "in the order in which they were found"),
            this::providers),
        new RpcMethod(
            "dht_get",
            "What a peer has put under a name of its own.",
            List.of(
                Param.required("peer", Schema.string("peer id"), "whose record"),
                Param.required("name", Schema.string("up to 64 bytes"), "its name")),
            record(),
            this::get),
        new RpcMethod(
            "dht_put",
            "Puts a value under a name of this node's own, for 48 hours.",
            List.of(
                Param.required("name", Schema.string("up to 64 bytes"), "its name"),
                Param.required("value", Schema.string("base64, up to 4096 bytes"), "what to put")),
            record(),
            this::put));
  }

  private static Schema record() {
    return Schema.object(
        "a record",
        Map.of(
            "peer", Schema.string("whose it is"),
            "name", Schema.string("its name"),
            "sequence", Schema.integer("grows with each record of the name"),
            "validUntil", Schema.integer("milliseconds since 1970"),
            "value", Schema.string("base64"),
            "stored", Schema.integer("peers that store it, of a put")));
  }

  private NodeDht on() {
    return dht.orElseThrow(
        () ->
            new RpcException(
                RpcException.NOT_FOUND, "this node takes no part in the DHT (setting dht)"));
  }

  private JsonValue status() {
    JsonObjectBuilder json = ChainJson.JSON.createObjectBuilder();
    if (dht.isEmpty()) {
      return json.add("mode", "off").build();
    }
    Kad kad = dht.get().kad();
    KadMetrics metrics = kad.metrics();
    json.add("mode", kad.mode().name().toLowerCase(Locale.ROOT))
        .add("peers", metrics.peers())
        .add("provided", metrics.provided())
        .add("providerRecords", metrics.providerRecords())
        .add("valueRecords", metrics.valueRecords());
    dht.get().ipfs().ifPresent(k -> json.add("ipfsPeers", k.metrics().peers()));
    return json.build();
  }

  private static <T> T parsed(String name, java.util.function.Supplier<T> value) {
    try {
      return value.get();
    } catch (MalformedException e) {
      throw new RpcException(
          RpcException.INVALID_PARAMS, "parameter '" + name + "': " + e.getMessage());
    }
  }

  private JsonValue findPeer(Params params) throws InterruptedException {
    NodeDht on = on();
    PeerId peer = parsed("peer", () -> PeerId.parse(params.string("peer")));
    return on.findPeer(peer)
        .map(p -> (JsonValue) json(p).build())
        .orElseThrow(
            () -> new RpcException(RpcException.NOT_FOUND, "nobody in the DHT knows " + peer));
  }

  private JsonValue providers(Params params) throws InterruptedException {
    NodeDht on = on();
    Cid cid = parsed("cid", () -> Cid.parse(params.string("cid")));
    if (cid.multihash().size() > Kad.CONTENT_KEY_BYTES_MAX) {
      throw new RpcException(RpcException.INVALID_PARAMS, "parameter 'cid' is too long for a key");
    }
    int max =
        params.optionalLong("max", 1, PROVIDERS_MAX).orElse((long) PROVIDERS_STANDARD).intValue();
    JsonArrayBuilder list = ChainJson.JSON.createArrayBuilder();
    on.providers(cid.multihash(), max).forEach(p -> list.add(json(p)));
    return list.build();
  }

  private JsonValue get(Params params) throws InterruptedException {
    NodeDht on = on();
    PeerId peer = parsed("peer", () -> PeerId.parse(params.string("peer")));
    String name = params.string("name");
    if (name.getBytes(StandardCharsets.UTF_8).length > SignedRecord.NAME_BYTES_MAX) {
      throw new RpcException(
          RpcException.INVALID_PARAMS,
          "parameter 'name' is longer than " + SignedRecord.NAME_BYTES_MAX + " bytes");
    }
    return on.get(peer, name)
        .map(r -> (JsonValue) json(r).build())
        .orElseThrow(
            () ->
                new RpcException(
                    RpcException.NOT_FOUND, peer + " has put nothing under '" + name + "'"));
  }

  private JsonValue put(Params params) throws InterruptedException {
    NodeDht on = on();
    try {
      byte[] value = Base64.getDecoder().decode(params.string("value"));
      NodeDht.Put put = on.put(params.string("name"), value);
      return json(put.record()).add("stored", put.peers()).build();
    } catch (IllegalArgumentException e) {
      throw new RpcException(RpcException.INVALID_PARAMS, String.valueOf(e.getMessage()));
    } catch (IllegalStateException e) {
      throw new RpcException(RpcException.BUSY, String.valueOf(e.getMessage()));
    }
  }

  private static JsonObjectBuilder json(PeerAddresses peer) {
    JsonArrayBuilder addresses = ChainJson.JSON.createArrayBuilder();
    peer.addresses().forEach(a -> addresses.add(a.toString()));
    return ChainJson.JSON
        .createObjectBuilder()
        .add("peerId", peer.peer().toString())
        .add("addresses", addresses);
  }

  private static JsonObjectBuilder json(SignedRecord record) {
    return ChainJson.JSON
        .createObjectBuilder()
        .add("peer", record.peer().toString())
        .add("name", record.name())
        .add("sequence", record.sequence())
        .add("validUntil", record.validUntilMillis())
        .add("value", Base64.getEncoder().encodeToString(record.value()));
  }
}
