package dev.cairn.libp2p.host;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.libp2p.protobuf.Delimited;
import dev.cairn.multiformats.MalformedException;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Requests and responses over a stream each: one message out, one or many back, every message
/// behind its length as a varint. The asking side closes its half after the request.
public final class RequestResponse {

  private RequestResponse() {}

  /// Answers a request with one response.
  @FunctionalInterface
  public interface Responder {
    /// Makes the response to one request.
    ///
    /// @throws IOException (or [MalformedException]) to reset the stream instead of answering
    byte[] respond(PeerId peer, byte[] request) throws IOException;
  }

  /// Answers a request with any number of responses, in order.
  @FunctionalInterface
  public interface StreamingResponder {
    void respond(PeerId peer, byte[] request, ResponseWriter responses) throws IOException;
  }

  /// Where a [StreamingResponder] puts its responses. A send blocks while the asking side does not
  /// read.
  @FunctionalInterface
  public interface ResponseWriter {
    void send(byte[] response) throws IOException;
  }

  /// The responses to one request, read one at a time. Closing it tells the other side to stop.
  public static final class Responses implements AutoCloseable {
    private final Stream stream;
    private final int responseBytesMax;
    private final Duration timeout;

    private Responses(Stream stream, int responseBytesMax, Duration timeout) {
      this.stream = stream;
      this.responseBytesMax = responseBytesMax;
      this.timeout = timeout;
    }

    /// Waits for the next response; empty after the last one.
    ///
    /// @throws IOException when it is malformed, too long or not there in time; no more can come
    ///   then
    public Optional<byte[]> next() throws IOException {
      stream.expire(timeout);
      try {
        return Optional.of(Delimited.read(stream.input(), responseBytesMax));
      } catch (EOFException end) {
        return Optional.empty();
      } catch (MalformedException e) {
        stream.reset();
        throw new IOException("bad response from " + stream.peer() + ": " + e.getMessage(), e);
      } catch (IOException e) {
        stream.reset();
        throw e;
      }
    }

    /// Ends the stream; what has not been read is dropped.
    @Override
    public void close() {
      stream.close();
    }
  }

  /// Asks a connected peer and waits for its one response.
  ///
  /// @param responseBytesMax the longest response that is accepted
  /// @param timeout for all of it
  /// @throws IOException when there is no (good) response in time
  public static byte[] request(
      Host host, PeerId peer, String protocol, byte[] body, int responseBytesMax, Duration timeout)
      throws IOException {
    try (Responses responses = requestMany(host, peer, protocol, body, responseBytesMax, timeout)) {
      return responses
          .next()
          .orElseThrow(() -> new IOException(peer + " gives no response on " + protocol));
    }
  }

  /// Asks a connected peer for a series of responses.
  ///
  /// @param timeout for each response
  public static Responses requestMany(
      Host host, PeerId peer, String protocol, byte[] body, int responseBytesMax, Duration timeout)
      throws IOException {
    Stream stream = host.open(peer, List.of(protocol));
    try {
      stream.expire(timeout);
      Delimited.write(stream.output(), body);
      stream.closeWrite();
      return new Responses(stream, responseBytesMax, timeout);
    } catch (IOException | RuntimeException e) {
      stream.reset();
      throw e;
    }
  }

  /// Serves a protocol with one response to each request.
  ///
  /// @param requestBytesMax the longest request that is accepted; one over it resets the stream
  /// @param timeout for a request to arrive, and again for the response to be taken
  public static void serve(
      Host host,
      String protocol,
      StreamLimits limits,
      int requestBytesMax,
      Duration timeout,
      Responder responder) {
    serveMany(
        host,
        protocol,
        limits,
        requestBytesMax,
        timeout,
        (peer, request, responses) -> responses.send(responder.respond(peer, request)));
  }

  /// Serves a protocol with a series of responses to each request.
  ///
  /// @param timeout for a request to arrive, and again for each response to be made and taken
  public static void serveMany(
      Host host,
      String protocol,
      StreamLimits limits,
      int requestBytesMax,
      Duration timeout,
      StreamingResponder responder) {
    host.handle(
        protocol,
        stream -> {
          stream.expire(timeout);
          byte[] request = Delimited.read(stream.input(), requestBytesMax);
          stream.expire(timeout);
          responder.respond(
              stream.peer(),
              request,
              response -> {
                Delimited.write(stream.output(), response);
                stream.expire(timeout);
              });
          stream.closeWrite();
        },
        limits);
  }
}
