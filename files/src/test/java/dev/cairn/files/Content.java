package dev.cairn.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Objects;

/// The content of the published vectors: SHA-256(seed || i) for i = 0, 1, 2, ..., cut to a size.
public final class Content extends InputStream {

  private final MessageDigest sha256;
  private final byte[] message;
  private final byte[] word = new byte[32];
  private long left;
  private long next;
  private int at = 32;

  public Content(String seed, long size) {
    byte[] text = seed.getBytes(StandardCharsets.UTF_8);
    message = new byte[text.length + 8];
    System.arraycopy(text, 0, message, 0, text.length);
    left = size;
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  public static byte[] of(String seed, int size) {
    try {
      return new Content(seed, size).readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (left == 0) {
      return length == 0 ? 0 : -1;
    }
    int count = (int) Math.min(length, left);
    int done = 0;
    while (done < count) {
      if (at == 32) {
        if (count - done >= 32) {
          digest(target, offset + done);
          done += 32;
          continue;
        }
        digest(word, 0);
        at = 0;
      }
      int part = Math.min(32 - at, count - done);
      System.arraycopy(word, at, target, offset + done, part);
      at += part;
      done += part;
    }
    left -= count;
    return count;
  }

  private void digest(byte[] target, int offset) {
    for (int i = 0; i < 8; i++) {
      message[message.length - 1 - i] = (byte) (next >>> (8 * i));
    }
    next++;
    try {
      sha256.update(message);
      sha256.digest(target, offset, 32);
    } catch (DigestException e) {
      throw new IllegalStateException(e);
    }
  }
}
