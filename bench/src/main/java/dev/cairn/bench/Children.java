package dev.cairn.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Other processes of a benchmark, which run the same Java with the same code.
final class Children {

  private Children() {}

  /// Starts a main class of this module; its errors go to ours.
  static Process start(Class<?> main, String... args) throws IOException {
    return start(List.of(), main, args);
  }

  /// The same behind a command that runs it, such as `ip netns exec NAME`.
  static Process start(List<String> runner, Class<?> main, String... args) throws IOException {
    List<String> command = new ArrayList<>(runner);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    if (main.getModule().isNamed()) {
      command.addAll(List.of("-m", main.getModule().getName() + "/" + main.getName()));
    } else {
      command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    }
    command.addAll(List.of(args));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /// The CPU time that a process has used, in nanoseconds.
  static long cpu(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
  }
}
