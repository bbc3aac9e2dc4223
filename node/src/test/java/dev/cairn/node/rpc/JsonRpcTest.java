package dev.cairn.node.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonRpcTest {

  private final JsonRpc rpc =
      new JsonRpc(
          Map.of(
              "test_echo",
              new RpcMethod(
                  "test_echo",
                  "Gives back what it was given.",
                  List.of(
                      RpcMethod.Param.required("word", Schema.string("a word"), "what to echo"),
                      RpcMethod.Param.optional("times", Schema.integer("1 to 3"), "how often")),
                  Schema.string("the echo"),
                  p ->
                      Json.createValue(
                          p.string("word")
                              .repeat(p.optionalLong("times", 1, 3).orElse(1L).intValue()))),
              "test_break",
              new RpcMethod(
                  "test_break",
                  "Breaks.",
                  List.of(),
                  Schema.string("nothing"),
                  p -> {
                    throw new IllegalStateException("secret");
                  })));

  private String ask(String request) throws InterruptedException {
    return rpc.handle(request.getBytes(StandardCharsets.UTF_8)).text();
  }

  private static String call(String method, String params) {
    return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":" + params + "}";
  }

  @Test
  void takes_parameters_by_name_and_by_position() throws InterruptedException {
    String expected = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"abab\"}";
    assertEquals(expected, ask(call("test_echo", "{\"word\":\"ab\",\"times\":2}")));
    assertEquals(expected, ask(call("test_echo", "[\"ab\",2]")));
  }

  @Test
  void names_the_parameter_that_is_wrong() throws InterruptedException {
    assertTrue(ask(call("test_echo", "{}")).contains("'word' is missing"));
    assertTrue(ask(call("test_echo", "[7]")).contains("'word' must be a string"));
    assertTrue(ask(call("test_echo", "[\"a\",4]")).contains("from 1 to 3"));
    assertTrue(ask(call("test_echo", "[\"a\",1e99]")).contains("from 1 to 3"));
    assertTrue(ask(call("test_echo", "[\"a\",1,2]")).contains("too many parameters"));
    assertTrue(ask(call("test_echo", "{\"wort\":1}")).contains("unknown parameter 'wort'"));
  }

  @Test
  void answers_rubbish_with_the_codes_of_the_specification() throws InterruptedException {
    assertTrue(ask("{").contains("-32700"));
    assertTrue(ask("").contains("-32700"));
    assertTrue(ask("[]").contains("-32600"));
    assertTrue(ask("7").contains("-32600"));
    assertTrue(ask("{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"test_echo\"}").contains("-32600"));
    assertTrue(ask("{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"test_echo\"}").contains("-32600"));
    assertTrue(ask(call("nowhere", "{}")).contains("-32601"));
    assertTrue(ask("[".repeat(100_000)).contains("-32700"));
  }

  @Test
  void hides_what_broke_from_the_caller() throws InterruptedException {
    String answer = ask(call("test_break", "{}"));
    assertTrue(answer.contains("-32603"));
    assertFalse(answer.contains("secret"));
  }

  @Test
  void a_batch_is_answered_in_order_without_its_notifications() throws InterruptedException {
    String batch =
        "[" + call("test_echo", "[\"a\"]") + ",{\"jsonrpc\":\"2.0\",\"method\":\"test_echo\"},3]";
    String answer = ask(batch);
    assertTrue(answer.startsWith("[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"a\"}"));
    assertTrue(answer.contains("-32600"));
    assertEquals(2, answer.split("jsonrpc", -1).length - 1);
    assertEquals("", ask("{\"jsonrpc\":\"2.0\",\"method\":\"test_echo\",\"params\":[\"a\"]}"));
  }

  @Test
  void a_batch_over_the_limit_is_refused_and_one_at_the_limit_is_not() throws InterruptedException {
    String one = call("test_echo", "[\"a\"]");
    assertFalse(ask(batchOf(one, JsonRpc.BATCH_MAX)).contains("error"));
    assertTrue(ask(batchOf(one, JsonRpc.BATCH_MAX + 1)).contains("at most " + JsonRpc.BATCH_MAX));
  }

  private static String batchOf(String call, int count) {
    return "[" + String.join(",", java.util.Collections.nCopies(count, call)) + "]";
  }

  @Test
  void random_bytes_are_always_answered() throws InterruptedException {
    Random random = new Random(1);
    byte[] good = call("test_echo", "{\"word\":\"ab\"}").getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = good.clone();
      for (int j = random.nextInt(4); j >= 0; j--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      rpc.handle(bytes);
    }
  }

  @Test
  void a_page_of_another_site_is_refused() {
    HttpGuard guard = HttpGuard.loopback();
    assertTrue(guard.check(List.of("127.0.0.1:4001"), List.of()).isEmpty());
    assertTrue(guard.check(List.of("LOCALHOST"), List.of()).isEmpty());
    assertTrue(guard.check(List.of("[::1]:80"), List.of()).isEmpty());
    assertTrue(guard.check(List.of("evil.example:4001"), List.of()).isPresent());
    assertTrue(guard.check(List.of(), List.of()).isPresent());
    assertTrue(guard.check(List.of("a", "localhost"), List.of()).isPresent());
    assertTrue(guard.check(List.of("localhost"), List.of("http://evil.example")).isPresent());
    assertTrue(guard.check(List.of("localhost"), List.of("null")).isPresent());
    assertTrue(guard.checkJson(java.util.Optional.of("text/plain")).isPresent());
    assertTrue(guard.checkJson(java.util.Optional.empty()).isPresent());
    assertTrue(guard.checkJson(java.util.Optional.of("application/json; charset=utf-8")).isEmpty());
  }
}
