package dev.cairn.node.config;

/// A setting that cannot be used. The message names the setting, where it came from and what it
/// should be.
public final class ConfigException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public ConfigException(String message) {
    super(message, null, false, false);
  }
}
