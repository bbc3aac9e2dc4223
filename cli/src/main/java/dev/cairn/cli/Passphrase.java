package dev.cairn.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Where the passphrase of a key comes from: a file, else a prompt.
public final class Passphrase {

  private static final long FILE_BYTES_MAX = 4_096;

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description =
          "Read the passphrase from the file's first line; else CAIRN_PASSWORD_FILE, else a"
              + " prompt.")
  private Path file = Path.of("");

  /// The passphrase of a key that exists.
  public String ask(String what) {
    return fromFile().orElseGet(() -> prompt("Passphrase of " + what + ": "));
  }

  /// The passphrase of a key beside the one that signs.
  ///
  /// @param path a file whose first line it is; empty for a prompt
  public static String ask(Path path, String what) {
    return path.toString().isEmpty() ? prompt("Passphrase of " + what + ": ") : firstLine(path);
  }

  /// A passphrase for a new key, asked for twice.
  public String choose(String what) {
    return fromFile()
        .orElseGet(
            () -> {
              String first = prompt("New passphrase for " + what + ": ");
              if (!first.equals(prompt("The same again: "))) {
                throw CliException.usage("the two passphrases differ; nothing was written");
              }
              return first;
            });
  }

  private Optional<String> fromFile() {
    Path path = file;
    if (path.toString().isEmpty()) {
      path = Path.of(Optional.ofNullable(System.getenv("CAIRN_PASSWORD_FILE")).orElse(""));
    }
    return path.toString().isEmpty() ? Optional.empty() : Optional.of(firstLine(path));
  }

  /// The first line of a passphrase file.
  public static String firstLine(Path path) {
    try {
      if (Files.size(path) > FILE_BYTES_MAX) {
        throw CliException.failed("the passphrase file " + path + " is too long");
      }
      String text = new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
      return text.lines().findFirst().orElse("");
    } catch (IOException e) {
      throw CliException.failed("cannot read the passphrase file " + path + ": " + reason(e));
    }
  }

  private static String reason(IOException e) {
    return e instanceof java.nio.file.NoSuchFileException
        ? "there is none"
        : String.valueOf(e.getMessage());
  }

  private static String prompt(String text) {
    Console console =
        Terminal.console()
            .orElseThrow(
                () ->
                    CliException.usage(
                        "a passphrase is needed and there is no terminal to ask at; use"
                            + " --password-file"));
    char[] typed = console.readPassword("%s", text);
    if (typed == null) {
      throw CliException.usage("no passphrase was given");
    }
    return new String(typed);
  }
}
