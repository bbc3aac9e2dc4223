package dev.cairn.libp2p.kad;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// How a DHT behaves. Every count has its limit here or in one of the parts.
///
/// @param protocol the id of the protocol: peers that speak another one are in another DHT
/// @param mode whether this node serves others
/// @param refresh how often the own neighbourhood, and buckets that nobody looked into, are looked
///   up again
/// @param validators for each namespace who may put what there; records of others are refused
public record KadParams(
    String protocol,
    KadMode mode,
    TableParams table,
    LookupParams lookup,
    StoreParams store,
    Duration refresh,
    Map<String, RecordValidator> validators) {

  /// Cairn's own DHT.
  public static final String CAIRN_PROTOCOL = "/cairn/kad/1.0.0";

  /// The public DHT of IPFS.
  public static final String IPFS_PROTOCOL = "/ipfs/kad/1.0.0";

  public static final KadParams STANDARD =
      new KadParams(
          CAIRN_PROTOCOL,
          KadMode.SERVER,
          TableParams.STANDARD,
          LookupParams.STANDARD,
          StoreParams.STANDARD,
          Duration.ofMinutes(10),
          Map.of(
              PublicKeyRecords.NAMESPACE,
              new PublicKeyRecords(),
              SignedRecords.NAMESPACE,
              new SignedRecords()));

  public KadParams {
    validators = Collections.unmodifiableMap(new TreeMap<>(validators));
  }

  /// For the public DHT of IPFS, as a client.
  public static KadParams ipfsClient() {
    return STANDARD.withProtocol(IPFS_PROTOCOL).withMode(KadMode.CLIENT);
  }

  public KadParams withProtocol(String id) {
    return new KadParams(id, mode, table, lookup, store, refresh, validators);
  }

  public KadParams withMode(KadMode other) {
    return new KadParams(protocol, other, table, lookup, store, refresh, validators);
  }

  public KadParams withTable(TableParams other) {
    return new KadParams(protocol, mode, other, lookup, store, refresh, validators);
  }

  public KadParams withLookup(LookupParams other) {
    return new KadParams(protocol, mode, table, other, store, refresh, validators);
  }

  public KadParams withStore(StoreParams other) {
    return new KadParams(protocol, mode, table, lookup, other, refresh, validators);
  }

  public KadParams withRefresh(Duration every) {
    return new KadParams(protocol, mode, table, lookup, store, every, validators);
  }
}
