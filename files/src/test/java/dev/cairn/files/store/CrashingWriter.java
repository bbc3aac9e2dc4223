package dev.cairn.files.store;

import dev.cairn.files.Content;
import dev.cairn.files.block.Block;
import dev.cairn.multiformats.Cid;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A process that puts block after block, says how many have been synced, collects garbage now and
/// then, and goes on until it is killed.
final class CrashingWriter {

  private CrashingWriter() {}

  /// The block of a number: one in three small, one middling, one large.
  static Block block(int number) {
    int size = new int[] {100, 20_000, 200_000}[number % 3] + number;
    return Block.of(Cid.RAW, Content.of("crash-" + number, size));
  }

  static Process start(Path folder, int from) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes =
        String.join(
            File.pathSeparator,
            System.getProperty("java.class.path", ""),
            System.getProperty("jdk.module.path", ""),
            Path.of("target", "classes").toString(),
            Path.of("target", "test-classes").toString());
    return new ProcessBuilder(
            java,
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            classes,
            CrashingWriter.class.getName(),
            folder.toString(),
            Integer.toString(from))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  public static void main(String[] args) {
    FileStore store = FileStore.open(Path.of(args[0]), FileStoreParams.defaults());
    Hold hold = store.hold();
    for (int number = Integer.parseInt(args[1]); ; ) {
      List<Block> batch = new ArrayList<>();
      for (int i = 0; i < 1 + number % 4; i++) {
        batch.add(block(number++));
      }
      store.put(batch);
      if (number % 3 == 0) {
        store.sync();
        System.out.println(number);
        System.out.flush();
      }
      if (number == Integer.MAX_VALUE) {
        hold.close();
        return;
      }
    }
  }
}
