package dev.cairn.multiformats;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The protocols that a multiaddr may name (multiformats/multiaddr, protocols.csv), but for the
/// onion and garlic networks, which nothing here dials.
public enum Protocol {
  IP4("ip4", 4, AddressValue.IP4),
  TCP("tcp", 6, AddressValue.PORT),
  DCCP("dccp", 33, AddressValue.PORT),
  IP6("ip6", 41, AddressValue.IP6),
  IP6ZONE("ip6zone", 42, AddressValue.NAME),
  IPCIDR("ipcidr", 43, AddressValue.MASK),
  DNS("dns", 53, AddressValue.NAME),
  DNS4("dns4", 54, AddressValue.NAME),
  DNS6("dns6", 55, AddressValue.NAME),
  DNSADDR("dnsaddr", 56, AddressValue.NAME),
  SCTP("sctp", 132, AddressValue.PORT),
  UDP("udp", 273, AddressValue.PORT),
  P2P_WEBRTC_STAR("p2p-webrtc-star", 275, AddressValue.NONE),
  P2P_WEBRTC_DIRECT("p2p-webrtc-direct", 276, AddressValue.NONE),
  WEBRTC_DIRECT("webrtc-direct", 280, AddressValue.NONE),
  WEBRTC("webrtc", 281, AddressValue.NONE),
  P2P_CIRCUIT("p2p-circuit", 290, AddressValue.NONE),
  UDT("udt", 301, AddressValue.NONE),
  UTP("utp", 302, AddressValue.NONE),
  UNIX("unix", 400, AddressValue.PATH),
  P2P("p2p", 421, AddressValue.PEER),
  HTTPS("https", 443, AddressValue.NONE),
  TLS("tls", 448, AddressValue.NONE),
  SNI("sni", 449, AddressValue.NAME),
  NOISE("noise", 454, AddressValue.NONE),
  QUIC("quic", 460, AddressValue.NONE),
  QUIC_V1("quic-v1", 461, AddressValue.NONE),
  WEBTRANSPORT("webtransport", 465, AddressValue.NONE),
  CERTHASH("certhash", 466, AddressValue.CERTHASH),
  WS("ws", 477, AddressValue.NONE),
  WSS("wss", 478, AddressValue.NONE),
  HTTP("http", 480, AddressValue.NONE),
  HTTP_PATH("http-path", 481, AddressValue.PERCENT),
  MEMORY("memory", 777, AddressValue.NAME);

  private static final Map<String, Protocol> BY_TEXT =
      Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(p -> p.text, p -> p));
  private static final Map<Long, Protocol> BY_CODE =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(Protocol::code, Function.identity()));

  private final String text;
  private final long code;
  private final AddressValue value;

  Protocol(String text, long code, AddressValue value) {
    this.text = text;
    this.code = code;
    this.value = value;
  }

  /// The protocol that an address names by `text`; `ipfs` is the old name of `p2p`.
  public static Optional<Protocol> named(String text) {
    return Optional.ofNullable(BY_TEXT.get(text.equals("ipfs") ? "p2p" : text));
  }

  static Optional<Protocol> coded(long code) {
    return Optional.ofNullable(BY_CODE.get(code));
  }

  /// The code in the multicodec table.
  public long code() {
    return code;
  }

  AddressValue value() {
    return value;
  }

  /// The name as an address has it, such as `quic-v1`.
  @Override
  public String toString() {
    return text;
  }
}
