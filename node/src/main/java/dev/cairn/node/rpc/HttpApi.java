package dev.cairn.node.rpc;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// The node's HTTP side: `POST /` for JSON-RPC, `/health`, `/ready`, `/metrics` and [Site]s beside
/// it. Requests run on virtual threads. A body's size is limited by who reads it.
public final class HttpApi implements AutoCloseable {

  /// What the pages beside JSON-RPC show.
  ///
  /// @param ready empty when ready, else what the node still waits for
  /// @param metrics the Prometheus text
  public record Pages(Supplier<Optional<String>> ready, Supplier<String> metrics) {}

  private final WebServer server;

  private HttpApi(WebServer server) {
    this.server = server;
  }

  /// Listens from now on.
  ///
  /// @throws IOException when the port cannot be had
  public static HttpApi start(
      RpcParams params, HttpGuard guard, JsonRpc rpc, Pages pages, List<Site> sites)
      throws IOException {
    var routing =
        HttpRouting.builder()
            .post("/", (req, res) -> post(params, guard, rpc, req, res))
            .get("/health", (req, res) -> page(guard, req, res, Optional.empty(), "ok\n"))
            .get("/ready", (req, res) -> ready(guard, pages, req, res))
            .get("/metrics", (req, res) -> metrics(guard, pages, req, res))
            .any((req, res) -> site(guard, sites, req, res));
    WebServer server =
        WebServer.builder()
            .host(params.host())
            .port(params.port())
            .maxTcpConnections(params.connectionsMax())
            .maxConcurrentRequests(params.requestsMax())
            .idleConnectionTimeout(params.readTimeout().multipliedBy(3))
            .connectionOptions(
                o ->
                    o.readTimeout(params.readTimeout())
                        .socketReceiveBufferSize(params.receiveBufferBytes())
                        .tcpNoDelay(true))
            .shutdownHook(false)
            .shutdownGracePeriod(java.time.Duration.ofMillis(500))
            .addRouting(routing)
            .build();
    server.start();
    if (!server.isRunning()) { // a port that cannot be had is only logged
      throw new IOException(
          "cannot listen for RPC on "
              + params.host()
              + ":"
              + params.port()
              + "; stop what uses the port or choose another with --rpc-port");
    }
    return new HttpApi(server);
  }

  private static void site(HttpGuard guard, List<Site> sites, ServerRequest req, ServerResponse res)
      throws IOException, InterruptedException {
    Optional<Site> site = sites.stream().filter(s -> s.takes(req.path().rawPath())).findFirst();
    if (site.isEmpty()) {
      text(res, 404, "POST / is JSON-RPC; GET /health, /ready, /metrics, /ipfs/CID\n");
      passOver(req);
      return;
    }
    Optional<HttpGuard.Refusal> refusal = check(guard, req);
    if (refusal.isPresent()) {
      refuse(req, res, refusal.get());
    } else {
      site.get().handle(req, res);
    }
  }

  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.stop();
  }

  private static void post(
      RpcParams params, HttpGuard guard, JsonRpc rpc, ServerRequest req, ServerResponse res)
      throws IOException, InterruptedException {
    Optional<HttpGuard.Refusal> refusal =
        check(guard, req).or(() -> guard.checkJson(req.headers().first(HeaderNames.CONTENT_TYPE)));
    if (refusal.isPresent()) {
      refuse(req, res, refusal.get());
      return;
    }
    byte[] body = new byte[0];
    if (req.content().hasEntity()) {
      InputStream in = req.content().inputStream();
      body = in.readNBytes(params.bodyBytesMax() + 1);
      if (body.length > params.bodyBytesMax()) {
        text(res, 413, "a request's body holds at most " + params.bodyBytesMax() + " bytes\n");
        RequestBody.finish(in);
        return;
      }
    }
    JsonRpc.Reply reply = rpc.handle(body);
    allowOrigin(req, res);
    if (reply.text().isEmpty()) {
      res.status(Status.NO_CONTENT_204).send();
      return;
    }
    res.status(reply.malformed() ? Status.BAD_REQUEST_400 : Status.OK_200);
    res.header(HeaderValues.CONTENT_TYPE_JSON);
    res.send(reply.text().getBytes(StandardCharsets.UTF_8));
  }

  private static void ready(HttpGuard guard, Pages pages, ServerRequest req, ServerResponse res) {
    page(guard, req, res, pages.ready().get(), "ready\n");
  }

  private static void metrics(HttpGuard guard, Pages pages, ServerRequest req, ServerResponse res) {
    res.header(HeaderNames.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");
    page(guard, req, res, Optional.empty(), pages.metrics().get());
  }

  private static void page(
      HttpGuard guard,
      ServerRequest req,
      ServerResponse res,
      Optional<String> unavailable,
      String body) {
    Optional<HttpGuard.Refusal> refusal = check(guard, req);
    if (refusal.isPresent()) {
      refuse(req, res, refusal.get());
    } else {
      text(res, unavailable.isPresent() ? 503 : 200, unavailable.map(u -> u + "\n").orElse(body));
    }
  }

  private static Optional<HttpGuard.Refusal> check(HttpGuard guard, ServerRequest req) {
    return guard.check(all(req, HeaderNames.HOST), all(req, HeaderNames.ORIGIN));
  }

  private static List<String> all(ServerRequest req, HeaderName name) {
    return req.headers().contains(name) ? req.headers().get(name).allValues() : List.of();
  }

  private static void allowOrigin(ServerRequest req, ServerResponse res) {
    req.headers()
        .first(HeaderNames.ORIGIN)
        .ifPresent(origin -> res.header(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin));
  }

  private static void refuse(ServerRequest req, ServerResponse res, HttpGuard.Refusal refusal) {
    text(res, refusal.status(), refusal.reason() + "\n");
    passOver(req);
  }

  private static void passOver(ServerRequest req) {
    if (req.content().hasEntity()) {
      RequestBody.finish(req.content().inputStream());
    }
  }

  private static void text(ServerResponse res, int status, String text) {
    res.status(Status.create(status)).send(text.getBytes(StandardCharsets.UTF_8));
  }
}
