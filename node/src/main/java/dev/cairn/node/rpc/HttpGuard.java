package dev.cairn.node.rpc;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Decides from a request's headers whether a node may listen to it.
///
/// A page in the operator's browser can reach 127.0.0.1: by a name of its own that it points there
/// (DNS rebinding), which the Host header gives away, or by a plain cross-site request, which the
/// Origin header and the content type give away.
///
/// @param hosts the names, without port, by which the API may be called
/// @param origins the web origins, such as `http://localhost:3000`, that may call it
public record HttpGuard(Set<String> hosts, Set<String> origins) {

  /// A refusal with its HTTP status.
  public record Refusal(int status, String reason) {}

  public static HttpGuard loopback() {
    return new HttpGuard(Set.of("127.0.0.1", "localhost", "[::1]"), Set.of());
  }

  /// The same with more names and origins.
  public HttpGuard allowing(List<String> moreHosts, List<String> moreOrigins) {
    Set<String> allHosts = new TreeSet<>(hosts);
    moreHosts.forEach(h -> allHosts.add(h.toLowerCase(Locale.ROOT)));
    Set<String> allOrigins = new TreeSet<>(origins);
    allOrigins.addAll(moreOrigins);
    return new HttpGuard(allHosts, allOrigins);
  }

  public Optional<Refusal> check(List<String> host, List<String> origin) {
    if (host.size() != 1 || !hosts.contains(withoutPort(host.getFirst()))) {
      return Optional.of(
          new Refusal(403, "this API answers only to the host names " + sorted(hosts)));
    }
    if (origin.size() > 1 || !origin.isEmpty() && !origins.contains(origin.getFirst())) {
      return Optional.of(new Refusal(403, "this web origin may not call this API"));
    }
    return Optional.empty();
  }

  /// JSON-RPC demands application/json, which no page can send across sites without a preflight.
  public Optional<Refusal> checkJson(Optional<String> contentType) {
    String type = contentType.orElse("").split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return type.equals("application/json")
        ? Optional.empty()
        : Optional.of(new Refusal(415, "the content type must be application/json"));
  }

  private static String sorted(Set<String> names) {
    return String.join(", ", names.stream().sorted().toList());
  }

  private static String withoutPort(String host) {
    int colon = host.lastIndexOf(':');
    boolean port = colon > host.lastIndexOf(']');
    return (port ? host.substring(0, colon) : host).toLowerCase(Locale.ROOT);
  }
}
