package dev.cairn.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.crypto.Ed25519Key;
import dev.cairn.libp2p.peer.Identity;
import dev.cairn.machine.Clock;
import dev.cairn.multiformats.Multiaddr;
import dev.cairn.node.config.ConfigException;
import dev.cairn.node.config.NodeConfig;
import dev.cairn.node.config.Setting;
import dev.cairn.node.config.Settings;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeHostTest {

  private static NodeConfig config(String announce, String peers) {
    Map<Setting, String> flags =
        Map.of(
            Setting.LISTEN,
            "/ip4/127.0.0.1/tcp/0",
            Setting.ANNOUNCE,
            announce,
            Setting.PEER,
            peers);
    return NodeConfig.of(Path.of("data"), Settings.of(Map.of(), "config.toml", Map.of(), flags));
  }

  private static List<Multiaddr> told(String announce) {
    Identity identity = Identity.of(Ed25519Key.fromSeed(new byte[32]));
    try (NodeHost host =
        new NodeHost(config(announce, ""), identity, Clock.system(), new SecureRandom())) {
      return host.host().addresses();
    }
  }

  @Test
  void others_are_told_what_the_operator_announces() {
    Multiaddr ip = Multiaddr.parse("/ip4/198.51.100.7/tcp/4501");
    Multiaddr name = Multiaddr.parse("/dns4/node.example/tcp/4501");
    String id = Identity.of(Ed25519Key.fromSeed(new byte[32])).id().toString();
    assertEquals(List.of(ip, name), told(ip + "/p2p/" + id + ", " + name));
    assertTrue(told("").getFirst().toString().startsWith("/ip4/127.0.0.1/tcp/"));
  }

  @Test
  void an_announcement_that_nobody_can_dial_is_refused() {
    refused("/ip4/0.0.0.0/tcp/4501", "", "announce");
    refused("/ip4/198.51.100.7/tcp/1,".repeat(9), "", "announce");
  }

  @Test
  void too_many_named_peers_are_refused() {
    assertEquals(256, config("", "/ip4/198.51.100.7/tcp/1,".repeat(256)).bootstrap().size());
    refused("", "/ip4/198.51.100.7/tcp/1,".repeat(257), "peer");
  }

  private static void refused(String announce, String peers, String setting) {
    ConfigException e = assertThrows(ConfigException.class, () -> config(announce, peers));
    assertTrue(String.valueOf(e.getMessage()).startsWith(setting + " ="));
  }
}
