package dev.cairn.node.gateway;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// In what form content is wanted: as a file or page, as one block, or as a CAR.
///
/// @param kind what to send
/// @param negotiated whether the `Accept` header decided, so that caches must know
record Format(Kind kind, boolean negotiated) {

  enum Kind {
    /// Files as they are, folders as a page.
    FILE,
    RAW,
    CAR
  }

  static final String RAW_TYPE = "application/vnd.ipld.raw";
  static final String CAR_TYPE = "application/vnd.ipld.car";

  /// Formats of the specification that this gateway does not make.
  private static final List<String> OTHERS =
      List.of(
          "application/x-tar",
          "application/vnd.ipld.dag-json",
          "application/vnd.ipld.dag-cbor",
          "application/vnd.ipfs.ipns-record");

  private static final Map<String, String> NONE = Map.of();

  private record Wanted(String type, Map<String, String> params, double weight) {}

  /// What the query's `format` says, else the `Accept` header (trustless gateway specification).
  ///
  /// @param query gives the value of a parameter of the query
  /// @throws GatewayException 400 for a format that is unknown, or a CAR of a version, order or
  ///   parameter that is unknown; 406 for known formats and variants that are not made here
  static Format of(Function<String, Optional<String>> query, List<String> accept) {
    List<Wanted> wanted = parse(accept);
    Optional<String> format = query.apply("format");
    if (format.isPresent()) {
      return switch (format.get()) {
        case "raw" -> new Format(Kind.RAW, false);
        case "car" -> car(query, wanted);
        case "tar", "dag-json", "dag-cbor", "json", "cbor", "ipns-record" ->
            throw new GatewayException(406, "this gateway makes the formats raw and car");
        default -> throw new GatewayException(400, "format is raw or car");
      };
    }
    Optional<GatewayException> refusal = Optional.empty();
    for (Wanted one : wanted) {
      switch (one.type()) {
        case RAW_TYPE -> {
          return new Format(Kind.RAW, true);
        }
        case CAR_TYPE -> {
          Optional<GatewayException> refused = refusal(query, one.params());
          if (refused.isEmpty()) {
            return new Format(Kind.CAR, true);
          }
          refusal = refusal.or(() -> refused); // another that is wanted less may do
        }
        case "*/*", "text/html" -> {
          return new Format(Kind.FILE, false);
        }
        default -> {
          if (wanted.size() == 1 && OTHERS.contains(one.type())) {
            throw new GatewayException(406, "this gateway makes " + RAW_TYPE + " and " + CAR_TYPE);
          }
        }
      }
    }
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    return new Format(Kind.FILE, false);
  }

  /// The first of the variants that can be made; without any, the one made unless said.
  private static Format car(Function<String, Optional<String>> query, List<Wanted> wanted) {
    List<Map<String, String>> variants =
        wanted.stream().filter(w -> w.type().equals(CAR_TYPE)).map(Wanted::params).toList();
    Optional<GatewayException> refusal = Optional.empty();
    for (Map<String, String> variant : variants.isEmpty() ? List.of(NONE) : variants) {
      Optional<GatewayException> refused = refusal(query, variant);
      if (refused.isEmpty()) {
        return new Format(Kind.CAR, false);
      }
      refusal = refusal.or(() -> refused);
    }
    throw refusal.orElseThrow();
  }

  /// Why a variant of a CAR is not made here. Repeated blocks are not: a DAG of a few blocks can
  /// repeat them for ever (IPIP-412 allows a 406 for that).
  private static Optional<GatewayException> refusal(
      Function<String, Optional<String>> query, Map<String, String> params) {
    String version = query.apply("car-version").orElse(params.getOrDefault("version", "1"));
    String order = query.apply("car-order").orElse(params.getOrDefault("order", "dfs"));
    String dups = query.apply("car-dups").orElse(params.getOrDefault("dups", "n"));
    if (!version.equals("1")
        || !order.equals("dfs") && !order.equals("unk")
        || !dups.equals("y") && !dups.equals("n")) {
      return Optional.of(
          new GatewayException(400, "a CAR is version=1, order=dfs or unk, dups=y or n"));
    }
    if (dups.equals("y")) {
      return Optional.of(
          new GatewayException(406, "this gateway sends each block once: ask for dups=n"));
    }
    return Optional.empty();
  }

  /// The types of an `Accept` header, the one wanted most first.
  private static List<Wanted> parse(List<String> accept) {
    List<Wanted> wanted = new ArrayList<>();
    for (String header : accept) {
      for (String item : header.split(",", 64)) {
        String[] parts = item.split(";", 16);
        Map<String, String> params = new HashMap<>();
        for (int i = 1; i < parts.length; i++) {
          String[] pair = parts[i].split("=", 2);
          if (pair.length == 2) {
            String value = pair[1].strip().replace("\"", "");
            params.put(pair[0].strip().toLowerCase(Locale.ROOT), value);
          }
        }
        double weight = weight(params.getOrDefault("q", "1"));
        if (weight > 0) {
          wanted.add(new Wanted(parts[0].strip().toLowerCase(Locale.ROOT), params, weight));
        }
      }
    }
    wanted.sort(Comparator.comparingDouble((Wanted w) -> -w.weight()));
    return wanted;
  }

  private static double weight(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
