package dev.cairn.libp2p.upgrade;

import java.io.IOException;

/// The two sides have no protocol in common.
public final class NoProtocolException extends IOException {

  private static final long serialVersionUID = 1;

  public NoProtocolException(String message) {
    super(message);
  }
}
