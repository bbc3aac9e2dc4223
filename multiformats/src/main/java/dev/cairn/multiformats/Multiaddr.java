package dev.cairn.multiformats;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// An address that names each of its layers (multiformats/multiaddr), such as
/// `/ip4/192.0.2.1/tcp/4001/p2p/12D3Koo...`. Immutable, never empty; text and bytes stand for each
/// other one to one.
public final class Multiaddr implements Comparable<Multiaddr> {

  /// The longest encoding, in bytes.
  public static final int BYTES_MAX = 1024;

  /// The longest text, in characters: no protocol takes more than ten characters a byte.
  public static final int TEXT_CHARS_MAX = 10 * BYTES_MAX;

  /// The most layers of one address.
  public static final int COMPONENTS_MAX = 32;

  /// One layer; the value is empty where the protocol has none, and a path starts with its slash.
  public record Component(Protocol protocol, String value) {

    /// The layer as text, such as `/tcp/4001`.
    @Override
    public String toString() {
      if (value.isEmpty()) {
        return "/" + protocol;
      }
      return "/" + protocol + (protocol.value() == AddressValue.PATH ? "" : "/") + value;
    }
  }

  private final List<Component> components;
  private final byte[] encoded;

  private Multiaddr(List<Component> components, byte[] encoded) {
    this.components = components;
    this.encoded = encoded;
  }

  /// Reads the text form. Slashes at the end are allowed, and values come out in their canonical
  /// form: a peer id in base58btc, an IPv6 address as in RFC 5952.
  ///
  /// @throws MalformedException for an unknown protocol, a value that is not of its kind, or above
  ///   a limit
  public static Multiaddr parse(String text) {
    if (text.length() > TEXT_CHARS_MAX) {
      throw new MalformedException("an address of " + text.length() + " characters is too long");
    }
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '/') {
      end--;
    }
    if (end == 0 || text.charAt(0) != '/') {
      throw new MalformedException("not an address: " + AddressValue.shown(text));
    }
    ByteBuffer target = ByteBuffer.allocate(Math.min(BYTES_MAX, 16 + 2 * end));
    List<Component> components = new ArrayList<>(4);
    int at = 0;
    while (at < end) {
      int stop = next(text, at, end);
      String name = text.substring(at + 1, stop);
      Protocol protocol =
          Protocol.named(name)
              .orElseThrow(() -> new MalformedException("no protocol " + AddressValue.shown(name)));
      AddressValue kind = protocol.value();
      String value = "";
      if (kind != AddressValue.NONE) {
        if (stop >= end) {
          throw new MalformedException("/" + name + " lacks its value");
        }
        int valueEnd = kind == AddressValue.PATH ? end : next(text, stop, end);
        value = text.substring(kind == AddressValue.PATH ? stop : stop + 1, valueEnd);
        stop = valueEnd;
      }
      byte[] bytes = kind.toBytes(value);
      add(components, new Component(protocol, kind.toText(bytes)));
      put(target, protocol, bytes);
      at = stop;
    }
    return new Multiaddr(List.copyOf(components), Arrays.copyOf(target.array(), target.position()));
  }

  /// The slash after the one at `at`, or the end.
  private static int next(String text, int at, int end) {
    int slash = text.indexOf('/', at + 1);
    return slash < 0 || slash > end ? end : slash;
  }

  private static void put(ByteBuffer target, Protocol protocol, byte[] value) {
    AddressValue kind = protocol.value();
    boolean variable = kind.size() == AddressValue.VARIABLE;
    int size = Varint.sizeOf(protocol.code()) + value.length;
    size += variable ? Varint.sizeOf(value.length) : 0;
    if (size > target.remaining()) {
      throw new MalformedException("an address longer than " + BYTES_MAX + " bytes");
    }
    target.put(Varint.encode(protocol.code()));
    if (variable) {
      target.put(Varint.encode(value.length));
    }
    target.put(value);
  }

  private static void add(List<Component> components, Component component) {
    if (components.size() == COMPONENTS_MAX) {
      throw new MalformedException("an address of more than " + COMPONENTS_MAX + " layers");
    }
    components.add(component);
  }

  /// Reads the binary form, which fills the whole array.
  ///
  /// @throws MalformedException for an unknown protocol, a value that is not of its kind, or above
  ///   a limit
  public static Multiaddr decode(byte[] encoded) {
    if (encoded.length == 0 || encoded.length > BYTES_MAX) {
      throw new MalformedException("an address of " + encoded.length + " bytes");
    }
    ByteBuffer source = ByteBuffer.wrap(encoded);
    List<Component> components = new ArrayList<>(4);
    while (source.hasRemaining()) {
      long code = Varint.read(source);
      Protocol protocol =
          Protocol.coded(code)
              .orElseThrow(() -> new MalformedException("no protocol of code " + code));
      int fixed = protocol.value().size();
      long size = fixed == AddressValue.VARIABLE ? Varint.read(source) : fixed;
      if (size > source.remaining()) {
        throw new MalformedException(
            "/" + protocol + " of " + size + " bytes has only " + source.remaining());
      }
      byte[] value = new byte[(int) size];
      source.get(value);
      add(components, new Component(protocol, protocol.value().toText(value)));
      if (protocol.value() == AddressValue.PATH && source.hasRemaining()) {
        throw new MalformedException("a path ends its address");
      }
    }
    return new Multiaddr(List.copyOf(components), encoded.clone());
  }

  /// A copy of the binary form.
  public byte[] encode() {
    return encoded.clone();
  }

  /// The layers, the outermost first.
  public List<Component> components() {
    return components;
  }

  /// The value of the first layer of this protocol; empty text where the protocol has no value.
  public Optional<String> value(Protocol protocol) {
    for (Component component : components) {
      if (component.protocol() == protocol) {
        return Optional.of(component.value());
      }
    }
    return Optional.empty();
  }

  /// True when a layer is of this protocol.
  public boolean has(Protocol protocol) {
    return value(protocol).isPresent();
  }

  /// This address with more layers behind it, such as `/p2p-circuit`.
  public Multiaddr with(String suffix) {
    return encapsulate(parse(suffix));
  }

  /// This address with the layers of `inner` behind it.
  ///
  /// @throws MalformedException when the whole is above a limit or continues a path
  public Multiaddr encapsulate(Multiaddr inner) {
    byte[] joined = Arrays.copyOf(encoded, encoded.length + inner.encoded.length);
    System.arraycopy(inner.encoded, 0, joined, encoded.length, inner.encoded.length);
    return decode(joined);
  }

  /// What stands before the last occurrence of `inner`: this address when it does not occur, and
  /// nothing when it is all.
  public Optional<Multiaddr> decapsulate(Multiaddr inner) {
    int length = inner.components.size();
    for (int i = components.size() - length; i >= 0; i--) {
      if (components.subList(i, i + length).equals(inner.components)) {
        return first(i);
      }
    }
    return Optional.of(this);
  }

  /// What stands before the last layer of this protocol: this address when there is none, and
  /// nothing when it is the first.
  public Optional<Multiaddr> decapsulate(Protocol protocol) {
    for (int i = components.size() - 1; i >= 0; i--) {
      if (components.get(i).protocol() == protocol) {
        return first(i);
      }
    }
    return Optional.of(this);
  }

  private Optional<Multiaddr> first(int count) {
    if (count == 0) {
      return Optional.empty();
    }
    StringBuilder text = new StringBuilder();
    components.subList(0, count).forEach(text::append);
    return Optional.of(parse(text.toString()));
  }

  /// Orders by the bytes, unsigned.
  @Override
  public int compareTo(Multiaddr that) {
    return Arrays.compareUnsigned(encoded, that.encoded);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Multiaddr that && Arrays.equals(encoded, that.encoded);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(encoded);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    components.forEach(text::append);
    return text.toString();
  }
}
