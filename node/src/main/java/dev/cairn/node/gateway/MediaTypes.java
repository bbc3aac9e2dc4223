package dev.cairn.node.gateway;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What kind of content a file is: by the ending of its name, else by its first bytes. A browser is
/// told not to guess further (`nosniff`).
final class MediaTypes {

  /// First bytes that are looked at.
  static final int SNIFFED_BYTES = 512;

  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String HTML = "text/html; charset=utf-8";
  private static final String SVG = "image/svg+xml";
  private static final String BINARY = "application/octet-stream";

  private static final Map<String, String> BY_ENDING =
      Map.ofEntries(
          Map.entry("html", HTML),
          Map.entry("htm", HTML),
          Map.entry("xhtml", "application/xhtml+xml"),
          Map.entry("css", "text/css; charset=utf-8"),
          Map.entry("js", "text/javascript; charset=utf-8"),
          Map.entry("mjs", "text/javascript; charset=utf-8"),
          Map.entry("json", "application/json"),
          Map.entry("xml", "application/xml"),
          Map.entry("txt", TEXT),
          Map.entry("md", "text/markdown; charset=utf-8"),
          Map.entry("csv", "text/csv; charset=utf-8"),
          Map.entry("toml", TEXT),
          Map.entry("yaml", TEXT),
          Map.entry("yml", TEXT),
          Map.entry("log", TEXT),
          Map.entry("java", TEXT),
          Map.entry("svg", SVG),
          Map.entry("png", "image/png"),
          Map.entry("jpg", "image/jpeg"),
          Map.entry("jpeg", "image/jpeg"),
          Map.entry("gif", "image/gif"),
          Map.entry("webp", "image/webp"),
          Map.entry("avif", "image/avif"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("bmp", "image/bmp"),
          Map.entry("mp3", "audio/mpeg"),
          Map.entry("ogg", "audio/ogg"),
          Map.entry("flac", "audio/flac"),
          Map.entry("wav", "audio/wav"),
          Map.entry("mp4", "video/mp4"),
          Map.entry("webm", "video/webm"),
          Map.entry("mov", "video/quicktime"),
          Map.entry("woff", "font/woff"),
          Map.entry("woff2", "font/woff2"),
          Map.entry("ttf", "font/ttf"),
          Map.entry("otf", "font/otf"),
          Map.entry("pdf", "application/pdf"),
          Map.entry("zip", "application/zip"),
          Map.entry("gz", "application/gzip"),
          Map.entry("xz", "application/x-xz"),
          Map.entry("tar", "application/x-tar"),
          Map.entry("wasm", "application/wasm"),
          Map.entry("epub", "application/epub+zip"),
          Map.entry("car", "application/vnd.ipld.car"));

  private MediaTypes() {}

  /// @param name the file's, or empty
  /// @param start its first bytes, at most [#SNIFFED_BYTES]
  static String of(String name, byte[] start) {
    return byName(name).orElseGet(() -> sniff(start));
  }

  private static Optional<String> byName(String name) {
    int dot = name.lastIndexOf('.');
    return dot < 0
        ? Optional.empty()
        : Optional.ofNullable(BY_ENDING.get(name.substring(dot + 1).toLowerCase(Locale.ROOT)));
  }

  /// Whether a browser may run something of it, so that it has to be kept apart from this origin.
  static boolean isActive(String type) {
    return type.equals(HTML) || type.equals(SVG) || type.contains("xml");
  }

  private static String sniff(byte[] start) {
    String latin = new String(start, StandardCharsets.ISO_8859_1);
    if (latin.startsWith("\u0089PNG\r\n\u001a\n")) {
      return "image/png";
    }
    if (latin.startsWith("\u00ff\u00d8\u00ff")) {
      return "image/jpeg";
    }
    if (latin.startsWith("GIF87a") || latin.startsWith("GIF89a")) {
      return "image/gif";
    }
    if (latin.startsWith("RIFF") && latin.startsWith("WEBP", 8)) {
      return "image/webp";
    }
    if (latin.startsWith("RIFF") && latin.startsWith("WAVE", 8)) {
      return "audio/wav";
    }
    if (latin.startsWith("ftyp", 4)) {
      return "video/mp4";
    }
    if (latin.startsWith("\u001aE\u00df\u00a3")) {
      return "video/webm";
    }
    return sniffDocument(latin, start);
  }

  private static String sniffDocument(String latin, byte[] start) {
    if (latin.startsWith("%PDF-")) {
      return "application/pdf";
    }
    if (latin.startsWith("PK\u0003\u0004")) {
      return "application/zip";
    }
    if (latin.startsWith("\u001f\u008b")) {
      return "application/gzip";
    }
    if (latin.startsWith("\0asm")) {
      return "application/wasm";
    }
    if (!isText(start)) {
      return BINARY;
    }
    String lower = latin.strip().toLowerCase(Locale.ROOT);
    if (lower.startsWith("<!doctype html") || lower.startsWith("<html")) {
      return HTML;
    }
    boolean svg = lower.startsWith("<svg") || lower.startsWith("<?xml") && lower.contains("<svg");
    return svg ? SVG : TEXT;
  }

  /// Whether it begins with UTF-8 that has no control characters but those of plain text. The last
  /// character may be cut.
  private static boolean isText(byte[] start) {
    for (byte b : start) {
      if (b >= 0 && b < 0x20 && b != '\t' && b != '\n' && b != '\r' && b != '\f' && b != 0x1b) {
        return false;
      }
    }
    CharBuffer out = CharBuffer.allocate(start.length + 1);
    CoderResult result =
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(start), out, false);
    return !result.isError();
  }
}
