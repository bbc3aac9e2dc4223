package dev.cairn.libp2p.mdns;

import dev.cairn.multiformats.MalformedException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// As much of a DNS message (RFC 1035, RFC 6762) as discovery of peers needs: questions, and the
/// PTR and TXT records of all sections. Records of other types are checked for their length and
/// left out. Names are lower-case text with dots and no dot at the end.
///
/// @param response whether the message answers, rather than asks
/// @param answers the records of the answer and authority sections
/// @param additionals the records of the additional section
record DnsMessage(
    boolean response, List<Question> questions, List<Item> answers, List<Item> additionals) {

  static final int TYPE_PTR = 12;
  static final int TYPE_TXT = 16;
  static final int TYPE_ANY = 255;
  static final int CLASS_IN = 1;

  /// The largest message of multicast DNS (RFC 6762, section 17).
  static final int MESSAGE_BYTES_MAX = 9_000;

  /// More than the messages of a busy network hold; one with more is dropped whole.
  static final int QUESTIONS_MAX = 64;

  static final int RECORDS_MAX = 256;
  static final int TXT_STRINGS_MAX = 256;
  static final int NAME_BYTES_MAX = 255;
  static final int LABEL_BYTES_MAX = 63;
  static final int STRING_BYTES_MAX = 255;

  private static final int HEADER_BYTES = 12;
  private static final int FLAG_RESPONSE = 0x8000;
  private static final int FLAG_AUTHORITATIVE = 0x0400;
  private static final int OPCODE_AND_RCODE = 0x780F;

  /// The top bit of a class: in a question "answer me alone", in a record "replaces what you know".
  private static final int CLASS_BITS = 0x7FFF;

  /// @param name what is asked about
  record Question(String name, int type) {}

  /// A record that was understood.
  sealed interface Item {
    String name();

    int ttlSeconds();
  }

  /// "At this name there is that one."
  record Pointer(String name, int ttlSeconds, String target) implements Item {}

  /// Strings of at most 255 bytes each.
  record Text(String name, int ttlSeconds, List<String> strings) implements Item {
    Text {
      strings = List.copyOf(strings);
    }
  }

  DnsMessage {
    questions = List.copyOf(questions);
    answers = List.copyOf(answers);
    additionals = List.copyOf(additionals);
  }

  /// @throws MalformedException for anything that is not a whole DNS message within the limits
  static DnsMessage decode(byte[] data, int length) {
    if (length > MESSAGE_BYTES_MAX) {
      throw new MalformedException("DNS message of " + length + " bytes");
    }
    return new Decoder(data, length).message();
  }

  byte[] encode() {
    Encoder encoder = new Encoder();
    encoder.u16(0);
    encoder.u16(response ? FLAG_RESPONSE | FLAG_AUTHORITATIVE : 0);
    encoder.u16(questions.size());
    encoder.u16(answers.size());
    encoder.u16(0);
    encoder.u16(additionals.size());
    for (Question question : questions) {
      encoder.name(question.name());
      encoder.u16(question.type());
      encoder.u16(CLASS_IN);
    }
    answers.forEach(encoder::item);
    additionals.forEach(encoder::item);
    return encoder.out.toByteArray();
  }

  private static final class Encoder {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(512);

    void u16(int value) {
      out.write(value >>> 8);
      out.write(value);
    }

    void name(String name) {
      for (String label : name.split("\\.", -1)) {
        string(label, LABEL_BYTES_MAX);
      }
      out.write(0);
    }

    void string(String text, int max) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      if (bytes.length > max) {
        throw new IllegalArgumentException("DNS string of " + bytes.length + " bytes");
      }
      out.write(bytes.length);
      out.writeBytes(bytes);
    }

    void item(Item item) {
      Encoder data = new Encoder();
      name(item.name());
      switch (item) {
        case Pointer pointer -> {
          u16(TYPE_PTR);
          data.name(pointer.target());
        }
        case Text text -> {
          u16(TYPE_TXT);
          text.strings().forEach(string -> data.string(string, STRING_BYTES_MAX));
        }
      }
      u16(CLASS_IN);
      u16(item.ttlSeconds() >>> 16);
      u16(item.ttlSeconds());
      u16(data.out.size());
      out.writeBytes(data.out.toByteArray());
    }
  }

  private static final class Decoder {
    private final byte[] data;
    private final int end;
    private int position;

    Decoder(byte[] data, int length) {
      this.data = data;
      this.end = length;
    }

    DnsMessage message() {
      require(HEADER_BYTES);
      position = 2;
      int flags = u16();
      if ((flags & OPCODE_AND_RCODE) != 0) {
        throw new MalformedException("DNS message that is no query or answer");
      }
      int questionCount = limited(u16(), QUESTIONS_MAX);
      int answerCount = limited(u16() + u16(), RECORDS_MAX);
      int additionalCount = limited(u16(), RECORDS_MAX);
      List<Question> questions = new ArrayList<>();
      for (int i = 0; i < questionCount; i++) {
        question(questions);
      }
      List<Item> answers = items(answerCount);
      List<Item> additionals = items(additionalCount);
      return new DnsMessage((flags & FLAG_RESPONSE) != 0, questions, answers, additionals);
    }

    private List<Item> items(int count) {
      List<Item> records = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        item(records);
      }
      return records;
    }

    private static int limited(int count, int max) {
      if (count > max) {
        throw new MalformedException("DNS message with " + count + " entries");
      }
      return count;
    }

    private void question(List<Question> questions) {
      String name = name();
      int type = u16();
      if ((u16() & CLASS_BITS) == CLASS_IN) {
        questions.add(new Question(name, type));
      }
    }

    private void item(List<Item> records) {
      String name = name();
      int type = u16();
      boolean internet = (u16() & CLASS_BITS) == CLASS_IN;
      int ttl = (u16() & 0x7FFF) << 16 | u16();
      int length = u16();
      require(length);
      int after = position + length;
      if (internet && type == TYPE_PTR) {
        records.add(new Pointer(name, ttl, name()));
      } else if (internet && type == TYPE_TXT) {
        records.add(new Text(name, ttl, strings(after)));
      } else {
        position = after;
      }
      if (position != after) {
        throw new MalformedException("DNS record whose length is wrong");
      }
    }

    private List<String> strings(int after) {
      List<String> strings = new ArrayList<>();
      while (position < after) {
        int length = u8();
        if (length > after - position || strings.size() >= TXT_STRINGS_MAX) {
          throw new MalformedException("DNS text that does not fit its record");
        }
        strings.add(new String(data, position, length, StandardCharsets.UTF_8));
        position += length;
      }
      return strings;
    }

    /// Reads a name that may end in a pointer to an earlier place (RFC 1035, section 4.1.4). Each
    /// pointer has to lead further back, so that no chain of them goes round.
    private String name() {
      StringBuilder name = new StringBuilder();
      int at = position;
      int before = position;
      boolean jumped = false;
      while (true) {
        int length = byteAt(at++);
        if ((length & 0xC0) == 0xC0) {
          int target = (length & 0x3F) << 8 | byteAt(at++);
          if (!jumped) {
            position = at;
            jumped = true;
          }
          if (target >= before) {
            throw new MalformedException("DNS name that points forward");
          }
          at = target;
          before = target;
          continue;
        }
        if (length > LABEL_BYTES_MAX) {
          throw new MalformedException("DNS label of an unknown kind");
        }
        if (length == 0) {
          break;
        }
        label(name, at, length);
        at += length;
      }
      if (!jumped) {
        position = at;
      }
      return name.toString().toLowerCase(Locale.ROOT);
    }

    private void label(StringBuilder name, int at, int length) {
      if (length > end - at || name.length() + length + 1 > NAME_BYTES_MAX) {
        throw new MalformedException("DNS name that is too long");
      }
      if (!name.isEmpty()) {
        name.append('.');
      }
      name.append(new String(data, at, length, StandardCharsets.UTF_8));
    }

    private int byteAt(int at) {
      if (at >= end) {
        throw new MalformedException("DNS message is cut short");
      }
      return data[at] & 0xFF;
    }

    private int u8() {
      return byteAt(position++);
    }

    private int u16() {
      return u8() << 8 | u8();
    }

    private void require(int bytes) {
      if (bytes > end - position) {
        throw new MalformedException("DNS message is cut short");
      }
    }
  }
}
