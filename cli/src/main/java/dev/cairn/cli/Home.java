package dev.cairn.cli;

import java.nio.file.Path;
import java.util.Optional;

/// Where things are when nobody says otherwise: `CAIRN_HOME`, else `.cairn` in the user's folder.
public final class Home {

  private Home() {}

  public static Path folder() {
    return Optional.ofNullable(System.getenv("CAIRN_HOME"))
        .filter(s -> !s.isEmpty())
        .map(Path::of)
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cairn"));
  }

  public static Path node() {
    return folder().resolve("node");
  }

  public static Path dev() {
    return folder().resolve("dev");
  }

  public static Path testnet() {
    return folder().resolve("testnet");
  }

  public static Path keys() {
    return folder().resolve("keys");
  }

  /// The file that a user means by a key: a path, or the name of a key in the key folder.
  public static Path key(String nameOrPath) {
    Path path = Path.of(nameOrPath);
    boolean plainName = path.getNameCount() == 1 && !nameOrPath.endsWith(".json");
    return plainName && !path.toFile().exists() ? keys().resolve(nameOrPath + ".json") : path;
  }
}
