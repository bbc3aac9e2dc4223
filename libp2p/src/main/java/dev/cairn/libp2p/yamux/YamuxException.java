package dev.cairn.libp2p.yamux;

import java.net.ProtocolException;

/// The peer broke the rules of yamux; its connection ends.
final class YamuxException extends ProtocolException {

  private static final long serialVersionUID = 1;

  YamuxException(String message) {
    super("yamux: " + message);
  }
}
