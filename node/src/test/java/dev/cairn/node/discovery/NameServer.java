package dev.cairn.node.discovery;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A DNS server on loopback that knows what it is told. Answers TXT and A questions.
final class NameServer implements AutoCloseable {

  private static final int TYPE_A = 1;
  private static final int TYPE_TXT = 16;

  private final DatagramSocket socket;
  private final Map<String, List<String>> texts = new ConcurrentHashMap<>();
  private final Map<String, List<String>> hosts = new ConcurrentHashMap<>();
  final AtomicInteger asked = new AtomicInteger();

  NameServer() throws IOException {
    socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    Thread.ofVirtual().start(this::serve);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  void text(String name, String... strings) {
    texts.put(name, List.of(strings));
  }

  void host(String name, String... ips) {
    hosts.put(name, List.of(ips));
  }

  private void serve() {
    byte[] buffer = new byte[1_500];
    while (!socket.isClosed()) {
      try {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        asked.incrementAndGet();
        byte[] answer = answer(ByteBuffer.wrap(buffer, 0, packet.getLength()));
        socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      } catch (IOException e) {
        // Closed.
      }
    }
  }

  private byte[] answer(ByteBuffer question) {
    short id = question.getShort();
    question.position(12);
    StringBuilder name = new StringBuilder();
    for (int length = question.get(); length > 0; length = question.get()) {
      byte[] label = new byte[length];
      question.get(label);
      name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.UTF_8));
    }
    int type = question.getShort();
    question.getShort();
    byte[] asked = new byte[question.position() - 12];
    question.get(12, asked);
    boolean known = texts.containsKey(name.toString()) || hosts.containsKey(name.toString());
    List<String> values =
        switch (type) {
          case TYPE_TXT -> texts.getOrDefault(name.toString(), List.of());
          case TYPE_A -> hosts.getOrDefault(name.toString(), List.of());
          default -> List.of();
        };
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    u16(out, id);
    u16(out, known ? 0x8580 : 0x8583);
    u16(out, 1);
    u16(out, values.size());
    u16(out, 0);
    u16(out, 0);
    out.writeBytes(asked);
    for (String value : values) {
      u16(out, 0xC00C);
      u16(out, type);
      u16(out, 1);
      u16(out, 0);
      u16(out, 60);
      byte[] data = type == TYPE_A ? InetAddress.ofLiteral(value).getAddress() : strings(value);
      u16(out, data.length);
      out.writeBytes(data);
    }
    return out.toByteArray();
  }

  /// Pieces of at most 100 bytes, as servers split what is long.
  private static byte[] strings(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] all = text.getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at < all.length; at += 100) {
      int length = Math.min(100, all.length - at);
      out.write(length);
      out.write(all, at, length);
    }
    return out.toByteArray();
  }

  private static void u16(ByteArrayOutputStream out, int value) {
    out.write(value >>> 8);
    out.write(value);
  }

  @Override
  public void close() {
    socket.close();
  }
}
