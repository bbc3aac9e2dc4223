package dev.cairn.files.send;

import java.time.Duration;

/// The limits of sending.
///
/// @param offersMax offers that are remembered, of each direction; of those received, finished ones
///   make room for new ones, oldest first
/// @param offersPerPeerMax offers from one peer that are not decided or not fetched yet
/// @param lifetime after which an offer that is not decided, or cannot be fetched, is given up
/// @param remembered how long one that is over can still be asked about
/// @param fetchesMax fetched at once
/// @param retryMin the first wait after a failure; it doubles each time
/// @param retryMax the longest wait between two tries
/// @param reportEvery how often the sender is told of progress
public record SendParams(
    int offersMax,
    int offersPerPeerMax,
    Duration lifetime,
    Duration remembered,
    int fetchesMax,
    Duration retryMin,
    Duration retryMax,
    Duration reportEvery) {

  public static final SendParams STANDARD =
      new SendParams(
          256,
          16,
          Duration.ofDays(7),
          Duration.ofDays(7),
          4,
          Duration.ofSeconds(1),
          Duration.ofMinutes(1),
          Duration.ofSeconds(1));
}
