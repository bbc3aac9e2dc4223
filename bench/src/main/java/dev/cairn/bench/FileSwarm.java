package dev.cairn.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Seeds and readers of a file, each in a network namespace of its own, as `bench/files.sh` makes
/// them: peer number N is in namespace PREFIX-N and has the address 10.77.0.N.
///
/// `FileSwarm PREFIX MiB SEEDS READERS MBIT` starts the seeds, then all readers at once, each of
/// which knows all of them, and prints how long the last reader took, beside one copy of the file
/// through one uplink of that many Mbit/s.
public final class FileSwarm {

  private static final double BITS_PER_MEBIBYTE = 8.0 * (1 << 20);

  private final List<Process> processes = new ArrayList<>();
  private final List<BufferedReader> outputs = new ArrayList<>();
  private final List<String> addresses = new ArrayList<>();

  private FileSwarm() {}

  public static void main(String[] args) throws Exception {
    int mebibytes = Integer.parseInt(args[1]);
    int seeds = Integer.parseInt(args[2]);
    int readers = Integer.parseInt(args[3]);
    double copySeconds = mebibytes * BITS_PER_MEBIBYTE / (Double.parseDouble(args[4]) * 1e6);
    FileSwarm swarm = new FileSwarm();
    try {
      for (int i = 1; i <= seeds + readers; i++) {
        swarm.start(args[0], i, i <= seeds ? "seed" : "fetch", args[1]);
      }
      double seconds = swarm.fetch(seeds, readers);
      System.out.printf(
          Locale.ROOT,
          "%d MiB, %d seeds, %d readers: the last after %.1f s, %.2f x one copy through one uplink%n",
          mebibytes,
          seeds,
          readers,
          seconds,
          seconds / copySeconds);
    } finally {
      swarm.processes.forEach(Process::destroy);
    }
  }

  private void start(String prefix, int number, String mode, String mebibytes)
      throws IOException {
    List<String> runner = List.of("ip", "netns", "exec", prefix + "-" + number);
    String listen = "/ip4/10.77.0." + number + "/tcp/23001";
    processes.add(Children.start(runner, FileBench.class, mode, listen, mebibytes));
    outputs.add(processes.getLast().inputReader(StandardCharsets.UTF_8));
    addresses.add(line(number - 1));
  }

  private String line(int index) throws IOException {
    return Optional.ofNullable(outputs.get(index).readLine()).orElseThrow();
  }

  private double fetch(int seeds, int readers) throws IOException {
    long began = System.nanoTime();
    for (int i = seeds; i < seeds + readers; i++) {
      Writer in =
          new OutputStreamWriter(processes.get(i).getOutputStream(), StandardCharsets.UTF_8);
      in.write(String.join(",", addresses) + "\n");
      in.flush();
    }
    for (int i = seeds; i < seeds + readers; i++) {
      System.out.println("reader " + (i - seeds + 1) + ": " + line(i));
    }
    return (System.nanoTime() - began) / 1e9;
  }
}
