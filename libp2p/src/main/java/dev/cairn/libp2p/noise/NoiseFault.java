package dev.cairn.libp2p.noise;

import java.net.ProtocolException;
import org.jspecify.annotations.Nullable;

/// Makes the exceptions for what a peer does against Noise.
final class NoiseFault {

  private NoiseFault() {}

  static ProtocolException of(@Nullable String message) {
    return new ProtocolException("noise: " + message);
  }

  static ProtocolException of(@Nullable String message, Exception cause) {
    ProtocolException fault = of(message);
    fault.initCause(cause);
    return fault;
  }
}
