package dev.cairn.core.presence;

import java.util.Set;
import org.apache.tuweni.bytes.Bytes;

/// What happens to [Presence].
public sealed interface PresenceInput {

  /// A heartbeat of another node; each is answered by one [PresenceEffect.Report].
  record Heard(long token, Heartbeat heartbeat) implements PresenceInput {}

  /// How things are around this node; said again from time to time.
  ///
  /// @param validators the keys of the present epoch's set
  /// @param audience whether any other node of the chain is connected that hears heartbeats
  /// @param decisive whether this node's key alone holds a quorum, so that it needs nobody to go on
  record Around(Set<Bytes> validators, boolean audience, boolean decisive)
      implements PresenceInput {
    public Around {
      validators = Set.copyOf(validators);
    }
  }
}
