package dev.cairn.core.consensus.authority;

import dev.cairn.core.Address;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.chainspec.ChainSpecException;
import dev.cairn.core.chainspec.ExtensionParams;
import dev.cairn.core.consensus.EngineParts;
import dev.cairn.core.ledger.ChainStore;
import dev.cairn.core.state.ValidatorEntry;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.multiformats.Hex;
import dev.cairn.multiformats.cbor.CborWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// Proof of authority in a chain spec: `["authority", longestSilence, [key, ...]]`, the keys
/// ascending. An authority's key is its account too.
///
/// @param silenceMillis after so long a block is made even with nothing to put into it
record AuthorityParams(long silenceMillis, List<Bytes> keys) implements ExtensionParams {

  static final String NAME = "authority";

  AuthorityParams {
    keys = keys.stream().sorted().toList();
    if (silenceMillis < 1 || keys.isEmpty() || keys.stream().distinct().count() < keys.size()) {
      throw new ChainSpecException("authorities are one or more, each listed once");
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<ValidatorEntry> validators() {
    return keys.stream().map(k -> new ValidatorEntry(k, Address.of(k.toArray()), 1)).toList();
  }

  /// `[account]`: nobody made the genesis block.
  @Override
  public Bytes genesisConsensus() {
    return Bytes.wrap(new CborWriter().array(1).bytes(new byte[Address.BYTES]).toBytes());
  }

  @Override
  public void write(CborWriter writer) {
    writer.array(3).text(NAME).uint(silenceMillis).array(keys.size());
    keys.forEach(key -> writer.bytes(key.toArrayUnsafe()));
  }

  @Override
  public Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("longest-silence-ms", silenceMillis);
    settings.put("authorities", keys.stream().map(k -> Hex.encode(k.toArrayUnsafe())).toList());
    return settings;
  }

  @Override
  public EngineParts engine(ChainSpec spec, ChainStore store, Optional<Ed25519Key> key) {
    AuthorityRules rules = new AuthorityRules(spec, validators(), silenceMillis);
    return new EngineParts(new AuthorityEngine(rules, key.orElse(null)), rules);
  }
}
