package dev.cairn.libp2p.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RequestsTest {

  private static final String GREETING = "/my/greeting/1";

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

  private byte[] ask(String text) throws IOException {
    return Requests.ask(asking, answering.id(), GREETING, text.getBytes(UTF_8));
  }

  @Test
  void an_application_answers_its_own_protocol() throws IOException {
    Requests.on(
        answering,
        GREETING,
        (peer, request) -> ("hello, " + new String(request, UTF_8)).getBytes(UTF_8));
    assertEquals("hello, world", new String(ask("world"), UTF_8));
    assertEquals("hello, ", new String(ask(""), UTF_8));
  }

  @Test
  void the_handler_knows_who_asks() throws IOException {
    Requests.on(answering, GREETING, (peer, request) -> peer.bytes());
    assertArrayEquals(asking.id().bytes(), ask("who am I?"));
  }

  @Test
  void a_peer_that_serves_nothing_there_is_an_error() {
    assertThrows(IOException.class, () -> ask("anyone?"));
  }

  @Test
  void a_handler_that_fails_costs_its_request_alone() throws IOException {
    Requests.on(
        answering,
        GREETING,
        (peer, request) -> {
          if (request.length == 0) {
            throw new IllegalStateException("broken");
          }
          return request;
        });
    assertThrows(IOException.class, () -> ask(""));
    assertEquals("still here", new String(ask("still here"), UTF_8));
  }

  @Test
  void requests_and_responses_over_their_limits_do_not_pass() throws IOException {
    Requests.Limits limits =
        new Requests.Limits(4, 8, Duration.ofSeconds(30), StreamLimits.STANDARD);
    Requests.on(
        answering, GREETING, limits, (peer, request) -> new byte[request.length == 4 ? 9 : 8]);
    assertEquals(8, ask("abc").length);
    assertThrows(IOException.class, () -> ask("abcd"), "a response of nine bytes");
    assertThrows(IOException.class, () -> ask("abcde"), "refused by the other side");
    assertThrows(
        IOException.class,
        () -> Requests.ask(asking, answering.id(), GREETING, limits, new byte[5]),
        "not sent at all");
  }

  @Test
  void one_request_too_many_at_once_is_refused() throws Exception {
    Requests.Limits one = new Requests.Limits(8, 8, Duration.ofSeconds(30), new StreamLimits(1, 8));
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    Requests.on(
        answering,
        GREETING,
        one,
        (peer, request) -> {
          entered.countDown();
          try {
            leave.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          return request;
        });
    Thread first =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    ask("first");
                  } catch (IOException e) {
                    throw new IllegalStateException(e);
                  }
                });
    entered.await();
    assertThrows(IOException.class, () -> ask("second"));
    leave.countDown();
    first.join();
    assertEquals("third", new String(ask("third"), UTF_8));
  }

  @Test
  void a_peer_that_does_not_answer_in_time_is_an_error() throws IOException {
    CountDownLatch leave = new CountDownLatch(1);
    Requests.on(
        answering,
        GREETING,
        (peer, request) -> {
          try {
            leave.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          return request;
        });
    Requests.Limits hasty = new Requests.Limits(8, 8, Duration.ofMillis(50), StreamLimits.STANDARD);
    assertThrows(
        IOException.class,
        () -> Requests.ask(asking, answering.id(), GREETING, hasty, new byte[1]));
    leave.countDown();
  }
}
