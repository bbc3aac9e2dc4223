package dev.cairn.bench;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/// Calls of a node's JSON-RPC, one at a time or many in a batch, over connections that are kept.
final class RpcCaller {

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI url;

  RpcCaller(String url) {
    this.url = URI.create(url + "/");
  }

  JsonObject call(String method, JsonObject params) throws IOException, InterruptedException {
    return result((JsonObject) post(request(method, params)));
  }

  static JsonObject request(String method, JsonObject params) {
    return Json.createObjectBuilder()
        .add("jsonrpc", "2.0")
        .add("id", 1)
        .add("method", method)
        .add("params", params)
        .build();
  }

  JsonArray batch(JsonArray requests) throws IOException, InterruptedException {
    return (JsonArray) post(requests);
  }

  static JsonObject result(JsonObject answer) {
    JsonValue result = answer.get("result");
    if (result instanceof JsonObject object) {
      return object;
    }
    throw new IllegalStateException("the node answers " + answer);
  }

  private JsonStructure post(JsonStructure body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
    byte[] answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray()).body();
    try (var reader = Json.createReader(new ByteArrayInputStream(answer))) {
      return reader.read();
    }
  }
}
