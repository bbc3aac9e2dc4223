package dev.cairn.libp2p.host;

import dev.cairn.libp2p.peer.PeerId;
import java.io.IOException;
import java.time.Duration;

/// An application's own requests between peers, one line on each side:
///
/// ```java
/// // The peer that answers:
/// Requests.on(host, "/my/greeting/1", (peer, request) -> ("hello, " + text(request)).getBytes(UTF_8));
///
/// // A peer that is connected to it:
/// byte[] answer = Requests.ask(host, peer, "/my/greeting/1", "world".getBytes(UTF_8));
/// ```
///
/// On the wire: one stream a request; each side sends one message, its length as an unsigned varint
/// before it; the asking side closes its half behind its own. So a peer of any libp2p stack can ask
/// and answer with what its library calls a length-prefixed stream.
///
/// `peer` is proved by the connection: nobody asks in another's name. A handler runs on a virtual
/// thread of its own and may block; what it throws resets the stream, and the asking side sees an
/// [IOException] with no detail of why.
public final class Requests {

  /// What a protocol's requests may cost.
  ///
  /// @param requestBytesMax a longer request resets the stream before it is read
  /// @param responseBytesMax a longer response is not sent, and not taken
  /// @param timeout for a request to arrive, for the response to be made and taken; and, where this
  ///   peer asks, for all of it
  /// @param streams requests at once, from one peer and in all; one more is reset unless one of
  ///   them ends within a tenth of a second
  public record Limits(
      int requestBytesMax, int responseBytesMax, Duration timeout, StreamLimits streams) {

    /// 64 KiB asked, 1 MiB answered, 10 s, 8 at once from one peer and 128 in all.
    public static final Limits STANDARD =
        new Limits(64 << 10, 1 << 20, Duration.ofSeconds(10), new StreamLimits(8, 128));

    public Limits {
      if (requestBytesMax < 0 || responseBytesMax < 0 || !timeout.isPositive()) {
        throw new IllegalArgumentException(
            "limits of " + requestBytesMax + " and " + responseBytesMax + " bytes, " + timeout);
      }
    }
  }

  private Requests() {}

  /// Answers a protocol's requests from now on, within [Limits#STANDARD]; [Host#unhandle] ends it.
  ///
  /// @param protocol a name of your own with its version, such as `/my/greeting/1`
  public static void on(Host host, String protocol, RequestResponse.Responder handler) {
    on(host, protocol, Limits.STANDARD, handler);
  }

  /// The same within limits of your own.
  public static void on(
      Host host, String protocol, Limits limits, RequestResponse.Responder handler) {
    RequestResponse.serve(
        host,
        protocol,
        limits.streams(),
        limits.requestBytesMax(),
        limits.timeout(),
        (peer, request) -> {
          byte[] response = handler.respond(peer, request);
          if (response.length > limits.responseBytesMax()) {
            throw new IOException(
                "the response of "
                    + response.length
                    + " bytes on "
                    + protocol
                    + " is over the limit of "
                    + limits.responseBytesMax());
          }
          return response;
        });
  }

  /// Asks a connected peer, within [Limits#STANDARD].
  ///
  /// @throws IOException when it is not connected, does not speak the protocol, refuses, or does
  ///   not answer in time
  public static byte[] ask(Host host, PeerId peer, String protocol, byte[] request)
      throws IOException {
    return ask(host, peer, protocol, Limits.STANDARD, request);
  }

  /// The same within limits of your own.
  public static byte[] ask(Host host, PeerId peer, String protocol, Limits limits, byte[] request)
      throws IOException {
    if (request.length > limits.requestBytesMax()) {
      throw new IOException(
          "a request of "
              + request.length
              + " bytes on "
              + protocol
              + " is over the limit of "
              + limits.requestBytesMax());
    }
    return RequestResponse.request(
        host, peer, protocol, request, limits.responseBytesMax(), limits.timeout());
  }
}
