package dev.cairn.simulator;

import java.util.List;
import java.util.random.RandomGenerator;

/// Random numbers of a seed: splitmix64 (S. Vigna, public domain), with every draw written out
/// here, so that no version of the JDK can change what a seed means.
///
/// Owner: one simulated world, or one part of it that was given a [#split].
public final class SimRandom implements RandomGenerator {

  private long state;

  public SimRandom(long seed) {
    this.state = seed;
  }

  @Override
  public long nextLong() {
    state += 0x9E3779B97F4A7C15L;
    long z = state;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  @Override
  public int nextInt() {
    return (int) (nextLong() >>> 32);
  }

  @Override
  public int nextInt(int bound) {
    return (int) (((nextLong() >>> 33) * bound) >>> 31);
  }

  @Override
  public int nextInt(int origin, int bound) {
    return origin + nextInt(bound - origin);
  }

  @Override
  public long nextLong(long bound) {
    return (nextLong() >>> 1) % bound;
  }

  @Override
  public long nextLong(long origin, long bound) {
    return origin + nextLong(bound - origin);
  }

  @Override
  public boolean nextBoolean() {
    return nextLong() < 0;
  }

  @Override
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1.0p-53;
  }

  @Override
  public void nextBytes(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) nextLong();
    }
  }

  /// True so many times in a thousand.
  public boolean chance(int perMille) {
    return nextInt(1000) < perMille;
  }

  /// Another one that goes its own way.
  public SimRandom split() {
    return new SimRandom(nextLong());
  }

  public void shuffle(List<?> list) {
    for (int i = list.size(); i > 1; i--) {
      java.util.Collections.swap(list, i - 1, nextInt(i));
    }
  }
}
