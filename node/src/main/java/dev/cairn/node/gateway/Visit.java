package dev.cairn.node.gateway;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// One request to the gateway and its answer: what HTTP says about it, apart from the content.
/// Owner: the thread of the request.
final class Visit {

  static final String IMMUTABLE = "public, max-age=29030400, immutable";

  private static final HeaderName CSP = HeaderNames.create("Content-Security-Policy");
  private static final HeaderName NOSNIFF = HeaderNames.create("X-Content-Type-Options");

  private final ServerRequest request;
  private final ServerResponse response;
  private final ContentPath path;

  Visit(ServerRequest request, ServerResponse response) {
    this.request = request;
    this.response = response;
    this.path = ContentPath.parse(request.path().rawPath());
    header(NOSNIFF, "nosniff");
    header("Referrer-Policy", "no-referrer");
  }

  ContentPath path() {
    return path;
  }

  boolean isHead() {
    return request.prologue().method().equals(Method.HEAD);
  }

  Optional<String> query(String name) {
    return request.query().first(name).asOptional();
  }

  Format format() {
    return Format.of(this::query, all(HeaderNames.ACCEPT));
  }

  Optional<String> first(HeaderName name) {
    return request.headers().first(name);
  }

  private List<String> all(HeaderName name) {
    return request.headers().contains(name) ? request.headers().get(name).allValues() : List.of();
  }

  boolean onlyIfCached() {
    return all(HeaderNames.CACHE_CONTROL).stream().anyMatch(v -> v.contains("only-if-cached"));
  }

  /// Whether a page of another site embeds this, as opposed to a person who follows a link: such a
  /// page may see what is here, and not make this node fetch.
  boolean embeddedElsewhere() {
    String site = first(HeaderNames.create("Sec-Fetch-Site")).orElse("none");
    String mode = first(HeaderNames.create("Sec-Fetch-Mode")).orElse("navigate");
    String place = first(HeaderNames.create("Sec-Fetch-Dest")).orElse("document");
    boolean followed = mode.equals("navigate") && place.equals("document"); // no frame
    return site.equals("cross-site") && !followed;
  }

  void header(String name, String value) {
    header(HeaderNames.create(name), value);
  }

  private void header(HeaderName name, String value) {
    response.header(name, value);
  }

  /// Keeps a page of somebody else from acting as a page of this origin, where JSON-RPC is.
  void isolate() {
    header(CSP, "sandbox allow-scripts allow-forms allow-popups");
  }

  /// For pages of the gateway's own: nothing is loaded and nothing runs.
  void lockDown() {
    header(
        CSP,
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
            + " frame-ancestors 'none'");
  }

  /// Sets the ETag.
  ///
  /// @return whether the client has that already, and was told so
  boolean isKnown(String etag) {
    header(HeaderNames.ETAG, etag);
    boolean known =
        all(HeaderNames.IF_NONE_MATCH).stream()
            .flatMap(v -> List.of(v.split(",", 64)).stream())
            .map(v -> v.strip().replaceFirst("^W/", ""))
            .anyMatch(v -> v.equals("*") || v.equals(etag.replaceFirst("^W/", "")));
    if (known) {
      response.status(Status.NOT_MODIFIED_304).send();
    }
    return known;
  }

  /// Sets how long what is sent holds.
  void cache(String control) {
    header(HeaderNames.CACHE_CONTROL, control);
  }

  void redirect(String location) {
    header(HeaderNames.LOCATION, location);
    response.status(Status.MOVED_PERMANENTLY_301).send();
  }

  /// The query as it was sent, with its question mark; empty when there is none.
  String rawQuery() {
    String raw = request.query().rawValue();
    return raw.isEmpty() ? "" : "?" + raw;
  }

  /// How a browser shall treat the bytes.
  ///
  /// @param fallback the file's name where the query gives none
  void disposition(boolean attachment, Optional<String> fallback) {
    Optional<String> name = query("filename").or(() -> fallback).filter(n -> n.length() <= 255);
    boolean download = attachment || query("download").equals(Optional.of("true"));
    if (!download && name.isEmpty()) {
      return;
    }
    StringBuilder value = new StringBuilder(download ? "attachment" : "inline");
    name.ifPresent(
        n ->
            value
                .append("; filename=\"")
                .append(n.replaceAll("[^ -~]|[\"\\\\]", "_"))
                .append("\"; filename*=UTF-8''")
                .append(UrlText.encode(n)));
    header(HeaderNames.CONTENT_DISPOSITION, value.toString());
  }

  /// Sends a whole answer.
  void send(int status, String type, byte[] body) {
    header(HeaderNames.CONTENT_TYPE, type);
    response.status(Status.create(status));
    if (isHead()) {
      response.headers().contentLength(body.length);
      response.send();
    } else {
      response.send(body);
    }
  }

  void text(int status, String sentence) {
    send(status, "text/plain; charset=utf-8", (sentence + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /// Writes an answer piece by piece.
  @FunctionalInterface
  interface Body {
    void writeTo(OutputStream out) throws IOException;
  }

  /// Sends an answer piece by piece; of a `HEAD` request only its headers.
  ///
  /// @param length in bytes; -1 where it is not known before
  void stream(int status, String type, long length, Body body) throws IOException {
    header(HeaderNames.CONTENT_TYPE, type);
    response.status(Status.create(status));
    if (length >= 0) {
      response.headers().contentLength(length);
    }
    if (isHead()) {
      response.send();
      return;
    }
    try (OutputStream out = response.outputStream()) {
      body.writeTo(out);
    }
  }

  boolean isSent() {
    return response.isSent() || response.bytesWritten() > 0;
  }
}
