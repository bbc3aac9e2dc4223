package dev.cairn.cli.files;

import java.io.IOException;
import java.io.OutputStream;

/// Standard output that tells when nobody reads it any more or the disk behind it is full, which
/// [System#out] keeps to itself.
final class StandardOutput extends OutputStream {

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] data, int offset, int length) throws IOException {
    System.out.write(data, offset, length);
    flush();
  }

  @Override
  public void flush() throws IOException {
    if (System.out.checkError()) {
      throw new IOException("standard output cannot be written");
    }
  }
}
