package dev.cairn.cli.files;

import dev.cairn.cli.RpcClient;
import dev.cairn.node.gateway.LocalImport;
import dev.cairn.node.keys.LocalKey;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Has a node read a file or folder itself, where it runs on this computer as this user and sees
/// the same file there. Whatever speaks against it, the content can still be sent: only what goes
/// wrong once the node reads is an error.
final class LocalAdd {

  private static final Pattern CHALLENGE =
      Pattern.compile(LocalImport.SCHEME + " key=\"([^\"]{1,4096})\"");

  private final RpcClient node;
  private final NodeHttp http;

  LocalAdd(RpcClient node) {
    this.node = node;
    this.http = new NodeHttp(node);
  }

  /// @param name of the pin
  /// @return what the node says; empty when it cannot read it itself
  /// @throws dev.cairn.cli.CliException when the node fails to, or does not answer
  Optional<JsonObject> add(Path file, String name, String profile, boolean hidden, Meter meter)
      throws IOException {
    if (!isHere()) {
      return Optional.empty();
    }
    Path path = file.toAbsolutePath();
    String query =
        NodeHttp.IMPORT
            + NodeHttp.query(name, profile)
            + "&path="
            + NodeHttp.encoded(path.toString())
            + "&hidden="
            + hidden;
    Optional<String> proof = proof(query, path);
    if (proof.isEmpty()) {
      return Optional.empty();
    }
    HttpURLConnection reply = post(query);
    reply.setRequestProperty("Authorization", LocalImport.SCHEME + " " + proof.get());
    if (reply.getResponseCode() != 200) {
      return Optional.empty();
    }
    long total = Files.isRegularFile(path) ? Files.size(path) : 0;
    return last(reply, total, meter);
  }

  private boolean isHere() {
    try {
      return InetAddress.getByName(node.url().getHost()).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw http.unreachable(e);
    }
  }

  /// Of the key that the node names, if this user may read it.
  private Optional<String> proof(String query, Path path) throws IOException {
    HttpURLConnection challenge = post(query);
    int status;
    try {
      status = challenge.getResponseCode();
    } catch (IOException e) {
      throw http.unreachable(e);
    }
    String header = challenge.getHeaderField("WWW-Authenticate");
    Matcher named = CHALLENGE.matcher(header == null ? "" : header);
    if (status != 401 || !named.matches()) {
      return Optional.empty();
    }
    try {
      LocalKey key = LocalKey.read(Path.of(named.group(1)));
      return Optional.of(key.proof(LocalImport.request(path.toString(), LocalImport.id(path))));
    } catch (IOException | InvalidPathException e) {
      return Optional.empty();
    }
  }

  private HttpURLConnection post(String query) throws IOException {
    HttpURLConnection post = http.open(query);
    post.setRequestMethod("POST");
    return post;
  }

  private static Optional<JsonObject> last(HttpURLConnection reply, long total, Meter meter)
      throws IOException {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(reply.getInputStream(), StandardCharsets.UTF_8))) {
      for (String text = lines.readLine(); text != null; text = lines.readLine()) {
        JsonObject line = object(text);
        if (line.containsKey("roots")) {
          return Optional.of(line);
        }
        if (line.containsKey("error")) {
          if (line.getInt("status", 400) == 403) {
            return Optional.empty(); // the node is of another user after all
          }
          throw NodeHttp.notTaken(line.getInt("status", 400), line.getString("error"));
        }
        meter.show(Fetching.number(line, "bytes"), total, 0);
      }
      throw new IOException("the node hung up before it was done");
    }
  }

  private static JsonObject object(String text) throws IOException {
    try (var reader = Json.createReader(new StringReader(text))) {
      return reader.readObject();
    } catch (JsonException e) {
      throw new IOException("the node answers with something that is no JSON: " + text, e);
    }
  }
}
