package dev.cairn.node.api;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.crypto.Ed25519Key;
import dev.cairn.libp2p.host.HostParams;
import dev.cairn.libp2p.host.Libp2pHost;
import dev.cairn.libp2p.peer.Identity;
import dev.cairn.libp2p.peerstore.Peerstore;
import dev.cairn.libp2p.transport.TcpTransport;
import dev.cairn.machine.Clock;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.Multiaddr;
import dev.cairn.multiformats.Multihash;
import dev.cairn.node.dht.NodeDht;
import dev.cairn.node.rpc.JsonRpc;
import dev.cairn.node.rpc.RpcMethod;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A node alone: what its DHT says to what cannot be.
@Timeout(60)
class DhtMethodsTest {

  private final Identity identity = Identity.of(Ed25519Key.fromSeed(new byte[32]));
  private Libp2pHost host;
  private NodeDht dht;
  private JsonRpc rpc;

  @BeforeEach
  void start() throws Exception {
    SecureRandom random = new SecureRandom();
    Clock clock = Clock.system();
    host =
        new Libp2pHost(
            identity,
            HostParams.listeningOn(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")),
            List.of(new TcpTransport()),
            new Peerstore(clock),
            clock,
            random);
    dht = NodeDht.start(host, identity, NodeDht.Part.SERVER, false, clock, random);
    Map<String, RpcMethod> methods =
        new DhtMethods(Optional.of(dht))
            .methods().stream().collect(Collectors.toMap(RpcMethod::name, m -> m));
    rpc = new JsonRpc(methods);
  }

  @AfterEach
  void close() {
    dht.close();
    host.close();
  }

  private String ask(String method, String params) throws InterruptedException {
    String call =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":" + params + "}";
    return rpc.handle(call.getBytes(StandardCharsets.UTF_8)).text();
  }

  @Test
  void what_cannot_be_a_key_is_the_callers_mistake() throws InterruptedException {
    String peer = identity.id().toString();
    String name = "x".repeat(64);
    assertTrue(ask("dht_get", "[\"" + peer + "\",\"" + name + "x\"]").contains("-32602"));
    assertTrue(ask("dht_get", "[\"" + peer + "\",\"" + name + "\"]").contains("-32002"));
    assertTrue(ask("dht_providers", "[\"" + cid(79) + "\"]").contains("-32602"));
    assertTrue(ask("dht_providers", "[\"" + cid(78) + "\"]").contains("\"result\":[]"));
  }

  /// A CID that holds its content, so many bytes, itself.
  private static Cid cid(int bytes) {
    return Cid.of(Cid.RAW, Multihash.of(Multihash.IDENTITY, new byte[bytes]));
  }

  @Test
  void a_put_that_is_not_taken_says_so() throws InterruptedException {
    dht.close();
    assertTrue(ask("dht_put", "[\"site\",\"AAAA\"]").contains("-32003"));
  }
}
