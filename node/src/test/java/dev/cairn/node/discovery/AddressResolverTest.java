package dev.cairn.node.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.multiformats.Multiaddr;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AddressResolverTest {

  private static final String A = Rig.identity("a").id().toString();
  private static final String B = Rig.identity("b").id().toString();

  private NameServer server = start();
  private AddressResolver resolver = new AddressResolver(Dns.at(server.address()));

  private static NameServer start() {
    try {
      return new NameServer();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void fresh() {
    server.close();
    server = start();
    resolver = new AddressResolver(Dns.at(server.address()));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private List<String> resolve(String address) throws IOException {
    return resolver.resolve(Multiaddr.parse(address)).stream().map(Multiaddr::toString).toList();
  }

  @Test
  void an_address_with_an_ip_is_its_own() throws IOException {
    assertEquals(List.of("/ip4/192.0.2.1/tcp/1"), resolve("/ip4/192.0.2.1/tcp/1"));
    assertEquals(0, server.asked.get());
  }

  @Test
  void a_host_becomes_its_ips() throws IOException {
    server.host("seed.example", "192.0.2.1", "192.0.2.2");
    assertEquals(
        List.of("/ip4/192.0.2.1/tcp/4501/p2p/" + A, "/ip4/192.0.2.2/tcp/4501/p2p/" + A),
        resolve("/dns4/seed.example/tcp/4501/p2p/" + A));
    assertThrows(IOException.class, () -> resolve("/dns6/seed.example/tcp/4501"));
    assertThrows(IOException.class, () -> resolve("/dns/nobody.example/tcp/4501"));
  }

  @Test
  void a_list_becomes_its_entries_and_one_bad_entry_spoils_nothing() throws IOException {
    server.host("seed.example", "192.0.2.9");
    server.text(
        "_dnsaddr.cairn.example",
        "dnsaddr=/ip4/192.0.2.1/tcp/1/p2p/" + A,
        "dnsaddr=/nonsense/1",
        "v=spf1 -all",
        "dnsaddr=/dns4/nobody.example/tcp/1/p2p/" + B,
        "dnsaddr=/dns4/seed.example/tcp/2/p2p/" + B);
    assertEquals(
        List.of("/ip4/192.0.2.1/tcp/1/p2p/" + A, "/ip4/192.0.2.9/tcp/2/p2p/" + B),
        resolve("/dnsaddr/cairn.example"));
    assertEquals(
        List.of("/ip4/192.0.2.9/tcp/2/p2p/" + B), resolve("/dnsaddr/cairn.example/p2p/" + B));
    assertThrows(IOException.class, () -> resolve("/dnsaddr/empty.example"));
  }

  @Test
  void lists_name_lists_four_deep_and_no_deeper() throws IOException {
    for (int i = 0; i < 6; i++) {
      server.text(
          "_dnsaddr.l" + i + ".example",
          "dnsaddr=/ip4/192.0.2." + i + "/tcp/1/p2p/" + A,
          "dnsaddr=/dnsaddr/l" + (i + 1) + ".example");
    }
    assertEquals(AddressResolver.DEPTH_MAX, resolve("/dnsaddr/l0.example").size());
  }

  @Test
  void a_list_that_names_itself_over_and_over_ends() throws IOException {
    String[] loops = new String[40];
    java.util.Arrays.fill(loops, "dnsaddr=/dnsaddr/loop.example");
    loops[39] = "dnsaddr=/ip4/192.0.2.1/tcp/1/p2p/" + A;
    server.text("_dnsaddr.loop.example", loops);
    try {
      resolve("/dnsaddr/loop.example");
    } catch (IOException e) {
      // Nothing was found before the look-ups were used up.
    }
    assertTrue(server.asked.get() <= AddressResolver.LOOK_UPS_MAX, server.asked.get() + "");
  }

  @Test
  void a_long_list_is_cut() throws IOException {
    String[] many = new String[Dns.STRINGS_MAX];
    for (int i = 0; i < many.length; i++) {
      many[i] = "dnsaddr=/ip4/192.0.2." + i + "/tcp/1";
    }
    server.text("_dnsaddr.long.example", many);
    // Over 1,500 bytes, so the server says it in several answers' worth; the client takes it whole.
    assertEquals(AddressResolver.ADDRESSES_MAX, resolve("/dnsaddr/long.example").size());
  }

  @Test
  void names_with_a_syntax_of_their_own_are_not_looked_up() {
    for (String name : List.of("ldap:evil", "a b", "\"x\"", "a;b", "x\\y", "-")) {
      assertThrows(IOException.class, () -> Dns.at(server.address()).texts(name), name);
    }
    assertEquals(0, server.asked.get());
  }
}
