package dev.cairn.node;

/// The version of this program.
public final class Version {

  public static final String CURRENT = "0.1.0";

  /// What this program calls itself in libp2p's identify.
  public static final String AGENT = "cairn/" + CURRENT;

  private Version() {}
}
