package dev.cairn.node.discovery;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.InitialDirContext;

/// Looks up names, through the JDK's own DNS client. Immutable; a look-up blocks for a few seconds
/// at most.
final class Dns {

  /// Strings taken of one name.
  static final int STRINGS_MAX = 64;

  private static final String TIMEOUT_MILLIS = "1500";
  private static final String RETRIES = "2";

  /// What may be asked for: no character that the look-up's own syntax knows.
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?");

  private final Optional<InetSocketAddress> server;

  private Dns(Optional<InetSocketAddress> server) {
    this.server = server;
  }

  /// Asks whom the system asks.
  static Dns system() {
    return new Dns(Optional.empty());
  }

  /// Asks that server only.
  static Dns at(InetSocketAddress server) {
    return new Dns(Optional.of(server));
  }

  /// The TXT strings of a name; none when it has none.
  ///
  /// @throws IOException when no server answers
  List<String> texts(String name) throws IOException {
    // What is too long for one string comes in several, which the look-up joins with spaces.
    return lookUp(name, "TXT").stream().map(t -> t.replaceAll("[\" ]", "")).toList();
  }

  /// The IP addresses of a host; never none.
  ///
  /// @throws IOException when there are none, or no server answers
  List<InetAddress> addresses(String host) throws IOException {
    requireName(host);
    if (server.isEmpty()) {
      return Arrays.asList(InetAddress.getAllByName(host));
    }
    List<InetAddress> addresses = new ArrayList<>();
    for (String type : List.of("A", "AAAA")) {
      for (String text : lookUp(host, type)) {
        addresses.add(InetAddress.ofLiteral(text));
      }
    }
    if (addresses.isEmpty()) {
      throw new IOException("no address for " + host);
    }
    return addresses;
  }

  private static void requireName(String name) throws IOException {
    if (!NAME.matcher(name).matches()) {
      throw new IOException("not a name for DNS: " + name);
    }
  }

  /// The warning that is off is of names that lead to other services and of objects that come back
  /// serialized: here the name has no scheme, and the attributes of DNS are strings.
  @SuppressWarnings({"BanJNDI", "JdkObsolete"})
  private List<String> lookUp(String name, String type) throws IOException {
    requireName(name);
    Hashtable<String, String> environment = new Hashtable<>();
    environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
    environment.put(Context.PROVIDER_URL, url());
    environment.put("com.sun.jndi.dns.timeout.initial", TIMEOUT_MILLIS);
    environment.put("com.sun.jndi.dns.timeout.retries", RETRIES);
    try {
      InitialDirContext context = new InitialDirContext(environment);
      try {
        return strings(context.getAttributes(name, new String[] {type}).get(type));
      } finally {
        context.close();
      }
    } catch (NameNotFoundException e) {
      return List.of();
    } catch (NamingException e) {
      throw new IOException("DNS look-up of " + name + " failed: " + e.getMessage(), e);
    }
  }

  private static List<String> strings(@org.jspecify.annotations.Nullable Attribute attribute)
      throws NamingException {
    List<String> strings = new ArrayList<>();
    if (attribute != null) {
      NamingEnumeration<?> values = attribute.getAll();
      while (values.hasMore() && strings.size() < STRINGS_MAX) {
        strings.add(String.valueOf(values.next()));
      }
    }
    return strings;
  }

  private String url() {
    return server
        .map(
            s -> {
              String ip = s.getAddress().getHostAddress();
              String host = s.getAddress() instanceof Inet6Address ? "[" + ip + "]" : ip;
              return "dns://" + host + ":" + s.getPort();
            })
        .orElse("dns:");
  }
}
