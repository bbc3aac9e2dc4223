package dev.cairn.core.light;

import dev.cairn.core.block.Header;
import dev.cairn.core.state.ValidatorEntry;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// The last block of an epoch, which names the next epoch's validators. A claim until a
/// [LightClient] has checked it.
///
/// @param certificate of this very block: the last one of an epoch always has its own
/// @param next the next epoch's validators, ascending by key; empty when they are this epoch's
public record EpochEnd(Header header, Bytes certificate, Optional<List<ValidatorEntry>> next) {

  public EpochEnd {
    next = next.map(List::copyOf);
  }
}
