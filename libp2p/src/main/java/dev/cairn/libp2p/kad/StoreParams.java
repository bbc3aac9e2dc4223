package dev.cairn.libp2p.kad;

import java.time.Duration;

/// What is kept for others, and for how long.
///
/// @param providersPerKeyMax providers of one key
/// @param providersPerKeyGroupMax of those, from one public network
/// @param providersMax provider records in all
/// @param providersPerSenderMax provider records of one provider
/// @param providersPerGroupMax provider records of one public network
/// @param providerTtl how long a provider record lasts
/// @param addressTtl how long the addresses in it do
/// @param republish how often what this node provides is told again
/// @param providedMax keys that this node provides
/// @param recordsMax value records in all
/// @param recordBytesMax bytes of their keys and values in all
/// @param recordsPerSenderMax value records that one peer has sent
/// @param recordsPerGroupMax value records that came from one public network
/// @param recordTtl how long a value record lasts
public record StoreParams(
    int providersPerKeyMax,
    int providersPerKeyGroupMax,
    int providersMax,
    int providersPerSenderMax,
    int providersPerGroupMax,
    Duration providerTtl,
    Duration addressTtl,
    Duration republish,
    int providedMax,
    int recordsMax,
    int recordBytesMax,
    int recordsPerSenderMax,
    int recordsPerGroupMax,
    Duration recordTtl) {

  public static final StoreParams STANDARD =
      new StoreParams(
          64,
          16,
          32_768,
          2_048,
          8_192,
          Duration.ofHours(48),
          Duration.ofHours(24),
          Duration.ofHours(22),
          16_384,
          4_096,
          16 << 20,
          256,
          1_024,
          Duration.ofHours(48));
}
