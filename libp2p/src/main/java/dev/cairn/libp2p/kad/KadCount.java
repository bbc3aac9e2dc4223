package dev.cairn.libp2p.kad;

import java.util.Locale;

/// What is counted, each since the start.
public enum KadCount {
  REQUESTS,
  REQUESTS_FAILED,
  REQUESTS_TIMED_OUT,
  ANSWERS_UNUSABLE,
  LOOKUPS,
  LOOKUPS_TIMED_OUT,
  LOOKUPS_REFUSED,
  QUESTIONS,
  QUESTIONS_REFUSED,
  QUESTIONS_DROPPED,
  MALFORMED,
  PROVIDERS_REFUSED,
  RECORDS_REFUSED,
  ANNOUNCED_REFUSED;

  /// The name in metrics, such as `requests_failed`.
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
