package dev.cairn.crypto;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import javax.crypto.Mac;

/// scrypt (RFC 7914), the slow and memory-hard derivation of a key from a passphrase.
///
/// Written over the JDK's HMAC, because no provider at hand has it on every platform and the
/// libraries that have it bring a whole toolbox along. It takes 128 * cost * blockSize bytes
/// outside the heap, cleared and given back to the system at the end: in the heap of a node, which
/// opens one key at its start, they would stay for good.
public final class Scrypt {

  /// The most memory a derivation may take: what the common keystore files ask for (n = 2^18, r =
  /// 8).
  public static final long MEMORY_BYTES_MAX = 256L << 20;

  /// The most parallel lanes; they run one after the other here.
  public static final int PARALLEL_MAX = 16;

  private static final int SALSA_WORDS = 16;
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private Scrypt() {}

  /// The key that the passphrase, salt and costs give.
  ///
  /// @param cost N: a power of two, 2 or more
  /// @param blockSize r: 1 or more
  /// @param parallel p: 1 to 16
  /// @param length of the derived key: 1 to 1,024 bytes
  /// @throws CryptoException when the numbers (often from a file) are out of range
  public static byte[] derive(
      byte[] passphrase, byte[] salt, int cost, int blockSize, int parallel, int length) {
    if (cost < 2 || Integer.bitCount(cost) != 1 || blockSize < 1 || blockSize > 1024) {
      throw new CryptoException("scrypt: n is a power of two and r is 1 to 1024");
    }
    if (parallel < 1 || parallel > PARALLEL_MAX || length < 1 || length > 1024) {
      throw new CryptoException("scrypt: p is 1 to 16 and the key has 1 to 1024 bytes");
    }
    if (128L * cost * blockSize > MEMORY_BYTES_MAX) {
      throw new CryptoException("scrypt: n and r ask for more than 256 MiB");
    }
    int words = 2 * SALSA_WORDS * blockSize;
    byte[] blocks = pbkdf2(passphrase, salt, parallel * words * Integer.BYTES);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment table = arena.allocate(ValueLayout.JAVA_INT, (long) cost * words);
      for (int lane = 0; lane < parallel; lane++) {
        mix(blocks, lane * words * Integer.BYTES, table, blockSize);
      }
      table.fill((byte) 0);
    }
    return pbkdf2(passphrase, blocks, length);
  }

  /// PBKDF2-HMAC-SHA-256 with one iteration, all that scrypt needs (RFC 8018).
  private static byte[] pbkdf2(byte[] passphrase, byte[] salt, int length) {
    Mac mac = Hmac.keyed(passphrase);
    byte[] out = new byte[length];
    int filled = 0;
    for (int i = 1; filled < length; i++) {
      mac.update(salt);
      mac.update(new byte[] {(byte) (i >>> 24), (byte) (i >>> 16), (byte) (i >>> 8), (byte) i});
      byte[] block = mac.doFinal();
      int taken = Math.min(block.length, length - filled);
      System.arraycopy(block, 0, out, filled, taken);
      filled += taken;
    }
    return out;
  }

  /// scryptROMix on one lane of `blocks`; the table has `words` integers for each of its rows.
  private static void mix(byte[] blocks, int offset, MemorySegment table, int blockSize) {
    int words = 2 * SALSA_WORDS * blockSize;
    long rowBytes = (long) words * Integer.BYTES;
    int rows = (int) (table.byteSize() / rowBytes);
    int[] x = new int[words];
    int[] y = new int[words];
    int[] row = new int[words];
    for (int i = 0; i < words; i++) {
      x[i] = (int) WORDS.get(blocks, offset + i * Integer.BYTES);
    }
    for (int i = 0; i < rows; i++) {
      MemorySegment.copy(x, 0, table, ValueLayout.JAVA_INT, i * rowBytes, words);
      blockMix(x, y, blockSize);
      int[] swap = x;
      x = y;
      y = swap;
    }
    for (int i = 0; i < rows; i++) {
      int chosen = x[words - SALSA_WORDS] & (rows - 1);
      MemorySegment.copy(table, ValueLayout.JAVA_INT, chosen * rowBytes, row, 0, words);
      for (int k = 0; k < words; k++) {
        x[k] ^= row[k];
      }
      blockMix(x, y, blockSize);
      int[] swap = x;
      x = y;
      y = swap;
    }
    for (int i = 0; i < words; i++) {
      WORDS.set(blocks, offset + i * Integer.BYTES, x[i]);
    }
    Arrays.fill(x, 0);
    Arrays.fill(y, 0);
    Arrays.fill(row, 0);
  }

  /// scryptBlockMix: even results to the first half, odd ones to the second.
  private static void blockMix(int[] in, int[] out, int blockSize) {
    int[] x = Arrays.copyOfRange(in, in.length - SALSA_WORDS, in.length);
    for (int i = 0; i < 2 * blockSize; i++) {
      for (int k = 0; k < SALSA_WORDS; k++) {
        x[k] ^= in[i * SALSA_WORDS + k];
      }
      salsa8(x);
      int place = (i / 2 + (i % 2) * blockSize) * SALSA_WORDS;
      System.arraycopy(x, 0, out, place, SALSA_WORDS);
    }
  }

  /// The Salsa20/8 core, in place: four double rounds, then the input is added.
  private static void salsa8(int[] block) {
    int[] z = block.clone();
    for (int round = 0; round < 4; round++) {
      quarter(z, 0, 4, 8, 12);
      quarter(z, 5, 9, 13, 1);
      quarter(z, 10, 14, 2, 6);
      quarter(z, 15, 3, 7, 11);
      quarter(z, 0, 1, 2, 3);
      quarter(z, 5, 6, 7, 4);
      quarter(z, 10, 11, 8, 9);
      quarter(z, 15, 12, 13, 14);
    }
    for (int i = 0; i < SALSA_WORDS; i++) {
      block[i] += z[i];
    }
  }

  private static void quarter(int[] z, int a, int b, int c, int d) {
    z[b] ^= Integer.rotateLeft(z[a] + z[d], 7);
    z[c] ^= Integer.rotateLeft(z[b] + z[a], 9);
    z[d] ^= Integer.rotateLeft(z[c] + z[b], 13);
    z[a] ^= Integer.rotateLeft(z[d] + z[c], 18);
  }
}
