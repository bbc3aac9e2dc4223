package dev.cairn.files.send;

import dev.cairn.libp2p.peer.PeerId;
import java.util.Set;

/// What happens to an offer before anyone is asked.
///
/// @param accept what is done with an offer that fits
/// @param allowed the peers whose offers are taken without asking
/// @param sizeMax bytes of one offer; a larger one is refused, whoever sends it
/// @param quotaBytes bytes of the whole inbox, with what was accepted and is not here yet
public record InboxRules(Accept accept, Set<PeerId> allowed, long sizeMax, long quotaBytes) {

  /// What to do with offers.
  public enum Accept {
    /// Those of allowed peers are taken, of others a person decides.
    ASK,
    /// Those of allowed peers are taken, others refused.
    ALLOWED,
    /// All are taken.
    ALL,
    /// All are refused.
    NONE
  }

  public InboxRules {
    allowed = Set.copyOf(allowed);
  }

  /// Decides on an offer.
  ///
  /// @param used bytes in the inbox, with those that were accepted and are not here yet
  public OfferStatus decide(PeerId from, Offer offer, long used) {
    boolean known = allowed.contains(from);
    if (accept == Accept.NONE || accept == Accept.ALLOWED && !known) {
      return OfferStatus.refused(
          accept == Accept.NONE
              ? "this peer takes nothing"
              : "this peer takes files only from peers that it has listed");
    }
    if (offer.size() > sizeMax) {
      return OfferStatus.refused(
          "it has " + offer.size() + " bytes, and at most " + sizeMax + " are taken");
    }
    if (known || accept == Accept.ALL) {
      return fits(offer, used)
          ? OfferStatus.of(OfferState.ACCEPTED)
          : OfferStatus.refused("the inbox is full");
    }
    return OfferStatus.of(OfferState.WAITING);
  }

  boolean fits(Offer offer, long used) {
    return offer.size() <= quotaBytes - Math.min(used, quotaBytes);
  }
}
