package dev.cairn.node.discovery;

import dev.cairn.crypto.Ed25519Key;
import dev.cairn.libp2p.identify.SignedPeerRecord;
import dev.cairn.libp2p.peer.Identity;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.machine.Now;
import dev.cairn.multiformats.Multiaddr;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// A discovery machine in virtual time, with peers by their names.
final class Rig {

  static final Bytes KEY = Bytes.fromHexString("000102030405060708090a0b0c0d0e0f");
  static final DiscoveryParams PARAMS = DiscoveryParams.STANDARD;

  private static final long WALL_START = 1_764_000_000_000L;

  private final Map<PeerId, String> names = new LinkedHashMap<>();
  private final List<DiscoveryEffect> out = new ArrayList<>();
  private final Discovery machine;
  private long nanos;

  Rig(DiscoveryParams params, Saved saved, int named) {
    this.machine = new Discovery(peer("self"), params, saved, named, 7);
  }

  Rig() {
    this(PARAMS, Saved.nobody(KEY), 0);
  }

  static Identity identity(String name) {
    byte[] seed = new byte[32];
    byte[] text = name.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    System.arraycopy(text, 0, seed, 0, Math.min(32, text.length));
    return Identity.of(Ed25519Key.fromSeed(seed));
  }

  PeerId peer(String name) {
    PeerId id = identity(name).id();
    names.put(id, name);
    return id;
  }

  static Multiaddr address(String ip) {
    return Multiaddr.parse("/ip4/" + ip + "/tcp/4501");
  }

  static Told told(String name, long sequence, String... ips) {
    List<Multiaddr> addresses = new ArrayList<>();
    for (String ip : ips) {
      addresses.add(address(ip));
    }
    return Told.open(SignedPeerRecord.seal(identity(name), sequence, addresses));
  }

  Now now() {
    return new Now(nanos, WALL_START + nanos / 1_000_000);
  }

  Discovery machine() {
    return machine;
  }

  /// The effects of one input, as words.
  String step(DiscoveryInput input) {
    machine.step(input, now(), out::add);
    return take();
  }

  private String take() {
    List<String> words = new ArrayList<>();
    out.forEach(e -> words.add(word(e)));
    out.clear();
    words.removeIf(String::isEmpty);
    return String.join("; ", words);
  }

  /// What happens until the time is over.
  String pass(Duration time) {
    long end = nanos + time.toNanos();
    List<String> all = new ArrayList<>();
    while (machine.deadlineNanos() <= end) {
      nanos = Math.max(nanos, machine.deadlineNanos());
      machine.tick(now(), out::add);
      String words = take();
      if (!words.isEmpty()) {
        all.add(words);
      }
    }
    nanos = end;
    return String.join("; ", all);
  }

  private String word(DiscoveryEffect effect) {
    return switch (effect) {
      case DiscoveryEffect.Dial d -> "dial " + names.get(d.peer());
      case DiscoveryEffect.DialNamed(int index) -> "dial named " + index;
      case DiscoveryEffect.Disconnect(PeerId p, String why) -> "drop " + names.get(p);
      case DiscoveryEffect.Protect(PeerId p) -> "protect " + names.get(p);
      case DiscoveryEffect.Unprotect(PeerId p) -> "unprotect " + names.get(p);
      case DiscoveryEffect.Ask(PeerId p) -> "ask " + names.get(p);
      case DiscoveryEffect.Walk w -> "";
      case DiscoveryEffect.Save s -> "save";
      case DiscoveryEffect.Changed c -> "";
    };
  }

  String start() {
    return step(new DiscoveryInput.Started());
  }

  /// A source that is no peer names one.
  String found(Source source, String name, String... ips) {
    peer(name);
    return step(new DiscoveryInput.Found(source, Optional.empty(), List.of(told(name, 1, ips))));
  }

  /// One peer names another.
  String handsOn(String teller, String name, long sequence, String... ips) {
    peer(name);
    return step(
        new DiscoveryInput.Found(
            Source.EXCHANGE, Optional.of(peer(teller)), List.of(told(name, sequence, ips))));
  }

  String up(String name, boolean outbound, String ip, boolean ours) {
    return step(
        new DiscoveryInput.Up(peer(name), outbound, address(ip), told(name, 1, ip), ours, ours));
  }

  String gone(String name) {
    return step(new DiscoveryInput.Gone(peer(name)));
  }

  String failed(String name) {
    return step(new DiscoveryInput.DialFailed(peer(name)));
  }

  DiscoveryView view() {
    return machine.view(now());
  }
}
