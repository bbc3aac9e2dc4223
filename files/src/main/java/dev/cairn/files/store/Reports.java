package dev.cairn.files.store;

import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Tells the operator of damage: each damaged block, and each changed file once.
final class Reports {

  private static final int FILES_MAX = 1000;

  private final System.Logger log;
  private final Set<Path> told = ConcurrentHashMap.newKeySet();

  Reports(System.Logger log) {
    this.log = log;
  }

  void damaged(String what) {
    log.log(System.Logger.Level.WARNING, "{0}; it has to be fetched or added again", what);
  }

  void changed(Path file, String what) {
    if (told.size() < FILES_MAX && told.add(file)) {
      log.log(System.Logger.Level.WARNING, "{0}; blocks of it count as not here", what);
    }
  }
}
