package dev.cairn.files.send;

import dev.cairn.libp2p.peer.PeerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The offers that this peer was made and what became of them: no threads, no clock, no disk.
///
/// Owner: [Inbox], under its lock.
final class InboxBook {

  private final InboxRules rules;
  private final SendParams params;
  private final Map<String, InboxOffer> offers = new LinkedHashMap<>();

  InboxBook(InboxRules rules, SendParams params, Collection<InboxOffer> restored) {
    this.rules = rules;
    this.params = params;
    restored.forEach(o -> offers.put(o.key(), o));
  }

  List<InboxOffer> all() {
    return List.copyOf(offers.values());
  }

  Optional<InboxOffer> get(String key) {
    return Optional.ofNullable(offers.get(key));
  }

  /// Takes an offer, or the repetition of one: the same id from the same peer never becomes two,
  /// and one that was decided stays so.
  ///
  /// @param used bytes in the inbox's folder
  /// @return what to answer
  OfferStatus offered(PeerId from, Offer offer, long used, long nowMillis) {
    InboxOffer known = offers.get(InboxOffer.key(from, offer.id()));
    if (known != null) {
      return known.offer().equals(offer)
          ? known.status()
          : OfferStatus.refused("an offer with this id was something else");
    }
    long open = offers.values().stream().filter(o -> o.from().equals(from) && isOpen(o)).count();
    if (open >= params.offersPerPeerMax()) {
      return OfferStatus.refused("too many offers of yours wait here; try again later");
    }
    OfferStatus status = rules.decide(from, offer, used + promised());
    if (status.state() == OfferState.REFUSED) {
      return status; // nothing to remember: the same offer is decided alike
    }
    if (!makeRoom()) {
      return OfferStatus.refused("too many offers wait here; try again later");
    }
    InboxOffer entry = new InboxOffer(from, offer, status, nowMillis, nowMillis, "");
    offers.put(entry.key(), entry);
    return status;
  }

  /// Whether an offer is new and would be taken without asking if there is room.
  boolean mayTake(PeerId from, Offer offer) {
    return !offers.containsKey(InboxOffer.key(from, offer.id()))
        && rules.decide(from, offer, 0).state() == OfferState.ACCEPTED;
  }

  private static boolean isOpen(InboxOffer offer) {
    return !offer.status().state().last();
  }

  /// Bytes that were accepted and are not in the folder yet.
  private long promised() {
    return offers.values().stream()
        .filter(o -> o.status().state() == OfferState.ACCEPTED)
        .mapToLong(o -> o.offer().size())
        .sum();
  }

  private boolean makeRoom() {
    if (offers.size() < params.offersMax()) {
      return true;
    }
    Optional<InboxOffer> oldest =
        offers.values().stream()
            .filter(o -> !isOpen(o))
            .min(Comparator.comparingLong(InboxOffer::changedMillis));
    oldest.ifPresent(o -> offers.remove(o.key()));
    return oldest.isPresent();
  }

  /// A person takes an offer that waits.
  ///
  /// @return why it cannot be taken; empty when it is
  Optional<String> accept(String key, long used, long nowMillis) {
    InboxOffer offer = offers.get(key);
    if (offer == null) {
      return Optional.of("there is no offer " + key);
    }
    if (offer.status().state() == OfferState.ACCEPTED) {
      return Optional.empty();
    }
    if (offer.status().state() != OfferState.WAITING) {
      return Optional.of("the offer " + key + " is " + word(offer) + " already");
    }
    if (!rules.fits(offer.offer(), used + promised())) {
      return Optional.of("the inbox is full: make room in it or raise inbox_quota");
    }
    offers.put(key, offer.with(OfferStatus.of(OfferState.ACCEPTED), nowMillis));
    return Optional.empty();
  }

  /// A person refuses an offer that waits, or one that is being fetched.
  ///
  /// @return why it cannot be refused; empty when it is
  Optional<String> refuse(String key, String reason, long nowMillis) {
    InboxOffer offer = offers.get(key);
    if (offer == null) {
      return Optional.of("there is no offer " + key);
    }
    if (!isOpen(offer)) {
      return Optional.of("the offer " + key + " is " + word(offer) + " already");
    }
    offers.put(key, offer.with(OfferStatus.refused(reason), nowMillis));
    return Optional.empty();
  }

  private static String word(InboxOffer offer) {
    return offer.status().state().name().toLowerCase(java.util.Locale.ROOT);
  }

  /// Changes an offer that is being fetched; nothing when it no longer is.
  Optional<InboxOffer> progress(String key, long bytes, long nowMillis) {
    return change(key, o -> o.with(o.status().withBytes(bytes), nowMillis));
  }

  Optional<InboxOffer> finished(String key, String path, long nowMillis) {
    return change(key, o -> o.finished(path, nowMillis));
  }

  Optional<InboxOffer> failed(String key, String why, long nowMillis) {
    return change(key, o -> o.with(o.status().failed(why), nowMillis));
  }

  private Optional<InboxOffer> change(
      String key, java.util.function.UnaryOperator<InboxOffer> change) {
    InboxOffer offer = offers.get(key);
    if (offer == null || offer.status().state() != OfferState.ACCEPTED) {
      return Optional.empty();
    }
    InboxOffer next = change.apply(offer);
    offers.put(key, next);
    return Optional.of(next);
  }

  /// The sender takes its offer back.
  boolean withdrawn(PeerId from, String id, long nowMillis) {
    InboxOffer offer = offers.get(InboxOffer.key(from, id));
    if (offer == null || !isOpen(offer)) {
      return false;
    }
    offers.put(offer.key(), offer.with(offer.status().with(OfferState.WITHDRAWN), nowMillis));
    return true;
  }

  /// Gives up what has waited too long, and forgets what has long been over.
  ///
  /// @return whether anything changed
  boolean expire(long nowMillis) {
    boolean changed = false;
    for (InboxOffer offer : new ArrayList<>(offers.values())) {
      long age = nowMillis - offer.changedMillis();
      if (isOpen(offer) && age > params.lifetime().toMillis()) {
        offers.put(offer.key(), offer.with(offer.status().failed("it expired"), nowMillis));
        changed = true;
      } else if (!isOpen(offer) && age > params.remembered().toMillis()) {
        offers.remove(offer.key());
        changed = true;
      }
    }
    return changed;
  }
}
