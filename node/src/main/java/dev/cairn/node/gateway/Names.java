package dev.cairn.node.gateway;

import dev.cairn.multiformats.Cid;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// Records of the chain, as `/names/OWNER/NAME` shows them.
@FunctionalInterface
public interface Names {

  /// What a record says in the newest final state.
  sealed interface Named {

    /// @param version the record's
    record Link(Cid cid, long version) implements Named {}

    record Value(Bytes bytes, long version) implements Named {}
  }

  /// @param version an earlier one; 0 for the latest
  /// @return empty when there is none, or it was deleted
  /// @throws dev.cairn.multiformats.MalformedException when owner or name are none
  Optional<Named> find(String owner, String name, long version);
}
