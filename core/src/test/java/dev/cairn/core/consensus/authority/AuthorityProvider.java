package dev.cairn.core.consensus.authority;

import dev.cairn.core.chainspec.ChainSpecException;
import dev.cairn.core.chainspec.SpecTable;
import dev.cairn.core.consensus.EngineProvider;
import dev.cairn.multiformats.Hex;
import dev.cairn.multiformats.MalformedException;
import java.util.ArrayList;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/// Reads what a chain spec says of proof of authority. In a jar of its own a provider is public.
final class AuthorityProvider implements EngineProvider {

  @Override
  public String name() {
    return AuthorityParams.NAME;
  }

  @Override
  public AuthorityParams read(SpecTable table) {
    List<Bytes> keys = new ArrayList<>();
    for (String key : table.texts("authorities")) {
      try {
        keys.add(Bytes.wrap(Hex.decode(key)));
      } catch (MalformedException e) {
        throw new ChainSpecException("chain spec: not an authority's key: " + key);
      }
    }
    return new AuthorityParams(table.integer("longest-silence-ms"), keys);
  }
}
