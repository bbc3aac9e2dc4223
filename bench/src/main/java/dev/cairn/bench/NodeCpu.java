package dev.cairn.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The CPU time of the processes of a network.
final class NodeCpu {

  private final List<ProcessHandle> nodes = new ArrayList<>();

  NodeCpu(Collection<Long> pids) {
    pids.forEach(pid -> ProcessHandle.of(pid).ifPresent(nodes::add));
  }

  /// Of the nodes of a testnet, whose processes are named in their stores' `HOLDER`.
  static NodeCpu of(Path folder) throws IOException {
    Set<Long> pids = new TreeSet<>();
    try (Stream<Path> files = Files.walk(folder, 3)) {
      for (Path holder : files.filter(f -> f.endsWith("HOLDER")).toList()) {
        String held = Files.readString(holder);
        pids.add(Long.parseLong(held.substring(0, held.indexOf(' '))));
      }
    }
    return new NodeCpu(pids);
  }

  int nodes() {
    return nodes.size();
  }

  /// Of all of them so far, in nanoseconds.
  long nanos() {
    return nodes.stream().mapToLong(Children::cpu).sum();
  }
}
