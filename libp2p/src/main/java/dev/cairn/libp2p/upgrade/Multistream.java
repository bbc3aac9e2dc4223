package dev.cairn.libp2p.upgrade;

import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.Varint;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/// multistream-select 1.0: two sides agree on a protocol by its name.
///
/// Each line is an unsigned varint with its length, the text and a newline; the length counts the
/// newline. Nothing behind the last line is read, so application data may follow at once, and the
/// first proposal travels together with the header.
public final class Multistream {

  /// The first line of each side.
  public static final String HEADER = "/multistream/1.0.0";

  /// The longest line, its newline included.
  public static final int LINE_BYTES_MAX = 1_024;

  /// The proposals that one negotiation answers before it gives up.
  public static final int PROPOSALS_MAX = 256;

  private static final String NOT_AVAILABLE = "na";

  private Multistream() {}

  /// Proposes protocols, the preferred one first, until the other side takes one.
  ///
  /// @param proposals at least one
  /// @return the protocol that was taken
  /// @throws NoProtocolException when the other side took none
  /// @throws ProtocolException when it does not speak multistream-select
  public static String select(InputStream in, OutputStream out, List<String> proposals)
      throws IOException {
    out.write(encode(HEADER, proposals.getFirst()));
    expectHeader(in);
    for (int i = 0; i < proposals.size(); i++) {
      String proposal = proposals.get(i);
      if (i > 0) {
        out.write(encode(proposal));
      }
      String answer = readLine(in);
      if (answer.equals(proposal)) {
        return proposal;
      }
      if (!answer.equals(NOT_AVAILABLE)) {
        throw new ProtocolException("multistream: proposed " + proposal + ", got " + shown(answer));
      }
    }
    throw new NoProtocolException("the peer speaks none of " + proposals);
  }

  /// The bytes that propose one protocol, for a dialer that sends its first data right behind them
  /// and later calls [#confirm].
  public static byte[] proposal(String protocol) {
    return encode(HEADER, protocol);
  }

  /// Reads the answer to [#proposal].
  ///
  /// @throws NoProtocolException when the other side refused
  public static void confirm(InputStream in, String protocol) throws IOException {
    expectHeader(in);
    String answer = readLine(in);
    if (answer.equals(NOT_AVAILABLE)) {
      throw new NoProtocolException("the peer does not speak " + protocol);
    }
    if (!answer.equals(protocol)) {
      throw new ProtocolException("multistream: proposed " + protocol + ", got " + shown(answer));
    }
  }

  /// Proposes one protocol without waiting: the caller may write its data at once, which saves a
  /// round trip. The answer is read, and a refusal thrown, by the first read from what is returned.
  public static InputStream propose(InputStream in, OutputStream out, String protocol)
      throws IOException {
    out.write(proposal(protocol));
    return new Unconfirmed(in, protocol);
  }

  private static final class Unconfirmed extends FilterInputStream {

    private final String protocol;
    private boolean confirmed;

    Unconfirmed(InputStream in, String protocol) {
      super(in);
      this.protocol = protocol;
    }

    private void confirmOnce() throws IOException {
      if (!confirmed) {
        confirm(in, protocol);
        confirmed = true;
      }
    }

    @Override
    public int read() throws IOException {
      confirmOnce();
      return in.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      confirmOnce();
      return in.read(target, offset, length);
    }

    @Override
    public int available() throws IOException {
      return confirmed ? in.available() : 0;
    }
  }

  /// Answers proposals until one is for a protocol that is spoken here.
  ///
  /// @return the protocol that was taken
  /// @throws NoProtocolException when the other side gives up, or proposes too often
  /// @throws ProtocolException when it does not speak multistream-select
  public static String handle(InputStream in, OutputStream out, Predicate<String> spoken)
      throws IOException {
    Agreed agreed = agree(in, out, spoken);
    out.write(agreed.answer());
    return agreed.protocol;
  }

  /// Answers proposals until one is for the protocol, and returns the last answer for the caller to
  /// send together with its first data.
  static byte[] answer(InputStream in, OutputStream out, String protocol) throws IOException {
    return agree(in, out, protocol::equals).answer();
  }

  /// What was agreed on and not yet said.
  private record Agreed(String protocol, boolean headerSent) {
    byte[] answer() {
      return headerSent ? encode(protocol) : encode(HEADER, protocol);
    }
  }

  private static Agreed agree(InputStream in, OutputStream out, Predicate<String> spoken)
      throws IOException {
    // A dialer may wait for our header before it says anything; otherwise the header waits for the
    // first answer, to save a packet.
    boolean headerSent = false;
    if (in.available() == 0) {
      out.write(encode(HEADER));
      headerSent = true;
    }
    expectHeader(in);
    for (int i = 0; i < PROPOSALS_MAX; i++) {
      if (!headerSent && in.available() == 0) {
        out.write(encode(HEADER));
        headerSent = true;
      }
      String proposal = readProposal(in, i);
      if (spoken.test(proposal)) {
        return new Agreed(proposal, headerSent);
      }
      out.write(headerSent ? encode(NOT_AVAILABLE) : encode(HEADER, NOT_AVAILABLE));
      headerSent = true;
    }
    throw new NoProtocolException("the peer proposed more than " + PROPOSALS_MAX + " protocols");
  }

  /// [#handle(InputStream, OutputStream, Predicate)] for a fixed list.
  public static String handle(InputStream in, OutputStream out, List<String> spoken)
      throws IOException {
    return handle(in, out, spoken::contains);
  }

  private static String readProposal(InputStream in, int refused) throws IOException {
    try {
      return readLine(in);
    } catch (EOFException e) {
      if (refused == 0) {
        throw e;
      }
      NoProtocolException none = new NoProtocolException("the peer found no protocol here");
      none.initCause(e);
      throw none;
    }
  }

  private static void expectHeader(InputStream in) throws IOException {
    String line = readLine(in);
    if (!line.equals(HEADER)) {
      throw new ProtocolException("multistream: got " + shown(line) + " for a header");
    }
  }

  private static String readLine(InputStream in) throws IOException {
    long length;
    try {
      length = Varint.read(in);
    } catch (MalformedException e) {
      throw malformed(e);
    }
    if (length < 1 || length > LINE_BYTES_MAX) {
      throw new ProtocolException("multistream: a line of " + length + " bytes");
    }
    byte[] line = in.readNBytes((int) length);
    if (line.length < length) {
      throw new EOFException("multistream: the stream ended inside a line");
    }
    int last = line.length - 1;
    if (line[last] != '\n') {
      throw new ProtocolException("multistream: a line without its newline");
    }
    return new String(line, 0, last, StandardCharsets.UTF_8);
  }

  private static ProtocolException malformed(MalformedException cause) {
    ProtocolException malformed = new ProtocolException("multistream: " + cause.getMessage());
    malformed.initCause(cause);
    return malformed;
  }

  private static byte[] encode(String... lines) {
    byte[] target = new byte[lines.length * (LINE_BYTES_MAX + 2)];
    int at = 0;
    for (String line : lines) {
      byte[] text = line.getBytes(StandardCharsets.UTF_8);
      if (text.length + 1 > LINE_BYTES_MAX || line.indexOf('\n') >= 0) {
        throw new IllegalArgumentException("not a protocol name: " + shown(line));
      }
      at = Varint.write(text.length + 1L, target, at);
      System.arraycopy(text, 0, target, at, text.length);
      at += text.length;
      target[at++] = '\n';
    }
    return Arrays.copyOf(target, at);
  }

  /// A line of the peer's, short and printable enough for a message.
  private static String shown(String line) {
    String printable = line.replaceAll("[^\\x20-\\x7e]", "?");
    return printable.length() > 64 ? printable.substring(0, 64) + "..." : printable;
  }
}
