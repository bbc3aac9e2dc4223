package dev.cairn.libp2p.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.libp2p.protobuf.Delimited;
import dev.cairn.multiformats.MalformedException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RequestResponseTest {

  private static final String PROTOCOL = "/ask/1";
  private static final Duration LONG = Duration.ofSeconds(30);

  private final Hosts hosts = new Hosts();
  private Libp2pHost asking;
  private Libp2pHost answering;

  @BeforeEach
  void connect() throws Exception {
    asking = hosts.memory(1);
    answering = hosts.memory(2);
    Hosts.connect(asking, answering);
  }

  @AfterEach
  void close() {
    hosts.close();
  }

  private void serve(RequestResponse.Responder responder) {
    RequestResponse.serve(answering, PROTOCOL, StreamLimits.STANDARD, 1_000, LONG, responder);
  }

  private byte[] ask(byte[] body, int max, Duration timeout) throws IOException {
    return RequestResponse.request(asking, answering.id(), PROTOCOL, body, max, timeout);
  }

  @Test
  void a_request_gets_its_response() throws Exception {
    serve(
        (peer, request) -> {
          assertEquals(asking.id(), peer);
          return new byte[] {(byte) request.length};
        });
    assertArrayEquals(new byte[] {5}, ask(new byte[5], 10, LONG));
    assertArrayEquals(new byte[] {0}, ask(new byte[0], 10, LONG));
  }

  @Test
  void a_request_over_the_servers_limit_is_not_answered() {
    serve((peer, request) -> new byte[0]);
    assertThrows(IOException.class, () -> ask(new byte[1_001], 10, LONG));
  }

  @Test
  void a_response_over_the_askers_limit_is_refused() throws Exception {
    serve((peer, request) -> new byte[11]);
    assertThrows(IOException.class, () -> ask(new byte[1], 10, LONG));
    assertEquals(11, ask(new byte[1], 11, LONG).length);
  }

  @Test
  void a_responder_that_gives_up_makes_the_request_fail() {
    serve(
        (peer, request) -> {
          throw new MalformedException("no such thing");
        });
    assertThrows(IOException.class, () -> ask(new byte[1], 10, LONG));
  }

  @Test
  void a_server_that_never_answers_costs_the_timeout_only() {
    CountDownLatch never = new CountDownLatch(1);
    serve(
        (peer, request) -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return new byte[0];
        });
    assertThrows(IOException.class, () -> ask(new byte[1], 10, Duration.ofMillis(50)));
    never.countDown();
    assertEquals(0, asking.metrics().streams());
  }

  @Test
  void an_asker_that_never_finishes_its_request_is_dropped() throws Exception {
    RequestResponse.serve(
        answering,
        PROTOCOL,
        StreamLimits.STANDARD,
        1_000,
        Duration.ofMillis(50),
        (peer, request) -> new byte[0]);
    try (Stream stream = asking.open(answering.id(), List.of(PROTOCOL))) {
      stream.output().write(new byte[] {10, 1, 2});
      assertThrows(IOException.class, () -> Delimited.read(stream.input(), 10).clone());
    }
  }

  @Test
  void a_series_of_responses_is_read_one_by_one() throws Exception {
    RequestResponse.serveMany(
        answering,
        PROTOCOL,
        StreamLimits.STANDARD,
        10,
        LONG,
        (peer, request, responses) -> {
          for (int i = 0; i < request[0]; i++) {
            responses.send(new byte[] {(byte) i});
          }
        });
    try (RequestResponse.Responses responses =
        RequestResponse.requestMany(asking, answering.id(), PROTOCOL, new byte[] {100}, 10, LONG)) {
      for (int i = 0; i < 100; i++) {
        assertArrayEquals(new byte[] {(byte) i}, responses.next().orElseThrow());
      }
      assertEquals(true, responses.next().isEmpty());
    }
  }

  @Test
  void a_server_stops_sending_when_the_asker_closes() throws Exception {
    CountDownLatch stopped = new CountDownLatch(1);
    RequestResponse.serveMany(
        answering,
        PROTOCOL,
        StreamLimits.STANDARD,
        10,
        LONG,
        (peer, request, responses) -> {
          try {
            while (true) {
              responses.send(new byte[64 * 1024]);
            }
          } finally {
            stopped.countDown();
          }
        });
    try (RequestResponse.Responses responses =
        RequestResponse.requestMany(asking, answering.id(), PROTOCOL, new byte[1], 1 << 20, LONG)) {
      assertEquals(64 * 1024, responses.next().orElseThrow().length);
    }
    asking.disconnect(answering.id(), "enough");
    stopped.await();
  }
}
