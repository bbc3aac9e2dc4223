package dev.cairn.libp2p.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A js-libp2p peer in a process of its own, driven line by line (interop/libp2p/console.mjs).
final class JsPeer implements AutoCloseable {

  private static final long ANSWER_SECONDS = 60;

  private final Process process;
  private final Writer input;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  private final String id;

  /// Where the js peer is; empty when its packages are not installed (`npm ci` in interop/).
  static Optional<Path> installed() {
    Path folder = Path.of(System.getProperty("cairn.root", ".."), "interop");
    return Files.isExecutable(folder.resolve("node_modules/node/bin/node"))
        ? Optional.of(folder)
        : Optional.empty();
  }

  JsPeer(String... options) throws IOException {
    Path folder = installed().orElseThrow();
    List<String> command = new ArrayList<>();
    command.add("node_modules/node/bin/node");
    command.add("libp2p/console.mjs");
    command.addAll(List.of(options));
    process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    input = process.outputWriter(StandardCharsets.UTF_8);
    Thread.ofVirtual().start(this::read);
    id = answer();
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line = lines.readLine();
      while (line != null) {
        (line.startsWith("event ") ? events : answers).add(line);
        line = lines.readLine();
      }
    } catch (IOException closed) {
      // The process was ended.
    } finally {
      answers.add("error the js peer has ended");
    }
  }

  String id() {
    return id;
  }

  /// Gives a command and waits for its answer.
  String ask(String... words) throws IOException {
    input.write(String.join(" ", words) + "\n");
    input.flush();
    return answer();
  }

  private String answer() throws IOException {
    String line = take(answers);
    if (!line.equals("ok") && !line.startsWith("ok ")) {
      throw new IOException(line);
    }
    return line.substring(2).strip();
  }

  /// Waits for the next event that begins like this; others are dropped.
  String event(String start) throws IOException {
    while (true) {
      String line = take(events);
      if (line.startsWith("event " + start)) {
        return line.substring("event ".length());
      }
    }
  }

  private static String take(BlockingQueue<String> lines) throws IOException {
    try {
      String line = lines.poll(ANSWER_SECONDS, TimeUnit.SECONDS);
      if (line == null) {
        throw new IOException("the js peer is silent");
      }
      return line;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() {
    process.destroy();
  }
}
