package dev.cairn.storage;

import dev.cairn.core.Address;
import dev.cairn.core.Hash;
import dev.cairn.core.ledger.Commit;
import dev.cairn.core.ledger.RecordVersion;
import dev.cairn.core.ledger.StoredBlock;
import dev.cairn.core.state.RowChange;
import dev.cairn.core.state.StateChange;
import dev.cairn.core.state.StateKey;
import dev.cairn.multiformats.Cid;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.tuweni.bytes.Bytes;

/// Commits that follow each other, and what one can do to files.
final class Commits {

  static final Hash CHAIN = Hash.sha256(new byte[] {1});

  private Commits() {}

  static byte[] pattern(long height, int length) {
    byte[] bytes = new byte[length];
    new Random(height).nextBytes(bytes);
    return bytes;
  }

  static Cid id(long height) {
    return Cid.hash(Cid.DAG_CBOR, ByteBuffer.allocate(8).putLong(height).array());
  }

  static Cid transaction(long height, int index) {
    return Cid.hash(Cid.DAG_CBOR, ByteBuffer.allocate(12).putLong(height).putInt(index).array());
  }

  static StateKey key(int number) {
    return StateKey.parameter("key " + number);
  }

  static Bytes value(long height, int number) {
    return Bytes.wrap(pattern(height * 100 + number, 40));
  }

  /// Key 0 changes in each block and one more key appears.
  static Commit at(long height) {
    List<StateChange> changes =
        List.of(
            new StateChange(
                key(0),
                Optional.of(value(height, 0)),
                height == 0 ? Optional.empty() : Optional.of(value(height - 1, 0))),
            new StateChange(
                key((int) height + 1), Optional.of(value(height, 1)), Optional.empty()));
    List<RowChange> rows =
        List.of(
            new RowChange(Bytes.EMPTY, Optional.of(Bytes.wrap(pattern(height, 64)))),
            new RowChange(
                Bytes.of((byte) (height % 16)),
                height % 3 == 2
                    ? Optional.empty()
                    : Optional.of(Bytes.of(1, 2, (int) height & 0xff))));
    StateKey named = StateKey.record(Address.of(new byte[32]), "name");
    return new Commit(
        id(height),
        height,
        Hash.sha256(pattern(height, 3)),
        new StoredBlock(
            Bytes.wrap(pattern(height, 200)),
            Bytes.wrap(pattern(-height - 1, 1500)),
            height == 0 ? Bytes.EMPTY : Bytes.wrap(pattern(height + 7, 90))),
        changes,
        rows,
        List.of(transaction(height, 0), transaction(height, 1)),
        List.of(new RecordVersion(named, height + 1, value(height, 2))));
  }

  static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }

  static void flip(Path file, long at, int bit) throws IOException {
    try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
      raw.seek(at);
      int old = raw.read();
      raw.seek(at);
      raw.write(old ^ (1 << bit));
    }
  }

  static void cut(Path file, long bytes) throws IOException {
    try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
      raw.setLength(raw.length() - bytes);
    }
  }

  static List<Path> files(Path folder, String suffix) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.toString().endsWith(suffix)).sorted().toList();
    }
  }
}
