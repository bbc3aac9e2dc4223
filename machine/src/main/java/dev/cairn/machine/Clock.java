package dev.cairn.machine;

/// Where a shell reads the time. The system's clock on a real node, a virtual one in a simulation.
public interface Clock {

  Now now();

  /// The clock of this computer.
  static Clock system() {
    return () -> new Now(System.nanoTime(), System.currentTimeMillis());
  }
}
