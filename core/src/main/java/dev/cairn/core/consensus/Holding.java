package dev.cairn.core.consensus;

/// How much an engine holds of something, and the most that it ever may.
public record Holding(String what, long held, long most) {

  public boolean withinBounds() {
    return held <= most;
  }
}
